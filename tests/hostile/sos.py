"""Services that load speaks to: honest members of rooms, and one misbehaviour each."""

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import unquote

from tests.hostile import api
from tests.hostile.row import Row
from tests.hostile.service import NUMBERS, Service, Socket, opened
from tests.hostile.wire import Request, Wire, written


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def listed(members: list[str]) -> Any:
    return [{"socketId": sid, "userId": sid, "connectedAt": now()} for sid in members]


@dataclass(slots=True)
class Sos(Service):
    """The part of the SOS service that a chat needs."""

    roster: Callable[[list[str]], Any] = listed
    shake_later: Callable[[Wire, Request], Awaitable[None]] | None = None
    """What is done with handshakes once the first message was created; all sockets are closed then."""
    sids: dict[Socket, str] = field(default_factory=dict)
    stored: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    async def converse(self, socket: Socket) -> None:
        sid = self.sids[socket] = f"s{next(NUMBERS)}"
        self.connect = lambda one: one.wire.frame("40" + written({"sid": self.sids[one]}))
        try:
            await Service.converse(self, socket)
        finally:
            del self.sids[socket]
            assert sid

    async def heard(self, socket: Socket, packet: str) -> None:
        name, *args = json.loads(packet[packet.index("[") :])
        room = args[0].get("sosId")
        if name == "sos:room:join":
            socket.rooms.add(room)
        elif name == "participants:active:request":
            found = self.roster([self.sids[one] for one in self.members(room)])
            count = len(found) if isinstance(found, list) else 0
            answer = {"sosId": room, "participants": found, "count": count, "timestamp": int(time.time() * 1000)}
            ack = packet[: packet.index("[")]
            if ack:
                await socket.wire.frame(f"43{ack}{written([answer])}")

    async def create(self, wire: Wire, request: Request) -> None:
        """Create a message, or list those that there are."""
        room = unquote(request.path.split("/")[3])
        stored = self.stored.setdefault(room, [])
        if request.method == "GET":
            page = {"total": len(stored), "skip": 0, "limit": 50}
            return await wire.answer("200 OK", written({"success": True, "data": stored, "pagination": page}))
        made = {
            "id": f"m{next(NUMBERS)}", "sosId": room, "senderType": "citizen", "senderId": None,
            "contentType": "text", "createdAt": now(), **json.loads(request.body),
        }  # fmt: skip
        stored.append(made)
        await wire.answer("201 Created", written({"success": True, "data": made}))
        await self.tell(self, room, made)
        if self.shake_later is not None:
            self.shake = self.shake_later
            for socket in self.sockets:
                socket.wire.writer.close()
        return None


async def created(service: Service, wire: Wire, request: Request) -> None:
    assert isinstance(service, Sos)
    await service.create(wire, request)


async def told(service: Service, room: str, made: dict[str, Any]) -> None:
    for socket in service.members(room):
        await socket.emit("message:broadcast", made)


async def tells_often(service: Service, room: str, made: dict[str, Any]) -> None:
    for _ in range(100):
        await told(service, room, made)


async def refuses(wire: Wire, request: Request) -> None:
    await wire.answer("503 Service Unavailable", Retry_After="5")


async def closes(wire: Wire, request: Request) -> None:
    wire.writer.close()


def sos(**steps: Any) -> Callable[[], Service]:
    return partial(Sos, **{"call": created, "tell": told, "open": opened, **steps})


def calls(row: str) -> Any:
    """The step of a service of `api` of that name."""
    return next(one.service for one in api.ROWS if one.what == row)().call  # type: ignore[misc]


AWAY = "unreachable: the service went away, and # attempts to come back failed"
ROWS = [
    Row(step="load", what="serves a load", worker="", code=0, says="holds: every one of # deliveries was accounted for", service=sos()),
    Row(step="load", what="answers no call of a load", worker="", code=1, says="broken: # unanswered", service=sos(call=calls("answers no call"))),
    Row(step="load", what="answers calls of a load with JSON nested 100,000 deep", worker="", code=1, says="broken: # lost; # contract_failed; # unread; broadcast-arrives (message:broadcast): …", service=sos(call=calls("answers each call with JSON nested 100,000 deep")), sample=True),
    Row(step="load", what="answers calls of a load with chunks without end", worker="", code=1, says="broken: # unanswered", service=sos(call=calls("answers each call with chunks without end"))),
    Row(step="load", what="tells of each message a hundred times", worker="", code=1, says="broken: # duplicate", service=sos(tell=tells_often)),
    Row(step="load", what="lists a number for a roster", worker="", code=1, says="broken: payload-keeps-its-schema (participants:active:request (reply)): expected type array at `participants`, got #", service=sos(roster=lambda members: 5)),
    Row(step="load", what="answers 503 from the first message on", worker="", code=3, says=f"{AWAY} (the websocket handshake was answered with #: Retry-After: #; the service or a proxy says that it is not available: start it, or wait for it with --wait-for)", service=sos(shake_later=refuses)),
    Row(step="load", what="closes all connections from the first message on", worker="", code=3, says=f"{AWAY} (the connection was closed while it was made)", service=sos(shake_later=closes)),
]  # fmt: skip
"""`#` stands for a number, `…` at the end for more. `code` and `says` are those of a load."""
