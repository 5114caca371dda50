"""A Socket.IO service that misbehaves exactly as told, and counts what it did: the truth that a ledger has to state.

python -m tests.peers.crooked [--host H] [--port P] [laws]

A broadcast is one of a message or a location; a delivery is one of its frames, to a socket that was in the room when
it was published. Posts, broadcasts and deliveries are numbered from 1, deliveries as they come up for sending, in the
order of membership. A delivery that is dropped is neither duplicated nor leaked; frames to strangers and to those who
had left have no number. GET /truth tells the counts since the start, or since POST /truth/reset, where all numbers
begin anew. `deliveries_sent`, `broken_deliveries` and `delays` count every frame that was written:
owed = deliveries_sent - duplicated - leaked - after_leave + dropped + closed + unbroadcast_deliveries + pending.
"""

import argparse
import asyncio
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field, fields
from typing import Any
from uuid import uuid4

from aiohttp import WSMsgType, web
from msgspec import Raw, json
from websockets.frames import Frame, Opcode

from conformance.reference.host import BACKLOG, bound, url_of
from conformance.reference.store import now_iso, now_ms

PING_S, MOST_BYTES, MOST_PER_PAGE = 25, 1_000_000, 50
OPENING = {"upgrades": [], "pingInterval": PING_S * 1000, "pingTimeout": 20_000, "maxPayload": MOST_BYTES}
COUNTS = (
    *("posts", "published", "owed", "broadcasts", "broadcasts_sent", "deliveries", "deliveries_sent", "dropped"),
    *("closed", "left_since", "duplicated", "swapped_broadcasts", "swapped_deliveries", "leaked", "after_leave"),
    *(
        "spoilt_stored",
        "spoilt_echo_deliveries",
        "unstored",
        "unbroadcast",
        "unbroadcast_deliveries",
        "broken_broadcasts",
        "broken_deliveries",
        "stalls",
        "throttled",
        "located",
        "complained",
        "also",
    ),
)
"""`closed` were owed to sockets that closed before; `left_since` were written to sockets that had left meanwhile."""


def nth(number: int, every: int) -> bool:
    return every > 0 and number % every == 0


def framed(packet: bytes) -> bytes:
    return Frame(Opcode.TEXT, packet).serialize(mask=False)


@dataclass(frozen=True, slots=True)
class Laws:
    """How it misbehaves: each is a flag of the command line. What has a number N happens to every N-th; 0 is never."""

    delay_ms: int = 0  # A broadcast with k before it in its room is sent delay_ms * (k % delay_steps + 1) late.
    delay_steps: int = 1
    drop_every: int = 0
    duplicate_every: int = 0
    swap_every: int = 0  # A broadcast of a room is held back, and sent right after the room's next one.
    leak_every: int = 0  # A delivery goes also to the socket that came first of those that are in other rooms only.
    after_leave: bool = False  # Who has left a room still gets everything.
    stall_s: float = 0.0  # Nothing at all is done for so long, once, when stall_after broadcasts have been sent.
    stall_after: int = 0
    lose_stored: int = 0
    never_broadcast: int = 0
    break_payload: int = 0  # A broadcast is sent without createdAt, or with accuracy as a string.
    answer_ms: int = 0  # A call is answered so late, and what it causes is not.
    spoil_stored: int = 0  # A message is stored under another sender than it is broadcast with.
    spoil_echo: int = 0  # A message is broadcast with the sosId of another room.
    throttle_s: float = 0.0  # A location that comes so soon after the last one taken of its socket is dropped.
    complain_every: int = 0  # A location is answered by an error, and not broadcast.
    also: str = ""  # Every message is told to its room under this name as well.
    recovery: bool = False  # Connection state recovery: a `pid`, and an offset behind the payload of each broadcast.
    tell_tokens: bool = False  # A message is told with the token of whoever connected last.
    no_pid: bool = False  # The offset comes all the same, and nothing says that it would.

    def copies(self, number: int) -> int:
        """How often a delivery is sent."""
        return 0 if nth(number, self.drop_every) else 1 + nth(number, self.duplicate_every)


