"""The ledger of deliveries: what every socket was owed, and what became of it. Pure: times are given to it.

A publication is owed to every socket that was surely a member of its room when it was made. A delivery is ok, or late
where it took longer than its contract allows; what does not come at all is lost, if the socket was connected and a
member all the while; where it was not it is excused. A second delivery is a duplicate, one after a later one that was
begun when it was already taken is reordered, one that comes to a socket of another room, or to one that had left, is
leaked.

Streams number the publications of one publisher; the number of a stream names its worker, too, so that it is one over
the whole run. What another worker published is told by `announce`; what of it came before waits until then.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from loadtests.histogram import Tags
from loadtests.publication import Publication, Room, State, Stay, Trend, Witness

Count: TypeAlias = tuple[str, str, str]
"""What is counted: its name, the scenario, and the step of a scenario that goes through steps."""

LOST_NS = 5_000_000_000
"""How long a delivery may take before it counts as lost: more than any latency that a person would call live."""

KEPT_NS = 10_000_000_000
"""How long after that a publication is remembered, so that what comes later still is told from the unknown."""

DEFECTS = ("lost", "late", "duplicate", "reordered", "leaked", "contract_failed", "unstored", "stored_twice")
"""What makes a run fail: the service did not keep what it owes."""

FAILURES = ("refused_sockets", "unreached", "disconnected", "unjoined", "unleft", "refused", "unanswered", "unread")
"""What makes a run fail as failed requests make one of Locust's: nothing was owed for it, but it did not succeed."""

OURS = ("unsent", "exhausted", "own_error")
"""What is the generator's own doing."""

ORDER = (
    "connected", "published", "ok", "excused", "unknown", "pending", "stored", "unaudited", "skipped", "dropped",
    "rejoined", "missed", "slow", *FAILURES, *OURS, *DEFECTS,
)  # fmt: skip
"""Every count, in the order in which it is told."""


def _never(since_ns: int, until_ns: int) -> int:
    return 0


