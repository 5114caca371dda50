"""What the ledger is made of: rooms, the stays of sockets in them, publications and who has heard them. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Set
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias

from conformance.model.transcript import ARRIVAL_S
from loadtests.ledger.histogram import Histogram, Tags

State: TypeAlias = Literal["begun", "taken", "refused", "unanswered", "resent"]
"""What is known of a publication: its call is under way, or how the service answered it. One that was sent on a
connection which the service was just closing is sent again as another."""


ARRIVAL_NS = int(ARRIVAL_S * 1e9)
"""How much closer two publications may come to a service than they were sent, where it shows nothing of the first."""

MOST_NEAR = 32
"""How many publications before one, and after it, are looked at for one that was heard."""

SILENT_NS = 2_000_000_000
"""After how long without a word a service may have stood still, and have everything of that time still to do. Sockets
that lack something are asked for a word four times as often."""


TOLD_NS = 60_000_000_000
"""How long after it began a publication may be told of by another worker: once its call is answered, or given up, and
with the report after that. The other's clock may be off by less than that, too."""

FEW = 100
"""Stays in a shared room that are remembered without looking for those that are long over."""

NEVER_NS = 2**63
"""Later than any time of the monotonic clock."""


class Trend:
    """Times in ns that are still to be counted, and those that are."""

    __slots__ = ("fresh", "histogram", "size_bytes")

    def __init__(self) -> None:
        self.fresh: list[int] = []
        self.histogram = Histogram()
        self.size_bytes = 0

    def fold(self) -> Histogram:
        """Count what is fresh, and give it."""
        fresh = Histogram()
        fresh.add(self.fresh)
        self.fresh.clear()
        self.histogram.merge(fresh)
        return fresh


class Membership:
    """One socket's stay in a room."""

    __slots__ = ("back_ns", "ended_ns", "heard_ns", "number", "socket", "woke_ns")

    def __init__(self, number: int, socket: int) -> None:
        self.number = number
        self.socket = socket
        self.heard_ns = 0
        """When anything came to the socket last: what the service had sent it before is there, or is not coming."""
        self.woke_ns = 0
        """When the first came after a silence: what a service does in other tasks than it answers in comes after it."""
        self.ended_ns = 0
        """When it ended; 0 while it goes on."""
        self.back_ns = 0
        """When its connection was recovered last: what was published before it is no measure of the service's haste."""

    def hears(self, now_ns: int) -> None:
        """Something has come to the socket."""
        if now_ns - self.heard_ns > SILENT_NS:
            self.woke_ns = now_ns
        self.heard_ns = now_ns


class Receiver(Protocol):
    """A socket."""

    number: int


Deliver: TypeAlias = Callable[["Publication", int, int, bytes], None]
"""What notes any delivery: the publication, the socket, the time in ns, the frame."""


class Promises(NamedTuple):
    """The events whose deliveries are promised otherwise than once."""

    volatile: frozenset[str] = frozenset()
    """They may be lost on the way."""
    repeatable: frozenset[str] = frozenset()
    """They may come again until they are acked."""


NO_PROMISES = Promises()