@dataclass(slots=True, eq=False)
class Room:
    """Who is in a room and who has left it, each in order, and its messages, encoded."""

    members: dict["Socket", None] = field(default_factory=dict)
    gone: dict["Socket", None] = field(default_factory=dict)
    stored: list[Raw] = field(default_factory=list)
    broadcasts: int = 0
    held: "Broadcast | None" = None


@dataclass(slots=True, eq=False)
class Broadcast:
    """A frame, who was in the room when it was published, and who had left it; `held` goes out right after it."""

    room: Room
    frame: bytes
    receivers: tuple["Socket", ...]
    gone: tuple["Socket", ...]
    delay_ms: int
    broken: bool
    held: "Broadcast | None"


def tell(sockets: dict["Socket", None] | set["Socket"], event: str, payload: dict[str, Any]) -> None:
    """Send what no law touches."""
    frame = framed(b"42" + json.encode([event, payload]))
    for socket in sockets:
        socket.write(frame)


class Hall:
    """The rooms; it sends what is published as the laws have it."""

    def __init__(self, laws: Laws) -> None:
        self.laws = laws
        self.rooms = defaultdict[str, Room](Room)
        self.sockets: dict[Socket, None] = {}
        self.waiting: set[Broadcast] = set()
        self.token = ""
        self.reset()

    def reset(self) -> None:
        self.truth, self.delays = Counter(dict.fromkeys(COUNTS, 0)), Counter[int]()
        for room in self.rooms.values():
            room.broadcasts = 0

    def forget(self, socket: "Socket") -> None:
        self.sockets.pop(socket, None)
        for room in self.rooms.values():
            room.members.pop(socket, None)
            room.gone.pop(socket, None)

    def post(self, sos: str, given: dict[str, str]) -> Raw:
        """Store and broadcast a message; it, encoded."""
        room = self.rooms[sos]
        self.truth["posts"] += 1
        lost, untold = (nth(self.truth["posts"], n) for n in (self.laws.lose_stored, self.laws.never_broadcast))
        message = {"id": uuid4().hex, "sosId": sos, "senderType": "citizen", "senderId": "u", **given}
        message |= {"token": self.token} if self.laws.tell_tokens else {}
        whole = Raw(json.encode(message | {"createdAt": now_iso()}))
        spoilt, strange = (nth(self.truth["posts"], n) for n in (self.laws.spoil_stored, self.laws.spoil_echo))
        kept = Raw(json.encode(json.decode(whole) | {"senderDisplayName": "spoilt"})) if spoilt else whole
        told = Raw(json.encode(json.decode(whole) | {"sosId": "another"})) if strange else whole
        self.truth.update(spoilt_stored=spoilt, spoilt_echo_deliveries=strange * len(room.members))
        room.stored += [] if lost else [kept]
        owed = untold * len(room.members)
        self.truth.update(unstored=lost, published=untold, unbroadcast=untold, owed=owed, unbroadcast_deliveries=owed)
        if not untold:
            self.publish(room, "message:broadcast", told, message)
        if self.laws.also:
            self.truth["also"] += len(room.members)
            tell(room.members, self.laws.also, {"sosId": sos})
        return whole

    def publish(self, room: Room, event: str, whole: Any, spoilt: Any) -> None:
        """Broadcast now, later, or after the next one; every so often the spoilt payload."""
        laws, held = self.laws, room.held
        delay = laws.delay_ms * (room.broadcasts % laws.delay_steps + 1)
        room.broadcasts += 1
        broken = nth(self.truth["broadcasts"] + 1, laws.break_payload)
        self.truth.update(published=1, broadcasts=1, owed=len(room.members), broken_broadcasts=broken)
        more = [uuid4().hex] if laws.recovery else []
        frame = framed(b"42" + json.encode([event, spoilt if broken else whole, *more]))
        one = Broadcast(room, frame, tuple(room.members), tuple(room.gone), delay, broken, held)
        room.held = one if held is None and nth(room.broadcasts, laws.swap_every) else None
        if room.held is None and delay:
            self.waiting.add(one)
            asyncio.get_running_loop().call_later(delay / 1000, self.deliver, one)
        elif room.held is None:
            self.deliver(one)

    def deliver(self, one: Broadcast) -> set["Socket"]:
        """Write a broadcast to its receivers as the laws have it, then the one held back; those that it has reached."""
        self.waiting.discard(one)
        truth, laws, frame, reached = self.truth, self.laws, one.frame, set[Socket]()
        stranger = self.stranger(one) if laws.leak_every else None
        before = truth["duplicated"] + truth["leaked"]
        for number, receiver in enumerate(one.receivers, truth["deliveries"] + 1):
            copies = laws.copies(number)
            if receiver not in self.sockets or (copies and not receiver.write(frame)):
                truth["closed"] += 1
            elif not copies:
                truth["dropped"] += 1
            else:
                reached.add(receiver)
                truth["duplicated"] += copies > 1 and receiver.write(frame)
                truth["leaked"] += stranger is not None and nth(number, laws.leak_every) and stranger.write(frame)
        late = sum(socket.write(frame) for socket in one.gone if socket in self.sockets)
        sent = len(reached) + late + truth["duplicated"] + truth["leaked"] - before
        self.delays[one.delay_ms] += sent
        truth.update(deliveries=len(one.receivers), deliveries_sent=sent, after_leave=late, broadcasts_sent=1)
        truth.update(broken_deliveries=sent * one.broken, left_since=len(reached - one.room.members.keys()))
        if truth["broadcasts_sent"] == laws.stall_after:
            time.sleep(laws.stall_s)
            truth["stalls"] += 1
        if one.held:
            truth.update(swapped_broadcasts=1, swapped_deliveries=len(reached & self.deliver(one.held)))
        return reached

    def stranger(self, one: Broadcast) -> "Socket | None":
        known = {*one.receivers, *one.gone, *one.room.members, *one.room.gone}
        strangers = (socket for socket in self.sockets if socket not in known)
        return next((one for one in strangers if any(one in room.members for room in self.rooms.values())), None)


