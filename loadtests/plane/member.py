"""A socket of the load, and the person behind it: what scenarios let it do, and what becomes of it."""

from __future__ import annotations

import asyncio
import random
import time
from typing import TYPE_CHECKING, Any

from loadtests.ledger import Publication, Room, State
from loadtests.plane import codec
from loadtests.plane.http import Unanswered
from loadtests.plane.socket import Connection, Failed, How

if TYPE_CHECKING:
    from loadtests.plane.plane import Plane

BACK_OFF_S = (1.0, 5.0)
"""The first and the longest wait before a client of Socket.IO connects again."""

JITTER = 0.5
"""By how much of itself a client of Socket.IO varies that wait."""

LEAST_NS = 1_000_000_000
"""A service may drop more than one location a second from one socket (the contract's `most_per_s`)."""


class Member:
    """One socket."""

    __slots__ = (
        "connection", "dropped", "located_ns", "node", "number", "plane", "rooms", "scenario", "sequence", "token",
        "under_way", "user", "waiting",
    )  # fmt: skip

    def __init__(self, plane: Plane, scenario: str, number: int) -> None:
        self.plane = plane
        self.scenario = scenario
        self.number = number
        """Its number in the whole run, which is that of its stream."""
        self.node = number % len(plane.setup.addresses)
        self.user = f"{plane.setup.run}-{number}"
        self.token: str | None = None
        self.connection: Connection | None = None
        self.rooms: dict[str, Room] = {}
        """Where it is, or asks to be, a member."""
        self.sequence = 0
        self.under_way: set[int] = set()
        self.waiting: dict[str, asyncio.Future[list[Any]]] = {}
        self.located_ns = 0
        self.dropped = False
        """It was dropped on purpose, and does not come back by itself."""

    # --- connection ------------------------------------------------------------------------------------------

    @property
    def connected(self) -> bool:
        """Whether it has a connection."""
        return self.connection is not None and self.connection.open_now

    async def connect(self, name: str = "connect") -> bool:
        """Connect; a failure is a sample, and nothing more."""
        plane = self.plane
        address = plane.setup.addresses[self.node]
        connection = Connection(address, self, plane.known)
        self.token = plane.setup.token(self.user, next(iter(self.rooms), ""))
        start_ns = time.monotonic_ns()
        try:
            await connection.open({"token": self.token} if self.token else None, plane.polling[self.node])
        except Failed as error:
            plane.sample("WS", name, time.monotonic_ns() - start_ns, failure=str(error))
            return False
        self.connection = connection
        plane.sockets.add(self)
        plane.sample("WS", name, time.monotonic_ns() - start_ns)
        return True

    async def reconnect(self) -> None:
        """Connect again as clients of Socket.IO do, with back-off and jitter, and join again."""
        wait_s, most_s = BACK_OFF_S
        rooms = list(self.rooms.values())
        while not self.plane.stopping:
            await self.plane.alarm.after(wait_s * (1 + JITTER * (2 * random.random() - 1)))  # noqa: S311 - no secret
            wait_s = min(2 * wait_s, most_s)
            if self.plane.stopping or await self.connect("reconnect"):
                break
        for room in rooms:
            if self.connected:
                await self.join(room)

    def lost(self, why: str) -> None:
        """The connection was lost: what was on its way is excused, and the socket comes back."""
        self._gone()
        self.plane.sample("WS", "disconnect", None, failure=why)
        if not self.dropped:
            self.plane.spawn(self.reconnect())

    def silent(self) -> None:
        """The service has not pinged for longer than it promised: for clients of Socket.IO the connection is lost."""
        if self.connection is not None:
            self.connection.end("rst")
        self.lost("the service stopped pinging")

    def drop(self, how: How) -> None:
        """End the connection in a way, and stay away until `reconnect`."""
        self.dropped = True
        if self.connection is not None:
            self.connection.end(how)
        self._gone()

    def _gone(self) -> None:
        now_ns = time.monotonic_ns()
        for room in self.rooms.values():
            self.plane.ledger.leave(room, self.number, now_ns)
        self.plane.sockets.discard(self)
        self.connection = None

    def close(self) -> None:
        """End the connection for good."""
        self.drop("close")

    # --- rooms -----------------------------------------------------------------------------------------------

    async def join(self, room: Room) -> bool:
        """Join a room, and make sure of it by the roster: a member is owed everything from there on."""
        plane = self.plane
        self.rooms[room.name] = room
        plane.ledger.unsure(room, self.number, time.monotonic_ns())
        self.emit(plane.words.join, plane.words.joining(room.name, self.user))
        if await plane.roll.seen(room, self, wanted=True):
            plane.ledger.enter(room, self.number, time.monotonic_ns())
            return True
        return False

    async def leave(self, room: Room, event: str | None = None) -> bool:
        """Leave a room, and make sure of it: from there on nothing of it may come."""
        plane = self.plane
        plane.ledger.unsure(room, self.number, time.monotonic_ns())
        self.emit(event or plane.words.leave, {plane.words.key: room.name})
        if await plane.roll.seen(room, self, wanted=False):
            plane.ledger.leave(room, self.number, time.monotonic_ns())
            return True
        return False

    # --- sending ---------------------------------------------------------------------------------------------

    def emit(self, event: str, payload: dict[str, Any]) -> None:
        """Send an event. Nothing answers it, so its sample has no time."""
        if self.connection is not None:
            self.connection.emit(event, payload)
            self.plane.sample("WSE", event, None)

    async def call(self, event: str, payload: dict[str, Any], reply: str | None = None) -> Any:
        """Send an event that an ack or an event named `reply` answers.

        Raises:
            Failed: no answer came.
        """
        if self.connection is None:
            raise Failed("the connection was lost")
        waiting: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        if reply:
            self.waiting[reply] = waiting
        try:
            return await self.connection.call(event, payload, lambda: waiting)
        finally:
            self.waiting.pop(reply or "", None)

    def publish(self, room: Room, event: str, due_ns: int, *, answered: bool) -> Publication:
        """Note a publication of this member that begins now; one that no answer is waited for counts as taken."""
        number, self.sequence = self.sequence, self.sequence + 1
        floor = min(self.under_way, default=number) - 1
        if answered:
            self.under_way.add(number)
        return self.plane.publish(
            room, self.number, number, due_ns=due_ns, floor=floor, event=event, answered=answered
        )  # fmt: skip

    def locate(self, room: Room, due_ns: int) -> None:
        """Report a location, which the service broadcasts to the room."""
        words = self.plane.words
        if not self.connected or self.number not in room.stays:
            self.plane.ledger.counts["unsent", self.scenario] += 1
            return
        one = self.publish(room, words.location_broadcast, due_ns, answered=False)
        if one.begun_ns - self.located_ns < LEAST_NS:
            one.owed = frozenset()  # What comes too soon after the last may be dropped.
        self.located_ns = one.begun_ns
        self.emit(words.location_update, words.location(room.name, one.stream, one.number))

    async def post(self, room: Room, due_ns: int) -> None:
        """Create a message over HTTP, which the service broadcasts to the room."""
        plane, words = self.plane, self.plane.words
        one: Publication | None = None
        start_ns = 0

        def body() -> bytes:
            nonlocal one, start_ns
            one = self.publish(room, words.message_broadcast, due_ns, answered=True)
            start_ns = one.begun_ns
            return codec.encode_json(words.message(room.name, one.stream, one.number))

        failure = None
        try:
            http = plane.http[self.number % len(plane.http)]
            headers = plane.setup.bearer(self.token)
            status, answer = await http.call("POST", words.message_path(room.name), body, headers)
            size = len(answer)
            state: State = "taken" if status == words.CREATED else "refused"
            failure = None if state == "taken" else "the message was not created"
        except Unanswered as error:
            state, size, failure = "unanswered", 0, str(error)
        now_ns = time.monotonic_ns()
        plane.sample("POST", words.message_call, now_ns - (start_ns or now_ns), size, failure)
        if one is None:
            plane.ledger.counts["unsent", self.scenario] += 1
            return
        self.under_way.discard(one.number)
        plane.posted(one, now_ns - start_ns, state)

    # --- receiving -------------------------------------------------------------------------------------------

    def first(self, frame: bytes, packet: codec.Packet | None, why: str) -> None:
        """A frame has come that nobody knew."""
        self.plane.hear(self, frame, packet, why)

    def notice(self, event: str, payload: Any) -> None:
        """An event has come that may be an answer."""
        waiting = self.waiting.get(event)
        if waiting is not None and not waiting.done():
            waiting.set_result([payload])