class Publication:
    """Something told to a room, and who has heard it."""

    __slots__ = (
        "_deliver", "_stays", "after", "answered_ns", "before", "begun_ns", "closed", "due_ns", "error_ns", "event",
        "first_ns", "floor", "frames", "gap_ns", "got", "id", "last_ns", "late", "latencies", "lost", "number", "only",
        "overdue_ns", "owed", "patience_ns", "plain_ns", "probed", "quiet", "repeatable", "room", "sender",
        "size_bytes", "state", "step", "stream", "tags", "trend", "volatile", "within",
    )  # fmt: skip

    def __init__(
        self, room: Room, stream: int, number: int, trend: Trend, tags: Tags, deliver: Deliver,
        promises: Promises = NO_PROMISES,
    ) -> None:  # fmt: skip
        self.room = room
        self._stays = room.stays
        self._deliver = deliver
        self.stream = stream
        self.number = number
        self.trend = trend
        self.tags = tags
        named = dict(tags)
        self.step, self.event = named.get("step", ""), named.get("event", "")
        self.latencies = trend.fresh
        self.floor = -1
        """Everything of the stream up to here was taken before this was begun, and has to come before it."""
        self.due_ns = self.begun_ns = self.first_ns = self.last_ns = 0
        self.error_ns = 0
        """How far off the clock may be that these times were taken from."""
        self.answered_ns = 0
        """When the call was answered that published it; until then a delivery is not late."""
        self.patience_ns = 0
        """How long a delivery may take by the contract of its event."""
        self.plain_ns = 0
        """Until then a delivery to a member that has not had it is in time and in order: it is the latest of its stream
        that anybody has received, and is not settled. 0 where that is not so."""
        self.overdue_ns = 0
        """From here on what has not come is lost."""
        self.closed = False
        """It is settled: what has not come is lost, or excused."""
        self.owed: Set[int] = frozenset()
        self.got: set[int] = set()
        """Who has heard it, until it is settled; then it is those that it was owed to, but for the lost."""
        self.sender = -1
        """The stay that must not hear it, where that is told to everybody else."""
        self.only: Set[int] | None = None
        """The stays that may hear it, where it is told to single sockets; None where nobody is barred."""
        self.within: Room | None = None
        """The room whose members may hear it besides: who joins it meanwhile may, too."""
        self.lost: set[int] = set()
        self.late = 0
        self.gap_ns = 0
        """How long after the one before the service has to take it; what comes sooner it may drop."""
        self.before: Publication | None = None
        """The one before of the same stream, where there is such a gap, and the one after it."""
        self.after: Publication | None = None
        self.volatile = self.event in promises.volatile
        """It may be lost on the way."""
        self.repeatable = self.event in promises.repeatable
        """The service may send it again until it is acked."""
        self.quiet = False
        """Its socket heard nothing from the one before until this one: the service may have had both at once."""
        self.probed: set[int] | None = None
        """The sockets that have received it, where it is to show who is in the room: nobody is owed it."""
        self.state: State = "begun"
        self.size_bytes = 0
        self.frames: list[bytes] = []
        self.id: Any = None
        """By which the service calls it, from its call's answer or its first frame, whichever comes first."""

    def take(self, owner: Receiver, frame: bytes, now_ns: int) -> None:
        """Note a delivery. One that is in time, in order and the first is taken here, anything else by the ledger.

        This runs for every single delivery: it is written for its price.
        """
        stay = self._stays.get(owner.number)
        if stay is not None and now_ns <= self.plain_ns and stay.number not in self.got:
            self.got.add(stay.number)
            if now_ns - stay.heard_ns > SILENT_NS:
                stay.woke_ns = now_ns
            stay.heard_ns = now_ns
            self.latencies.append(now_ns - self.due_ns)
            self.last_ns = now_ns
        else:
            self._deliver(self, owner.number, now_ns, frame)

    def follows_all(self, last: Publication | None) -> Publication:
        """It is the latest of its stream that anybody has received, in place of another; itself."""
        if last is not None:
            last.plain_ns = 0  # From now on it matters whether it comes after this one.
        # Where it is not for all each of its deliveries is asked for whom it is.
        is_for_all = self.sender < 0 and self.only is None and self.probed is None
        self.plain_ns = self.begun_ns + self.patience_ns if is_for_all and not self.closed else 0
        return self

    def barred(self, stay: Membership) -> str:
        """Why that stay must not hear it; empty where it may."""
        if stay.number == self.sender:
            return "it came back to its sender"
        if self.only is None or stay.number in self.only:
            return ""
        room, socket = self.within, stay.socket
        if room is not None:
            left_ns = room.left_ns.get(socket)
            was_there = left_ns is not None and self.begun_ns - self.error_ns <= left_ns
            if was_there or socket in room.stays or socket in room.unsure:
                return ""
        return "it was sent to others alone"

    def heard(self, stay: Membership) -> bool:
        """Whether that stay has had it."""
        number = stay.number
        return number in self.got or (self.closed and number in self.owed and number not in self.lost)

    def droppable(self, until_ns: int = 0) -> bool:
        """Whether the service may have dropped it, because it may have come too soon after one that it took.

        The service measures when things come to it. What was heard had come to it before; what was not is taken to
        have come soon after it was sent. A service that stood still, or has more to do than it can, has several at
        once, and may take any of them.

        Args:
            until_ns: how long the service may have had it under way, as long as other things that it had then.
        """
        if self.volatile:
            return True
        if not self.gap_ns or self.first_ns:
            return False
        after, quiet = self.after, True
        for _ in range(MOST_NEAR):
            if after is None:
                break
            quiet = quiet and after.quiet
            # What took longer to come than there was between the two was under way together with this one.
            took_ns, apart_ns = after.first_ns - after.begun_ns, after.begun_ns - self.begun_ns
            if after.first_ns and (quiet or took_ns > apart_ns or after.begun_ns <= until_ns):
                return True
            after = after.after
        before = self.before
        if before is None:
            return False
        came_ns = before.first_ns or before.begun_ns + ARRIVAL_NS
        for _ in range(MOST_NEAR):
            if before is None or before.first_ns:
                break
            before = before.before
        heard_ns = before.first_ns if before is not None else 0
        return self.begun_ns < max(came_ns, heard_ns) + self.gap_ns

    def follows(self, before: Publication | None, gap_ns: int, heard_ns: int) -> None:
        """The service need not take it within that time after the one before.

        Args:
            heard_ns: when the socket that publishes both heard anything last.
        """
        self.gap_ns, self.before = gap_ns, before
        if before is not None:
            before.after = self
            self.quiet = heard_ns <= before.begun_ns + ARRIVAL_NS


