"""The service that the hostile servers are: honest in all but the step that a row replaces."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import unquote

from tests.hostile.wire import Request, Wire, written

OPENING = {"sid": "e", "upgrades": [], "pingInterval": 25_000, "pingTimeout": 20_000, "maxPayload": 1_000_000}
NUMBERS = count(1)
NOTHING = "{}"


@dataclass(slots=True, eq=False)
class Socket:
    wire: Wire
    rooms: set[str] = field(default_factory=set)

    async def emit(self, name: str, *args: Any) -> None:
        await self.wire.frame(f"42{written([name, *args])}")


async def opened(socket: Socket) -> None:
    await socket.wire.frame("0" + written(OPENING))


async def connected(socket: Socket) -> None:
    await socket.wire.frame("40" + written({"sid": f"s{next(NUMBERS)}"}))


async def acknowledged(socket: Socket, ack: str, payload: Any) -> None:
    await socket.wire.frame(f"43{ack}{written([payload])}")


async def noted(service: "Service", room: str, note: dict[str, str]) -> None:
    """Tell the room of a note."""
    for socket in service.members(room):
        await socket.emit("noted", {"room": room, "text": note["text"]})


async def answered(service: "Service", wire: Wire, request: Request) -> None:
    """Write a note, and tell its room."""
    try:
        text = json.loads(request.body)["text"]
    except (ValueError, LookupError, TypeError):
        text = None
    if not isinstance(text, str) or not text:
        return await wire.answer("400 Bad Request", NOTHING)
    room = unquote(request.path.split("/")[2])
    note = {"id": f"n{next(NUMBERS)}", "room": room, "text": text}
    await wire.answer("201 Created", written({"note": note}), Content_Type="application/json")
    await service.tell(service, room, note)
    return None


@dataclass(slots=True)
class Service:
    """Each field is a step."""

    shake: Callable[[Wire, Request], Awaitable[None]] | None = None
    """In place of the websocket's handshake and of all that follows."""
    open: Callable[[Socket], Awaitable[None]] = opened
    connect: Callable[[Socket], Awaitable[None]] = connected
    ack: Callable[[Socket, str, Any], Awaitable[None]] = acknowledged
    tell: Callable[["Service", str, dict[str, str]], Awaitable[None]] = noted
    call: Callable[["Service", Wire, Request], Awaitable[None]] = answered
    sockets: list[Socket] = field(default_factory=list)

    def members(self, room: str) -> list[Socket]:
        return [socket for socket in self.sockets if room in socket.rooms]

    async def serve(self, wire: Wire) -> None:
        """Serve one connection."""
        while True:
            request = await wire.request()
            if not request.path.startswith("/socket.io"):
                await self.call(self, wire, request)
            elif self.shake:
                return await self.shake(wire, request)
            elif not request.upgrades:
                await wire.answer("400 Bad Request", written({"code": 0, "message": "Transport unknown"}))
            else:
                await wire.upgrade(request)
                return await self.converse(Socket(wire))

    async def converse(self, socket: Socket) -> None:
        await self.open(socket)
        self.sockets.append(socket)
        try:
            while (packet := await socket.wire.packet()) != "1":
                if packet.startswith("40/"):
                    await socket.wire.frame(f'44{packet[2:].split(",")[0]},{{"message":"Invalid namespace"}}')
                elif packet.startswith("40"):
                    await self.connect(socket)
                elif packet.startswith("42"):
                    await self.heard(socket, packet[2:])
        finally:
            self.sockets.remove(socket)

    async def heard(self, socket: Socket, packet: str) -> None:
        ack = packet[: packet.index("[")]
        name, *args = json.loads(packet[len(ack) :])
        room = args[0].get("room") if args and isinstance(args[0], dict) else None
        if name == "enter" and isinstance(room, str) and room:
            socket.rooms.add(room)
            if ack:
                await self.ack(socket, ack, {"room": room})


async def for_ever(step: Callable[[], Awaitable[None]]) -> None:
    """Do it again and again, until the other side is gone."""
    while True:
        await step()
        await asyncio.wait([asyncio.get_running_loop().create_future()], timeout=0)
