"""A sample of a run: all that happened in one small room, as a transcript that the rules of a check can judge."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any, Protocol

from conformance.model.act import HTTP
from conformance.model.transcript import Acked, AnyEntry, Called, Closed, Got, How, Marked, Opened, Sent, Transcript
from conformance.support.wall_clock import WallClock
from contracts.model import Call
from loadtests.ledger.ledger import Ledger
from loadtests.worker.wire import codec

MOST_MEMBERS = 20
"""A sample is of a room that is no larger: each of its frames is decoded for every one of its receivers."""

TAPED_S = 10.0
"""How long a room is sampled, from its first socket on."""

MOST_ENTRIES = 5000
"""A sample that comes to more before a quiet moment is dropped: cut off, it would show losses that are none."""

MOST_BYTES = 8_000_000
"""The same for what was received, as it came; it takes several times as much once it is read."""


class Sampled(Protocol):
    """Whose events are written down."""

    number: int
    user: str
    token: str | None
    known_as: str | None
    connections: int
    under_way: set[int]

    @property
    def connected(self) -> bool:
        """Whether it has a connection."""

    async def ask(self) -> bool:
        """Ask for what the service has to answer; whether it did."""

    def untaped(self) -> None:
        """It is of no sample any more."""


class SampleRecorder:
    """What happens in one room, and to its sockets."""

    def __init__(
        self,
        room: str,
        scenario: str,
        stalls: Iterable[tuple[int, int]],
        timeout_s: float | None = None,
        part: str = "",
    ) -> None:
        self.room = room
        self.scenario = scenario
        self._part = part
        self._stalls = stalls
        """(began, lasted) in ns of each time in which Roomcheck's event loop was stalled, as it goes on."""
        self._timeout_s = timeout_s
        """The wait that a person set in place of the contract's deadlines."""
        self._held_up: tuple[tuple[float, float], ...] = ()
        self._zero_s = time.monotonic()
        self._wall = WallClock()
        self._entries: list[AnyEntry] = []
        self._bytes = 0
        self._ended_s = 0.0
        self._acks = 0
        self.members: list[Sampled] = []

    def now(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self._zero_s

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return not self._ended_s

    def add(self, entry: AnyEntry, size_bytes: int = 0) -> None:
        """Write down what happened; what becomes too much is forgotten at once.

        Args:
            size_bytes: of what was received.
        """
        if not self.running:
            return
        self._wall.look(self.now())
        self._entries.append(entry)
        self._bytes += size_bytes
        if len(self._entries) > MOST_ENTRIES or self._bytes > MOST_BYTES:
            self.drop()

    # --- what members do and see -----------------------------------------------------------------------------

    def opened(self, member: Sampled, sid: str) -> None:
        """A socket is connected."""
        shown = "own" if member.token else "none"
        self.add(Opened(at_s=self.now(), actor=_name(member), socket=sid, token=shown, user=member.known_as))

    def closed(self, member: Sampled, by_us: bool, reason: str = "") -> None:
        """A connection is over."""
        self.add(Closed(at_s=self.now(), actor=_name(member), by="us" if by_us else "service", reason=reason))

    def sent(self, member: Sampled, event: str, arguments: tuple[Any, ...], *, ack: bool = False) -> int | None:
        """An event was emitted; the number of its ack, where one was asked for."""
        self._acks += ack
        number = self._acks if ack else None
        self.add(Sent(at_s=self.now(), actor=_name(member), event=event, args=arguments, ack=number))
        return number

    def acked(self, member: Sampled, event: str, number: int | None, answer: list[Any]) -> None:
        """An event was acknowledged."""
        if number is not None:
            entry = Acked(at_s=self.now(), actor=_name(member), event=event, ack=number, args=tuple(answer))
            self.add(entry, _size_bytes(answer) if self.running else 0)

    def got(self, member: Sampled, event: str, arguments: list[Any], size_bytes: int = 0) -> None:
        """An event has come."""
        self.add(Got(at_s=self.now(), actor=_name(member), event=event, args=tuple(arguments)), size_bytes)

    def marked(self, member: Sampled, room: str, *, inside: bool, how: How) -> None:
        """A socket was shown to be in the room, or out of it."""
        self.add(Marked(at_s=self.now(), actor=_name(member), mark="in" if inside else "out", room=room, how=how))

    def called(
        self, call: Call, room: str, body: Any, begun_ns: int, status: int | None, answer: bytes, token: str
    ) -> None:
        """A call that was begun then is answered now.

        Args:
            begun_ns: on the monotonic clock. What the call caused came after it, however late it is written down.
        """
        try:
            told = codec.value(answer) if answer else None
        except codec.Malformed:
            told = answer.decode("utf-8", "replace")
        now_s = self.now()
        key = call.params()[0]
        self.add(
            Called(
                at_s=begun_ns / 1e9 - self._zero_s,
                done_s=now_s,
                actor=HTTP,
                call=call.name,
                method=call.method,
                path=call.path.replace(f":{key}", room),
                params={key: room},
                body=body,
                token=token,
                status=status,
                answer=told,
            ),
            len(answer),
        )

    # --- its end ---------------------------------------------------------------------------------------------

    def look(self, ledger: Ledger, *, calls_under_way: bool) -> None:
        """End it at a quiet moment after its time: nothing is on its way to the room."""
        quiet = not calls_under_way and not ledger.waiting(self.room)
        if self.running and quiet and self.now() > TAPED_S:
            self.end()

    def cut(self, room: str, ledger: Ledger) -> None:
        """End it before its room is over; where anything is still on its way it is not whole, and dropped."""
        if self.running and self.room == room:
            ledger.settle(time.monotonic_ns())
            self.drop() if ledger.waiting(room) else self.end()

    def drop(self) -> None:
        """Forget it: it is not whole, and would show losses that are none."""
        self._entries.clear()
        self.end()

    def end(self) -> None:
        """Write nothing down any more."""
        if self.running:
            since = ((began_ns / 1e9 - self._zero_s, lasted_ns / 1e9) for began_ns, lasted_ns in self._stalls)
            self._held_up = tuple((began_s, lasted_s) for began_s, lasted_s in since if began_s + lasted_s > 0)
            self._ended_s = self.now()
        for member in self.members:
            member.untaped()
        self.members.clear()

    def transcript(self) -> Transcript | None:
        """What was written down; None where it was too much."""
        if not self._entries:
            return None
        entries = tuple(sorted(self._entries, key=lambda entry: entry.at_s))
        return Transcript(
            act=f"load-{self.scenario}",
            part=self._part,
            rooms=(self.room,),
            entries=entries,
            began_s=0.0,
            ended_s=self._ended_s or self.now(),
            epoch_s=self._wall.epoch_s,
            reset_epochs_s=self._wall.look(self.now()),
            timeout_s=self._timeout_s,
            stalls=self._held_up,
        )


def _size_bytes(answer: list[Any]) -> int:
    """About as much as an answer had on the wire."""
    try:
        return len(codec.encode_json(answer))
    except (ValueError, TypeError, OverflowError, RecursionError):
        return MOST_BYTES // 10  # It has a number that only Python writes, or is nested deeply.


def _name(member: Sampled) -> str:
    """The actor: to the rules of a check, who comes back with another connection is somebody else."""
    return f"m{member.number}" + (f"-{member.connections}" if member.connections > 1 else "")