MOST_FRAME_BYTES = 20_000
"""Of a frame that is shown: far more than a message has, and no line of a journal becomes long by it."""


@dataclass(slots=True)
class Room:
    """A room and its members."""

    name: str
    scenario: str
    shared: bool = False
    """Members and publishers are on several workers."""
    stays: dict[int, Membership] = field(default_factory=dict)
    """The sure members, by socket."""
    away: dict[int, Membership] = field(default_factory=dict)
    """Members that have lost their connection and may recover it: what is published is owed to them if they do."""
    unsure: set[int] = field(default_factory=set)
    """Sockets that have asked to come or to go."""
    left_ns: dict[int, int] = field(default_factory=dict)
    """When sockets were surely out of it."""
    entered: deque[tuple[int, Membership]] = field(default_factory=deque)
    """(when, stay) of all who came to a shared room, for publications that are told of later."""
    changed_ns: int = 0
    """When somebody came or went last."""
    _most_entered: int = FEW
    """With so many those that are long over are looked for."""
    _frozen: frozenset[int] | None = None

    def members(self) -> frozenset[int]:
        """The stays of those who are surely members; one object as long as nobody comes or goes."""
        if self._frozen is None:
            self._frozen = frozenset(stay.number for stay in (*self.stays.values(), *self.away.values()))
        return self._frozen

    def stay_at(self, socket: int, at_ns: int) -> Membership | None:
        """The stay of a socket in a shared room at a time; None where it surely had none then."""
        stays = (stay for came_ns, stay in reversed(self.entered) if stay.socket == socket and came_ns <= at_ns)
        return next((stay for stay in stays if not 0 < stay.ended_ns < at_ns), None)

    def came(self, stay: Membership, now_ns: int) -> None:
        """Remember who came to a shared room; whoever left it before anything that is still told of is forgotten."""
        if len(self.entered) >= self._most_entered:
            self.entered = deque(one for one in self.entered if not 0 < one[1].ended_ns < now_ns - TOLD_NS)
            self._most_entered = 2 * len(self.entered) + FEW
        self.entered.append((now_ns, stay))

    def suspend(self, socket: int) -> None:
        """A member has lost its connection, and may recover it."""
        stay = self.stays.pop(socket, None)
        if stay is not None:
            stay.back_ns = NEVER_NS
            self.away[socket] = stay

    def resume(self, socket: int, now_ns: int) -> None:
        """A member has recovered its connection."""
        stay = self.away.pop(socket, None)
        if stay is not None:
            stay.back_ns = now_ns
            self.stays[socket] = stay

    def heard(self, socket: int, now_ns: int) -> None:
        """Something came to a socket: what was sent to it before is not on its way any more."""
        stay = self.stays.get(socket)
        if stay is not None:
            stay.hears(now_ns)

    def changed(self, now_ns: int) -> None:
        """Somebody has come or gone."""
        self.changed_ns = max(self.changed_ns, now_ns)
        self._frozen = None

    def members_at(self, begun_ns: int, error_ns: int) -> frozenset[int]:
        """The stays in a shared room of those who were surely members at a time that is known with some error."""
        if self.shared and self.changed_ns < begun_ns - error_ns:
            return self.members()
        here = (stay for at_ns, stay in self.entered if at_ns < begun_ns - error_ns)
        return frozenset(stay.number for stay in here if not 0 < stay.ended_ns <= begun_ns + error_ns)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstOccurrence:
    """The first that shows a defect. Times are in ns of the worker's monotonic clock."""

    defect: str
    room: str
    socket: int
    at_ns: int
    stream: int = -1
    number: int = -1
    due_ns: int = 0
    event: str = ""
    frame: str = ""
    why: str = ""

    @classmethod
    def of(cls, publication: Publication | None, *, event: str, **what: Any) -> FirstOccurrence:
        """The first that shows a defect of a publication, or of none."""
        if publication is None:
            return cls(event=event, **what)
        return cls(
            stream=publication.stream, number=publication.number, due_ns=publication.due_ns,
            event=event or publication.event, **what,
        )  # fmt: skip