class Socket:
    """One websocket, written to without its library: what is written is in the kernel, if that has room for it."""

    def __init__(self, hall: Hall, transport: Any) -> None:
        self.hall, self.transport, self.sid = hall, transport, uuid4().hex
        self.person = {"userId": self.sid, "displayName": "", "userType": "citizen", "socketId": self.sid}
        self.person["connectedAt"] = now_iso()
        self.located_s = float("-inf")
        self.beat(b"0" + json.encode({"sid": uuid4().hex, **OPENING}))

    def beat(self, packet: bytes = b"2") -> None:
        if self.write(framed(packet)):
            asyncio.get_running_loop().call_later(PING_S, self.beat)

    def write(self, frame: bytes) -> bool:
        if not self.transport.is_closing():
            self.transport.write(frame)
        return not self.transport.is_closing()

    def hear(self, packet: bytes) -> None:
        kind, rest = packet[:2], packet[2:]
        if kind == b"40":
            self.hall.sockets[self] = None
            self.hall.token = json.decode(rest).get("token", "") if rest else ""
            pid = {"pid": uuid4().hex} if self.hall.laws.recovery and not self.hall.laws.no_pid else {}
            self.write(framed(b"40" + json.encode({"sid": self.sid} | pid)))
        elif kind in (b"41", b"1"):
            self.hall.forget(self)
        elif kind == b"42" and self in self.hall.sockets:
            ack = rest.partition(b"[")[0]
            try:
                self.handle(ack, *json.decode(rest[len(ack) :], type=tuple[str, dict[str, Any]]))
            except (LookupError, TypeError, ValueError) as error:
                tell({self}, "error", {"code": "INVALID", "message": repr(error)})

    def spares(self) -> bool:
        """Whether a location is dropped or refused, as the laws have it."""
        truth, laws, now_s = self.hall.truth, self.hall.laws, time.monotonic()
        truth["located"] += 1
        if now_s - self.located_s < laws.throttle_s:
            truth["throttled"] += 1
            return True
        self.located_s = now_s
        if nth(truth["located"], laws.complain_every):
            truth["complained"] += 1
            tell({self}, "error", {"code": "LOCATION_UPDATE_ERROR", "message": "not here"})
            return True
        return False

    def handle(self, ack: bytes, name: str, payload: dict[str, Any]) -> None:
        room, sos, replies = self.hall.rooms[payload["sosId"]], {"sosId": payload["sosId"]}, []
        said = {**sos, "userId": self.sid}
        match name:
            case "sos:room:join" | "sos:init":
                self.person["displayName"] = payload.get("displayName", self.person["displayName"])
                room.gone.pop(self, None)
                room.members[self] = None
            case "sos:room:leave" | "sos:close":
                if room.members.pop(self, 0) is None and self.hall.laws.after_leave:
                    room.gone[self] = None
            case "participants:active:request":
                people = [member.person for member in room.members]
                replies = [sos | {"participants": people, "count": len(people), "timestamp": now_ms()}]
                tell(set() if ack else {self}, "participants:active:response", replies[0])
            case "location:update":
                if self.spares():
                    return
                place = {one: payload[one] + 0 for one in ("latitude", "longitude", "accuracy")}
                said |= {**place, "timestamp": now_ms()}
                self.hall.publish(room, "location:broadcast", said, said | {"accuracy": str(place["accuracy"])})
            case "message:typing:start" | "message:typing:stop":
                said |= {"displayName": payload["displayName"]} if name.endswith("start") else {}
                tell(room.members.keys() - {self}, name, said)
            case "sos:status:update":
                tell(room.members, "sos:status:broadcast", sos | {"status": payload["status"], "timestamp": now_ms()})
        if ack:
            self.write(framed(b"43" + ack + json.encode(replies)))


