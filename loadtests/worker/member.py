"""A socket of the load: its connection, what it sends, and what becomes of what it receives."""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Mapping
from functools import partial
from typing import Any

from loadtests.dialects.door import Asked
from loadtests.ledger.publication import Publication, Room
from loadtests.worker.bearer import Bearer
from loadtests.worker.context import Context
from loadtests.worker.named_replies import NamedReplies
from loadtests.worker.pacing import Pace
from loadtests.worker.sample_recorder import SampleRecorder
from loadtests.worker.waits import back_off
from loadtests.worker.wire import codec
from loadtests.worker.wire.failures import COUNTED, Failed
from loadtests.worker.wire.known import NOTHING
from loadtests.worker.wire.owner import Heard
from loadtests.worker.wire.socket import Connection, How

MOST_EMITTED = 16
"""How many publications of a socket an error may be the answer to: more are not under way at once."""


class Member(Bearer):
    """One socket."""

    __slots__ = (
        "closed",
        "connecting_s",
        "connection",
        "connections",
        "dropped",
        "emitted",
        "error",
        "latest",
        "life",
        "node",
        "number",
        "offset",
        "pace",
        "recovered",
        "scenario",
        "sequences",
        "session",
        "tape",
        "under_way",
        "waiting",
        "wishes",
    )  # fmt: skip

    def __init__(self, context: Context, scenario: str, number: int) -> None:
        super().__init__(context, context.words.user(context.setup.run, number))
        self.scenario = scenario
        self.number = number
        """Its number in the whole run, which is that of its stream."""
        self.node = number % len(context.setup.addresses)
        self.connection: Connection | None = None
        self.wishes: dict[str, int] = {}
        """How often it has asked to come into each room, or to leave it."""
        self.sequences = [context.words.first_number(context.setup.run, way) for way in context.words.ways]
        """How much it has published by each way."""
        self.under_way: set[int] = set()
        self.waiting = NamedReplies()
        limits = context.words.bundle.limits
        self.pace = Pace(limits) if limits else None
        """What of the service's limits it has used up; None where there are none."""
        self.connections = 0
        self.connecting_s = 0.0
        """When it began to connect last."""
        self.tape: SampleRecorder | None = None
        """What writes down everything that happens to it, where it is of a sample."""
        self.latest: dict[int, Publication] = {}
        """The last that it published by each way that has a rate of its own."""
        self.emitted: deque[Publication] = deque(maxlen=MOST_EMITTED)
        """What it published by emitting, which nothing answers but an error."""
        self.error = ""
        """What the service told it last of a request that it could not take."""
        self.session = ""
        """By which the service would recover its connection."""
        self.offset = ""
        """Of the last event that came, where the service recovers lost connections."""
        self.recovered = False
        """Its last connection is the one before, which the service has recovered."""
        self.dropped = False
        """It was dropped on purpose, and does not come back by itself."""
        self.closed = False
        """It was closed for good."""
        self.life: asyncio.Task[None] | None = None
        """What it does until it is closed."""

    async def join(self, room: Room) -> bool:
        """Join a room, and make sure of it."""
        raise NotImplementedError

    # --- connection ------------------------------------------------------------------------------------------

    @property
    def connected(self) -> bool:
        """Whether it has a connection."""
        return self.connection is not None and self.connection.open_now

    async def connect(self, name: str = "connect") -> bool:
        """Connect; a failure is a sample, and nothing more."""
        context = self.context
        address = context.setup.addresses[self.node]
        connection = Connection(address, self, self._known(), context.intake, context.reader)
        self.mint()
        start_ns = time.monotonic_ns()
        # What its connection takes it into it may hear of before it is known to be there.
        entered = context.rooms_of(self) if context.words.door.is_by_connection else filter(None, [context.everyone])
        before = self.suspended
        for room in entered if not before else ():
            context.ledger.unsure(room, self.number, start_ns)
        self.connecting_s = time.monotonic()
        context.population.arriving.add(self)
        try:
            shown = context.setup.place.presented(self.token).beside(*self._handshake())
            auth = {"pid": before, "offset": self.offset, **(shown.auth or {})} if before else shown.auth
            await connection.open(auth, context.polling[self.node], shown)
        except Failed as error:
            context.sample("WS", name, time.monotonic_ns() - start_ns, failure=str(error))
            counted = COUNTED.get(type(error), "")
            if counted:
                context.count(counted, self.scenario)
            else:
                counted = context.failed("unreached", self.scenario, start_ns)
            context.ledger.witness(counted, context.nowhere, self.number, time.monotonic_ns(), why=error.detail)
            return False
        finally:
            context.population.arriving.discard(self)
        if self.closed:
            connection.end()
            return False
        self.connection = connection
        self.connections += 1
        self._is_back(before, start_ns)
        context.hearing.senders.connected(self.number, connection.sid, self.known_as)
        if self.tape:
            self.tape.opened(self, connection.sid)
        context.arrives(self)
        context.count("connected", self.scenario)
        context.sample("WS", name, time.monotonic_ns() - start_ns)
        return True

    @property
    def suspended(self) -> str:
        """The session of a lost connection that the service may still recover; empty where there is none."""
        is_away = any(self.number in room.away for room in self.context.rooms_of(self))
        return self.session if is_away and self.offset else ""

    def _is_back(self, before: str, start_ns: int) -> None:
        """It has a connection, which is that of a session before, or another."""
        context, connection = self.context, self.connection
        self.session = connection.pid if connection is not None else ""
        self.recovered = bool(before) and self.session == before
        now_ns = time.monotonic_ns()
        for room in context.rooms_of(self) if before else ():
            if self.recovered:
                room.resume(self.number, now_ns)
            else:
                context.ledger.leave(room, self.number, start_ns)
                if context.words.door.is_by_connection or room is context.everyone:
                    context.ledger.unsure(room, self.number, start_ns)
        if self.recovered:
            context.count("recovered", self.scenario)

    def _handshake(self) -> tuple[dict[str, Any], dict[str, str]]:
        """The fields of `auth` and of the query by which it enters its room."""
        return self.context.words.handshake(next(iter(self.rooms), None), f"load-{self.user}")

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
        for room in self.context.rooms_of(self) if not self.connected else ():
            self.context.ledger.leave(room, self.number, time.monotonic_ns())
        for room in rooms:
            if self.connected and room.stays.get(self.number) is None:
                await self.join(room)

    def lost(self, why: Failed) -> None:
        """The connection was lost: what was on its way is excused, and the socket comes back unless we ended it."""
        counted = COUNTED.get(type(why), "disconnected")
        if self.tape:
            self.tape.closed(self, by_us=counted == "cut_off", reason=why.detail)
        self._gone(recovers=True)
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
        self._gone(recovers=how != "close")
        if connection is not None:
            if self.tape:
                self.tape.closed(self, by_us=True)
            connection.end(how)
            if how == "silence":
                self.context.population.half_open.append(connection)

    def _gone(self, *, recovers: bool) -> None:
        """It has no connection any more.

        Args:
            recovers: the service may recover it, where it promises that.
        """
        now_ns = time.monotonic_ns()
        recovers = recovers and bool(self.session and self.offset) and self.context.words.bundle.recovery is not None
        if recovers and self.tape:
            self.tape.drop()  # What is replayed comes over another connection than a transcript knows of.
        for room in self.context.rooms_of(self):
            if recovers:
                room.suspend(self.number)
            else:
                self.context.ledger.leave(room, self.number, now_ns)
        self.context.population.sockets.discard(self)
        if self.connection is not None:
            self.context.hearing.senders.gone(self.connection.sid)
        self.connection = None
        self.waiting = NamedReplies()

    def close(self) -> None:
        """End the connection for good."""
        self.closed = True
        self.context.population.away.discard(self)
        if self.life is not None:
            self.life.cancel()
        self.drop("close")

    # --- sending ---------------------------------------------------------------------------------------------

    def emit(self, event: str, *arguments: Any) -> None:
        """Send an event. Nothing answers it, so its sample has no time."""
        if self.connection is not None:
            if self.tape:
                self.tape.sent(self, event, arguments)
            self._paced(event)
            self.connection.emit(event, *arguments)
            self.context.sample("WSE", event, None)

    async def call(self, asked: Asked, room: str) -> list[Any]:
        """Send a request about a room that an ack or a named event answers; the arguments of the answer.

        Raises:
            Failed: no answer came.
        """
        return await self.answer_to(asked.event, asked.arguments(self.context.words.value(room)), asked.reply)

    async def answer_to(self, event: str, arguments: tuple[Any, ...], reply: str | None = None) -> list[Any]:
        """Send an event that an ack or an event named `reply` answers; the arguments of the answer.

        Raises:
            Failed: no answer came.
        """
        if self.connection is None:
            raise Failed("the connection was lost")
        self._paced(event)
        waiting: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        if reply:
            self.waiting.ask(reply, waiting)
        number = self.tape.sent(self, event, arguments, ack=True) if self.tape else None
        try:
            return await self.connection.call(event, arguments, waiting, partial(self._acked, event, number))
        except BaseException:
            self.waiting.forget(reply or "", waiting)
            raise

    def _paced(self, event: str) -> None:
        if self.pace is not None:
            self.pace.note(event, time.monotonic())

    def _acked(self, event: str, number: int | None, answer: list[Any]) -> None:
        self.heard()
        if self.tape:
            self.tape.acked(self, event, number, answer)

    def taped(self, tape: SampleRecorder) -> None:
        """It is of a sample from now on."""
        self.tape = tape
        tape.members.append(self)
        if self.connection is not None:
            self.connection.recognise(NOTHING)
            tape.opened(self, self.connection.sid)

    def untaped(self) -> None:
        """It is of no sample any more."""
        self.tape = None
        if self.connection is not None:
            self.connection.recognise(self._known())

    def _known(self) -> Mapping[bytes, Heard]:
        """The frames that need not be decoded: none of a sample, or of a connection that may be recovered."""
        is_decoded = self.tape is not None or self.context.words.bundle.recovery is not None
        return NOTHING if is_decoded else self.context.hearing.known

    # --- receiving -------------------------------------------------------------------------------------------

    def first(self, frame: bytes, packet: codec.Packet | None, why: str) -> None:
        """A frame has come that nobody knew."""
        self.heard()
        self.context.hearing.hear(self, frame, packet, why)

    def heard(self) -> None:
        """Something has come: what the service had sent this socket before has come, too, or never will."""
        now_ns, everyone = time.monotonic_ns(), self.context.everyone
        for room in self.rooms.values():
            room.heard(self.number, now_ns)
        if everyone is not None:
            everyone.heard(self.number, now_ns)

    def refused(self, payload: Any, frame: bytes) -> None:
        """The service tells it that a request was bad: its oldest publication of which nobody has heard anything."""
        self.error = f"the service answered {payload!r}"
        if any(self.number in room.unsure for room in self.rooms.values()):
            return  # It is about the room that it asks to come into, or to leave.
        while self.emitted:
            publication = self.emitted.popleft()
            if publication.first_ns or publication.closed:
                continue
            self.context.refused(self, publication, self.error, frame)
            return

    async def ask(self) -> bool:
        """Ask for what the service has to answer, to know that nothing sent before is on its way; whether it did."""
        question, room = self.context.words.question, next(iter(self.rooms), None)
        if room is None or question is None or self.waiting or not self.connected:
            return False
        try:
            await self.call(question, room)
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
        return self.connection is not None and bool(self.connection.pid)

    def notice(self, event: str, arguments: list[Any], frame: bytes) -> None:
        """An event has come that may be an answer."""
        if event == self.context.words.error:
            self.refused(arguments[0] if arguments else None, frame)
        self.waiting.come(event, arguments)
