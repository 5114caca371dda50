"""A socket of the load, and the person behind it: what scenarios let it do, and what becomes of it."""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from functools import partial
from typing import Any

from loadtests.dialects.sos import Kind
from loadtests.ledger.publication import Publication, Room
from loadtests.worker.context import Context
from loadtests.worker.posting import Posting
from loadtests.worker.sample_recorder import SampleRecorder
from loadtests.worker.waits import back_off
from loadtests.worker.wire import codec
from loadtests.worker.wire.failures import COUNTED, Failed
from loadtests.worker.wire.socket import Connection, How

MOST_EMITTED = 16
"""How many publications of a socket an error may be the answer to: more are not under way at once."""


class VirtualClient:
    """One socket."""

    __slots__ = (
        "closed",
        "connecting_s",
        "connection",
        "connections",
        "context",
        "dropped",
        "emitted",
        "error",
        "headers",
        "life",
        "located",
        "node",
        "number",
        "rooms",
        "scenario",
        "sequences",
        "tape",
        "token",
        "under_way",
        "user",
        "waiting",
    )  # fmt: skip

    def __init__(self, context: Context, scenario: str, number: int) -> None:
        self.context = context
        self.scenario = scenario
        self.number = number
        """Its number in the whole run, which is that of its stream."""
        self.node = number % len(context.setup.addresses)
        self.user = f"{context.setup.run}-{number}"
        self.token: str | None = None
        self.headers = ""
        """Of its calls, from its first connection on."""
        self.connection: Connection | None = None
        self.rooms: dict[str, Room] = {}
        """Where it is, or asks to be, a member."""
        self.sequences = [0] * len(Kind)
        self.under_way: set[int] = set()
        self.waiting: dict[str, asyncio.Future[list[Any]]] = {}
        self.connections = 0
        self.connecting_s = 0.0
        """When it began to connect last."""
        self.tape: SampleRecorder | None = None
        """What writes down everything that happens to it, where it is of a sample."""
        self.located: Publication | None = None
        """The last location that it reported."""
        self.emitted: deque[Publication] = deque(maxlen=MOST_EMITTED)
        """What it published by emitting, which nothing answers but an error."""
        self.error = ""
        """What the service told it last of a request that it could not take."""
        self.dropped = False
        """It was dropped on purpose, and does not come back by itself."""
        self.closed = False
        """It was closed for good."""
        self.life: asyncio.Task[None] | None = None
        """What it does until it is closed."""

    # --- connection ------------------------------------------------------------------------------------------

    @property
    def connected(self) -> bool:
        """Whether it has a connection."""
        return self.connection is not None and self.connection.open_now

    async def connect(self, name: str = "connect") -> bool:
        """Connect; a failure is a sample, and nothing more."""
        context = self.context
        address = context.setup.addresses[self.node]
        # A sample has every frame decoded anew: what is known by its bytes leaves no trace.
        connection = Connection(address, self, context.hearing.known if self.tape is None else {}, context.intake)
        self.token = context.setup.token(self.user, next(iter(self.rooms), ""))
        self.headers = context.bearer if self.token is None else context.setup.bearer(self.token)
        start_ns = time.monotonic_ns()
        self.connecting_s = time.monotonic()
        context.population.arriving.add(self)
        try:
            shown = context.setup.place.presented(self.token)
            await connection.open(shown.auth, context.polling[self.node], shown)
        except Failed as error:
            context.sample("WS", name, time.monotonic_ns() - start_ns, failure=str(error))
            counted = COUNTED.get(type(error), "unreached")
            context.count(counted, self.scenario)
            context.ledger.witness(counted, context.nowhere, self.number, time.monotonic_ns(), why=error.detail)
            return False
        finally:
            context.population.arriving.discard(self)
        if self.closed:
            connection.end()
            return False
        self.connection = connection
        self.connections += 1
        context.population.away.discard(self)
        if self.tape:
            self.tape.opened(self, connection.sid)
        context.population.sockets.add(self)
        context.count("connected", self.scenario)
        context.sample("WS", name, time.monotonic_ns() - start_ns)
        return True

    async def come_back(self) -> bool:
        """Connect again after a drop; whether that succeeded."""
        self.dropped = False
        return await self.connect("reconnect")

    async def reconnect(self) -> None:
        """Connect again as clients of Socket.IO do, with back-off and jitter, and join again."""
        self.dropped = False
        self.context.population.away.add(self)
        rooms = list(self.rooms.values())
        # By the seed, too: who comes back when is a part of the load.
        chance = random.Random(f"{self.context.setup.seed} {self.number} {self.connections}")  # noqa: S311 - no secret
        for wait_s in back_off(chance):
            if not (self.context.stopping or self.closed):
                await self.context.alarm.after(wait_s)
            if self.context.stopping or self.closed or await self.connect("reconnect"):
                break
        for room in rooms:
            if self.connected:
                await self.join(room)

    def lost(self, why: Failed) -> None:
        """The connection was lost: what was on its way is excused, and the socket comes back unless we ended it."""
        counted = COUNTED.get(type(why), "disconnected")
        if self.tape:
            self.tape.closed(self, by_us=counted == "cut_off", reason=why.detail)
        self._gone()
        self.context.sample("WS", "disconnect", None, failure=str(why))
        self.context.count(counted, self.scenario)
        self.context.ledger.witness(counted, self.context.nowhere, self.number, time.monotonic_ns(), why=why.detail)
        if not self.dropped and counted == "disconnected":
            self.context.spawn(self.reconnect())

    def silent(self) -> None:
        """The service has not pinged for longer than it promised: for clients of Socket.IO the connection is lost."""
        if self.connection is not None:
            self.connection.end("rst")
        self.lost(Failed("the service stopped pinging"))

    def drop(self, how: How) -> None:
        """End the connection in a way, and stay away until `reconnect`."""
        self.dropped = True
        connection = self.connection
        self._gone()
        if connection is not None:
            if self.tape:
                self.tape.closed(self, by_us=True)
            connection.end(how)
            if how == "silence":
                self.context.population.half_open.append(connection)

    def _gone(self) -> None:
        now_ns = time.monotonic_ns()
        for room in self.rooms.values():
            self.context.ledger.leave(room, self.number, now_ns)
        self.context.population.sockets.discard(self)
        self.connection = None

    def close(self) -> None:
        """End the connection for good."""
        self.closed = True
        self.context.population.away.discard(self)
        if self.life is not None:
            self.life.cancel()
        self.drop("close")

    # --- rooms -----------------------------------------------------------------------------------------------

    async def join(self, room: Room, event: str | None = None) -> bool:
        """Join a room, and make sure of it by the roster: a member is owed everything from there on."""
        context = self.context
        self.rooms[room.name] = room
        context.ledger.unsure(room, self.number, time.monotonic_ns())
        self.emit(event or context.words.join, context.words.joining(room.name, self.user))
        if await context.roll.seen(room, self, wanted=True):
            context.ledger.enter(room, self.number, time.monotonic_ns())
            if self.tape:
                self.tape.marked(self, room.name, inside=True)
            return True
        if self.connected:
            context.count("unjoined", self.scenario)
            context.ledger.witness("unjoined", room, self.number, time.monotonic_ns(), why=self.error)
        return False

    def go(self, room: Room, event: str) -> None:
        """Leave a room by an event after which nothing is asked any more."""
        self.context.ledger.unsure(room, self.number, time.monotonic_ns())
        self.emit(event, {self.context.words.key: room.name})
        self.rooms.pop(room.name, None)

    def stop_reading(self) -> None:
        """Read nothing any more, and be owed nothing; the socket stays where it is."""
        for room in self.rooms.values():
            self.context.ledger.unsure(room, self.number, time.monotonic_ns())
        if self.connection is not None:
            self.connection.reading(False)

    async def leave(self, room: Room) -> bool:
        """Leave a room, and make sure of it: from there on nothing of it may come."""
        context = self.context
        context.ledger.unsure(room, self.number, time.monotonic_ns())
        self.emit(context.words.leave, {context.words.key: room.name})
        if await context.roll.seen(room, self, wanted=False):
            context.ledger.leave(room, self.number, time.monotonic_ns())
            self.rooms.pop(room.name, None)
            if self.tape:
                self.tape.marked(self, room.name, inside=False)
            return True
        if self.connected:
            context.count("unleft", self.scenario)
        return False

    # --- sending ---------------------------------------------------------------------------------------------

    def emit(self, event: str, payload: dict[str, Any]) -> None:
        """Send an event. Nothing answers it, so its sample has no time."""
        if self.connection is not None:
            if self.tape:
                self.tape.sent(self, event, payload)
            self.connection.emit(event, payload)
            self.context.sample("WSE", event, None)

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
        number = self.tape.sent(self, event, payload, ack=True) if self.tape else None
        try:
            return await self.connection.call(event, payload, waiting, partial(self._acked, event, number))
        finally:
            self.waiting.pop(reply or "", None)

    def _acked(self, event: str, number: int | None, answer: list[Any]) -> None:
        self.heard()
        if self.tape:
            self.tape.acked(self, event, number, answer)

    def taped(self, tape: SampleRecorder) -> None:
        """It is of a sample from now on."""
        self.tape = tape
        tape.members.append(self)
        if self.connection is not None:
            self.connection.known = {}
            tape.opened(self, self.connection.sid)

    def untaped(self) -> None:
        """It is of no sample any more."""
        self.tape = None
        if self.connection is not None:
            self.connection.known = self.context.hearing.known

    def publish(
        self, room: Room, kind: Kind, event: str, due_ns: int, *, answered: bool = False, step: str = ""
    ) -> Publication:
        """Note a publication of this member that begins now; one that no answer is waited for counts as taken."""
        number, self.sequences[kind] = self.sequences[kind], self.sequences[kind] + 1
        floor = number - 1
        if answered:
            floor = min(self.under_way, default=number) - 1
            self.under_way.add(number)
        stream = self.number * len(Kind) + kind
        return self.context.publish(
            room, stream, number, due_ns=due_ns, floor=floor, event=event, answered=answered, step=step
        )

    def locate(self, room: Room, due_ns: int) -> None:
        """Report a location, which the service broadcasts to the room."""
        words = self.context.words
        if not self.connected or self.number not in room.stays:
            self.context.count("skipped", self.scenario)
            return
        if not self.context.in_time(self.scenario, due_ns):
            return
        publication = self.publish(room, Kind.LOCATION, words.location_broadcast, due_ns)
        if words.locations_per_s:
            heard_ns = room.stays[self.number].heard_ns
            publication.follows(self.located, int(1e9 / words.locations_per_s), heard_ns)
            self.located = publication
        self.emitted.append(publication)
        self.emit(words.location_update, words.location(room.name, publication.stream, publication.number))

    def type(self, room: Room, due_ns: int) -> None:
        """Begin to type, which everybody in the room hears but this socket, and end it."""
        words, stay = self.context.words, room.stays.get(self.number)
        publication = self.publish(room, Kind.TYPING, words.typing_broadcast, due_ns)
        self.emitted.append(publication)
        if stay is not None:
            publication.owed, publication.sender = publication.owed - {stay.number}, stay.number
            publication.plain_ns = 0  # Each of its deliveries is asked for whom it is.
        self.emit(words.typing_start, words.typing(room.name, publication.stream, publication.number))
        self.emit(words.typing_stop, {words.key: room.name})

    def report_status(self, room: Room, number: int, due_ns: int) -> None:
        """Report a status of the SOS, which the service broadcasts to the room."""
        words = self.context.words
        stream = words.status_stream(room.name)
        publication = self.context.publish(
            room, stream, number, due_ns=due_ns, floor=number - 1, event=words.status_broadcast
        )
        self.emitted.append(publication)
        self.emit(words.status_update, words.status(room.name, number))

    async def post(self, room: Room, due_ns: int, step: str = "") -> None:
        """Create a message over HTTP, which the service broadcasts to the room."""
        await Posting(self.context, self, room, due_ns, step).send()

    # --- receiving -------------------------------------------------------------------------------------------

    def first(self, frame: bytes, packet: codec.Packet | None, why: str) -> None:
        """A frame has come that nobody knew."""
        self.heard()
        self.context.hearing.hear(self, frame, packet, why)

    def heard(self) -> None:
        """Something has come: what the service had sent this socket before has come, too, or never will."""
        now_ns = time.monotonic_ns()
        for room in self.rooms.values():
            self.context.ledger.heard(room, self.number, now_ns)

    def refused(self, payload: Any, frame: bytes) -> None:
        """The service tells it that a request was bad: its oldest publication of which nobody has heard anything."""
        self.error = f"the service answered {payload!r}"
        if any(self.number in room.unsure for room in self.rooms.values()):
            return  # It is about the room that it asks to come into, or to leave.
        now_ns = time.monotonic_ns()
        while self.emitted:
            publication = self.emitted.popleft()
            if publication.first_ns or publication.closed:
                continue
            if self.context.ledger.refuse(publication, now_ns):
                self.context.ledger.witness(
                    "refused", publication.room, self.number, now_ns, frame, publication, self.error
                )
            return

    async def ask(self) -> bool:
        """Ask for what the service has to answer, to know that nothing sent before is on its way; whether it did."""
        words, room = self.context.words, next(iter(self.rooms), None)
        if room is None or self.waiting or not self.connected:
            return False
        try:
            await self.call(words.roster, {words.key: room}, words.roster_reply)
        except Failed:
            return False
        return True

    def give_up(self) -> None:
        """The run is over while it connects: no fault of the service, which may have had no time to answer."""
        why = f"no connection within {time.monotonic() - self.connecting_s:.1f} s, when the run was over"
        self.context.count("connecting", self.scenario)
        self.context.ledger.witness("connecting", self.context.nowhere, self.number, time.monotonic_ns(), why=why)

    @property
    def recovers(self) -> bool:
        """Whether its events end with an offset."""
        return self.connection is not None and self.connection.recovers

    def notice(self, event: str, payload: Any, frame: bytes) -> None:
        """An event has come that may be an answer."""
        if event == self.context.words.error:
            self.refused(payload, frame)
        waiting = self.waiting.get(event)
        if waiting is not None and not waiting.done():
            waiting.set_result([payload])