def application(hall: Hall) -> web.Application:
    """What is asked over HTTP, the websocket among it."""

    def answer(status: int, document: Any) -> web.Response:
        return web.Response(status=status, body=json.encode(document), content_type="application/json")

    async def websocket(request: web.Request) -> web.StreamResponse:
        frames, transport = web.WebSocketResponse(compress=False, max_msg_size=MOST_BYTES), request.transport
        await frames.prepare(request)
        socket = Socket(hall, transport)
        try:
            async for frame in frames:
                socket.hear(frame.data.encode() if frame.type is WSMsgType.TEXT else b"")
        finally:
            hall.forget(socket)
        return frames

    async def truth(request: web.Request) -> web.Response:
        hall.reset() if request.method == "POST" else None
        unsent = [*(room.held for room in hall.rooms.values()), *hall.waiting, *(one.held for one in hall.waiting)]
        more = {"pending": sum(len(one.receivers) for one in unsent if one), "sockets": len(hall.sockets)}
        times = {"stalled_s": hall.truth["stalls"] * hall.laws.stall_s, "delays": hall.delays}
        return answer(200, {**hall.truth, **more, **times})

    async def post(request: web.Request) -> web.Response:
        try:
            body = {"contentType": "text"} | json.decode(await request.read(), type=dict[str, str])
            told = {name: body[name] for name in ("senderDisplayName", "contentType", "content")}
        except (LookupError, ValueError) as error:
            return answer(400, {"success": False, "error": repr(error)})
        created = hall.post(request.match_info["sos"], told)
        await asyncio.sleep(hall.laws.answer_ms / 1000)
        return answer(201, {"success": True, "data": created})

    async def page(request: web.Request) -> web.Response:
        stored, skip = hall.rooms[request.match_info["sos"]].stored, int(request.query.get("skip", 0))
        limit = min(int(request.query.get("limit", MOST_PER_PAGE)), MOST_PER_PAGE)
        pages = {"total": len(stored), "skip": skip, "limit": limit}
        return answer(200, {"success": True, "data": stored[skip : skip + limit], "pagination": pages})

    app, messages = web.Application(), "/api/messages/{sos}"
    app.add_routes([web.get("/socket.io/", websocket), web.get(messages, page), web.post(messages, post)])
    app.add_routes([web.get("/health", truth), web.get("/truth", truth), web.post("/truth/reset", truth)])
    return app


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, default=0)
    for law in fields(Laws):
        kind = {"action": "store_true"} if law.type is bool else {"type": law.type, "default": law.default}
        options.add_argument("--" + law.name.replace("_", "-"), **kind)
    given = vars(options.parse_args())
    listening = bound(given.pop("host"), given.pop("port"))
    said, app = f"listening on {url_of(listening)}", application(Hall(Laws(**given)))
    quiet: dict[str, Any] = {"access_log": None, "shutdown_timeout": 0.1, "backlog": BACKLOG}
    web.run_app(app, sock=listening, print=lambda _: print(said, flush=True), **quiet)