@dataclass(slots=True)
class Ledger:
    """The ledger of one process."""

    lost_ns: int = LOST_NS
    counts: Counter[Count] = field(default_factory=Counter)
    rooms: dict[str, Room] = field(default_factory=dict)
    publications: dict[tuple[int, int], Publication] = field(default_factory=dict)
    trends: dict[tuple[str, Tags], Trend] = field(default_factory=dict)
    witnesses: dict[str, Witness] = field(default_factory=dict)
    faults: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Defects by name and event, for whoever takes them away to tell them."""
    forget: Callable[[bytes], object] = bool
    """Is told of frames that need not be known any more."""
    stalled_ns: Callable[[int, int], int] = _never
    """How long our own side was held up between two times: what came late then is not the service's doing."""
    orphans: dict[tuple[int, int], list[tuple[int, int, bytes]]] = field(default_factory=dict)
    """(socket, time, frame) of what has come of publications that nobody has told of yet."""
    _open: deque[Publication] = field(default_factory=deque)
    _settled: deque[tuple[int, Publication]] = field(default_factory=deque)
    """Publications with the time at which they were settled."""
    _newest: dict[int, int] = field(default_factory=dict)
    """The highest number of each stream."""
    _ended_ns: dict[int, int] = field(default_factory=dict)
    """When stays ended: what was on its way to them is excused."""
    _stays: int = 0

    def room(self, name: str, scenario: str = "", *, shared: bool = False) -> Room:
        """The room of that name, made where there is none."""
        if name not in self.rooms:
            self.rooms[name] = Room(name, scenario, shared)
        return self.rooms[name]

    def trend(self, name: str, tags: Tags) -> Trend:
        """The trend of that name and tags."""
        if (name, tags) not in self.trends:
            self.trends[name, tags] = Trend()
        return self.trends[name, tags]

    # --- members ---------------------------------------------------------------------------------------------

    def unsure(self, room: Room, socket: int, now_ns: int) -> None:
        """A socket asks to come or to go: until that is sure it may hear what is said, and is owed nothing."""
        self._end(room, socket, now_ns)
        room.unsure.add(socket)

    def enter(self, room: Room, socket: int, now_ns: int) -> None:
        """A socket is surely a member from now on."""
        if socket in room.stays:
            return
        self._stays += 1
        room.stays[socket] = Stay(self._stays, socket)
        room.unsure.discard(socket)
        room.left_ns.pop(socket, None)
        if room.shared:
            room.entered.append((now_ns, self._stays))
        room.changed()

    def leave(self, room: Room, socket: int, now_ns: int) -> None:
        """A socket is surely no member: nothing that is published from now on may come to it."""
        self._end(room, socket, now_ns)
        room.unsure.discard(socket)
        room.left_ns[socket] = now_ns

    def _end(self, room: Room, socket: int, now_ns: int) -> None:
        stay = room.stays.pop(socket, None)
        if stay is not None:
            self._ended_ns[stay.number] = now_ns
            room.changed()

    # --- publications ----------------------------------------------------------------------------------------

    def publish(
        self, room: Room, stream: int, number: int, *, due_ns: int, now_ns: int, floor: int = -1, tags: Tags = (),
        trend: str = "delivery", patience_ns: int = LOST_NS,
    ) -> Publication:  # fmt: skip
        """Note a publication that begins now, and was due then; its deliveries are timed in that trend.

        Args:
            patience_ns: how long a delivery may take by the contract of its event, from the answer of its call.
        """
        one = self._note(room, stream, number, due_ns, now_ns, floor, tags, trend, patience_ns)
        one.owed = room.members()
        self.counts["published", room.scenario, one.step] += 1
        return one

    def announce(
        self, room: Room, stream: int, number: int, *, due_ns: int, begun_ns: int, answered_ns: int, floor: int,
        tags: Tags, state: State, error_ns: int, patience_ns: int = LOST_NS,
    ) -> None:  # fmt: skip
        """Another worker tells of what it published; what has come of it already is counted now.

        Args:
            error_ns: how far off the other's clock may be: who came or went within it is owed nothing.
        """
        one = self._note(room, stream, number, due_ns, begun_ns, floor, tags, "delivery", patience_ns + error_ns)
        one.state, one.answered_ns, one.error_ns = state, answered_ns, error_ns
        here = (stay for at_ns, stay in room.entered if at_ns < begun_ns - error_ns)
        edge_ns = begun_ns + error_ns
        one.owed = frozenset(stay for stay in here if self._ended_ns.get(stay, edge_ns + 1) > edge_ns)
        for socket, at_ns, frame in self.orphans.pop((stream, number), ()):
            self.deliver(one, socket, at_ns, frame)

    def _note(
        self, room: Room, stream: int, number: int, due_ns: int, begun_ns: int, floor: int, tags: Tags, trend: str,
        patience_ns: int,
    ) -> Publication:  # fmt: skip
        one = Publication(room, stream, number, self.trend(trend, tags), tags, self.deliver)
        one.due_ns, one.begun_ns, one.floor = due_ns, begun_ns, floor
        one.patience_ns, one.plain_ns, one.overdue_ns = patience_ns, begun_ns + patience_ns, begun_ns + self.lost_ns
        newest = self._newest.get(stream, -1)
        self._newest[stream] = max(newest, number)
        before = self.publications.get((stream, newest)) if newest < number else one
        if before is not None:
            before.plain_ns = 0  # From now on it matters whether it comes after the other.
        self.publications[stream, number] = one
        self._open.append(one)
        return one

    def answered(self, one: Publication, state: State, now_ns: int) -> None:
        """What became of the call that published it. Where it was refused nobody is owed it."""
        one.state, one.answered_ns = state, now_ns
        one.overdue_ns = now_ns + self.lost_ns
        if state != "taken":
            self.counts[state, one.room.scenario, one.step] += 1
        if state == "refused":
            one.owed = frozenset()

    # --- deliveries ------------------------------------------------------------------------------------------

    def deliver(self, one: Publication, socket: int, now_ns: int, frame: bytes = b"") -> None:
        """A socket has received a publication, whatever that means for it."""
        one.first_ns = one.first_ns or now_ns
        stay = one.room.stays.get(socket)
        if stay is None:
            left_ns = one.room.left_ns.get(socket)
            if socket not in one.room.unsure and (left_ns is None or one.begun_ns - one.error_ns > left_ns):
                self.defect("leaked", one.room, socket, now_ns, frame, one)
        else:
            self._take(one, stay, now_ns, frame)

    def _take(self, one: Publication, stay: Stay, now_ns: int, frame: bytes) -> None:
        """A member has received it: in time or late, in order or not, for the first time or not."""
        number, group = stay.number, (one.room.scenario, one.step)
        if number == one.sender:
            self.defect("leaked", one.room, stay.socket, now_ns, frame, one, "it came back to its sender")
            return
        if one.heard(stay):
            self.defect("duplicate", one.room, stay.socket, now_ns, frame, one)
            return
        late = self._owed_by(one, now_ns)
        if number in one.lost:
            one.lost.discard(number)
            self.counts["lost", *group] -= 1
            self.counts["ok", *group] += not late
        elif one.closed:
            return  # It came when this was on its way: it may hear it or not.
        else:
            one.got.add(number)
            late = late and number in one.owed
            one.late += late
        if late:
            self.defect("late", one.room, stay.socket, now_ns, frame, one)
        one.latencies.append(now_ns - one.due_ns)
        one.last_ns = now_ns
        newest = self._newest[one.stream]
        later = (self.publications.get((one.stream, number)) for number in range(one.number + 1, newest + 1))
        if any(other and other.floor >= one.number and other.heard(stay) for other in later):
            self.defect("reordered", one.room, stay.socket, now_ns, frame, one)

    def _owed_by(self, one: Publication, now_ns: int) -> bool:
        """Whether a delivery is due by then, by its contract, and not on its way only because we were held up."""
        since_ns = max(one.begun_ns, one.answered_ns)
        if one.state != "taken" or now_ns - since_ns <= one.patience_ns:
            return False  # From an answer that never came nothing can be counted.
        return now_ns - since_ns - self.stalled_ns(since_ns, now_ns) > one.patience_ns

    def defect(
        self, name: str, room: Room, socket: int, now_ns: int, frame: bytes = b"", one: Publication | None = None,
        why: str = "",
    ) -> None:  # fmt: skip
        """Count a defect; the first of each kind is kept."""
        self.counts[name, room.scenario, one.step if one else ""] += 1
        self.faults[name, dict(one.tags).get("event", "") if one else ""] += 1
        if name not in self.witnesses:
            self.witnesses[name] = Witness(
                defect=name,
                room=room.name,
                why=why,
                socket=socket,
                at_ns=now_ns,
                stream=one.stream if one else -1,
                number=one.number if one else -1,
                due_ns=one.due_ns if one else 0,
                frame=frame.decode("utf-8", "replace"),
            )

    # --- settling --------------------------------------------------------------------------------------------

    def settle(self, now_ns: int) -> None:
        """Close the books on what has come everywhere, and on what is overdue; forget what is long past."""
        still: deque[Publication] = deque()
        for one in self._open:
            if one.state != "begun" and (one.owed <= one.got or self._overdue(one, now_ns)):
                self._close(one, now_ns)
            else:
                still.append(one)
        self._open = still
        while self._settled and now_ns - self._settled[0][0] > self.lost_ns + KEPT_NS:
            _, old = self._settled.popleft()
            self.publications.pop((old.stream, old.number), None)
            for frame in old.frames:
                self.forget(frame)
        edge_ns = min((one.begun_ns for one in still), default=now_ns) - self.lost_ns - KEPT_NS
        for stay in [stay for stay, at_ns in self._ended_ns.items() if at_ns < edge_ns]:
            del self._ended_ns[stay]

    def _overdue(self, one: Publication, now_ns: int) -> bool:
        """Whether what has not come will not: not as long as we may only have had no time to read it."""
        over_ns = now_ns - one.overdue_ns
        return over_ns > 0 and over_ns > self.stalled_ns(one.begun_ns, now_ns)

    def _close(self, one: Publication, now_ns: int) -> None:
        group = (one.room.scenario, one.step)
        one.closed, one.plain_ns = True, 0
        self._settled.append((now_ns, one))
        missing = one.owed - one.got
        self.counts["ok", *group] += len(one.owed) - len(missing) - one.late
        for stay in missing:
            if one.state == "unanswered":
                self.counts["unknown", *group] += 1
            elif stay in self._ended_ns and not self._owed_by(one, self._ended_ns[stay]):
                self.counts["excused", *group] += 1
            else:
                one.lost.add(stay)
                self.defect("lost", one.room, self._socket(one.room, stay), now_ns, b"", one)
        if missing:
            one.owed = (one.owed - missing) | one.lost
        one.trend.size_bytes += one.size_bytes * len(one.got)
        if one.got:
            self.trend("first", one.tags).fresh.append(one.first_ns - one.begun_ns)
            self.trend("spread", one.tags).fresh.append(one.last_ns - one.first_ns)
        one.got = set()

    def _socket(self, room: Room, number: int) -> int:
        return next((stay.socket for stay in room.stays.values() if stay.number == number), -1)

    def drained(self) -> bool:
        """Whether every publication is settled, and everything that came is known."""
        return not self._open and not self.orphans

    def waiting(self, room: str) -> bool:
        """Whether anything is on its way to a room."""
        return any(one.room.name == room for one in self._open)

    def pending(self) -> Counter[Count]:
        """What is owed and has not come yet."""
        owed: Counter[Count] = Counter()
        for one in self._open:
            owed["pending", one.room.scenario, one.step] += len(one.owed - one.got)
        return owed


def defects(counts: Mapping[str, int]) -> dict[str, int]:
    """What the service did not keep."""
    return {name: counts[name] for name in DEFECTS if counts.get(name)}


def failures(counts: Mapping[str, int]) -> dict[str, int]:
    """What was asked of the service and did not succeed."""
    return {name: counts[name] for name in FAILURES if counts.get(name)}
