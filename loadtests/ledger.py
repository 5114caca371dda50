"""The ledger of deliveries: what every socket was owed, and what became of it. Pure: times are given to it.

A publication is owed to every socket that was surely a member of its room when it was made. A delivery is ok or late;
what does not come within the deadline is lost, if the socket was connected and a member all the while; where it was not
it is excused. A second delivery is a duplicate, one after a later one that was begun when it was already taken is
reordered, one that comes to a socket of another room, or to one that had left, is leaked.

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

DEADLINE_NS = 5_000_000_000
"""How long a delivery may take before it counts as lost: more than any latency that a person would call live."""

KEPT_NS = 10_000_000_000
"""How long after its deadline a publication is remembered, so that what comes later still is told from the unknown."""

DEFECTS = ("lost", "duplicate", "reordered", "leaked", "contract_failed", "unstored", "stored_twice")
"""What makes a run fail."""

ORDER = (
    "connected", "refused_sockets", "published", "refused", "unanswered", "unsent", "skipped", "exhausted",
    "ok", "late", "excused", "unknown", "pending", "stored", "unread", "dropped", "rejoined", "missed", "slow",
    *DEFECTS,
)  # fmt: skip
"""Every count, in the order in which it is told."""


@dataclass(slots=True)
class Ledger:
    """The ledger of one process."""

    deadline_ns: int = DEADLINE_NS
    counts: Counter[Count] = field(default_factory=Counter)
    rooms: dict[str, Room] = field(default_factory=dict)
    publications: dict[tuple[int, int], Publication] = field(default_factory=dict)
    trends: dict[tuple[str, Tags], Trend] = field(default_factory=dict)
    witnesses: dict[str, Witness] = field(default_factory=dict)
    faults: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Defects by name and event, for whoever takes them away to tell them."""
    forget: Callable[[bytes], object] = bool
    """Is told of frames that need not be known any more."""
    orphans: dict[tuple[int, int], list[tuple[int, int, bytes]]] = field(default_factory=dict)
    """(socket, time, frame) of what has come of publications that nobody has told of yet."""
    _open: deque[Publication] = field(default_factory=deque)
    _settled: deque[Publication] = field(default_factory=deque)
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
        trend: str = "delivery",
    ) -> Publication:  # fmt: skip
        """Note a publication that begins now, and was due then; its deliveries are timed in that trend."""
        one = self._note(room, stream, number, due_ns, now_ns, floor, tags, trend)
        one.owed = room.members()
        self.counts["published", room.scenario, one.step] += 1
        return one

    def announce(
        self, room: Room, stream: int, number: int, *, due_ns: int, begun_ns: int, floor: int, tags: Tags,
        state: State, error_ns: int,
    ) -> None:  # fmt: skip
        """Another worker tells of what it published; what has come of it already is counted now.

        Args:
            error_ns: how far off the other's clock may be: who came or went within it is owed nothing.
        """
        one = self._note(room, stream, number, due_ns, begun_ns, floor, tags, "delivery")
        one.state, one.error_ns = state, error_ns
        here = (stay for at_ns, stay in room.entered if at_ns < begun_ns - error_ns)
        edge_ns = begun_ns + error_ns
        one.owed = frozenset(stay for stay in here if self._ended_ns.get(stay, edge_ns + 1) > edge_ns)
        for socket, at_ns, frame in self.orphans.pop((stream, number), ()):
            self.deliver(one, socket, at_ns, frame)

    def _note(
        self, room: Room, stream: int, number: int, due_ns: int, begun_ns: int, floor: int, tags: Tags, trend: str
    ) -> Publication:
        one = Publication(room, stream, number, self.trend(trend, tags), tags)
        one.due_ns, one.begun_ns, one.floor = due_ns, begun_ns, floor
        one.overdue_ns = begun_ns + self.deadline_ns
        self.publications[stream, number] = one
        self._open.append(one)
        return one

    def answered(self, one: Publication, state: State) -> None:
        """What became of the call that published it. Where it was refused nobody is owed it."""
        one.state = state
        if state != "taken":
            self.counts[state, one.room.scenario, one.step] += 1
        if state == "refused":
            one.owed = frozenset()

    # --- deliveries ------------------------------------------------------------------------------------------

    def deliver(self, one: Publication, socket: int, now_ns: int, frame: bytes = b"") -> None:
        """A socket has received a publication."""
        one.first_ns = one.first_ns or now_ns
        stay = one.room.stays.get(socket)
        if stay is None:
            left_ns = one.room.left_ns.get(socket)
            if socket not in one.room.unsure and (left_ns is None or one.begun_ns - one.error_ns > left_ns):
                self.defect("leaked", one.room, socket, now_ns, frame, one)
        elif not one.plain(stay, now_ns):
            self._odd(one, stay, now_ns, frame)

    def _odd(self, one: Publication, stay: Stay, now_ns: int, frame: bytes) -> None:
        """A delivery that is late, out of order, or not the first."""
        number, group = stay.number, (one.room.scenario, one.step)
        if one.heard(stay):
            self.defect("duplicate", one.room, stay.socket, now_ns, frame, one)
            return
        if number in one.lost:
            one.lost.discard(number)
            self.counts["lost", *group] -= 1
            self.counts["late", *group] += 1
        elif one.overdue_ns == 0:
            return  # It came when this was on its way: it may hear it or not.
        else:
            one.got.add(number)
            late = now_ns > one.overdue_ns and number in one.owed
            one.late += late
            self.counts["late", *group] += late
        one.latencies.append(now_ns - one.due_ns)
        one.last_ns = now_ns
        latest = stay.latest.get(one.stream, -1)
        between = (self.publications.get((one.stream, later)) for later in range(one.number + 1, latest + 1))
        if any(later and later.floor >= one.number and later.heard(stay) for later in between):
            self.defect("reordered", one.room, stay.socket, now_ns, frame, one)
        stay.latest[one.stream] = max(latest, one.number)

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
            if one.state != "begun" and (now_ns > one.overdue_ns or one.owed <= one.got):
                self._close(one, now_ns)
            else:
                still.append(one)
        self._open = still
        while self._settled and now_ns - self._settled[0].begun_ns > self.deadline_ns + KEPT_NS:
            old = self._settled.popleft()
            self.publications.pop((old.stream, old.number), None)
            for frame in old.frames:
                self.forget(frame)
        edge_ns = min((one.begun_ns for one in still), default=now_ns) - self.deadline_ns - KEPT_NS
        for stay in [stay for stay, at_ns in self._ended_ns.items() if at_ns < edge_ns]:
            del self._ended_ns[stay]

    def _close(self, one: Publication, now_ns: int) -> None:
        group = (one.room.scenario, one.step)
        overdue_ns, one.overdue_ns = one.overdue_ns, 0
        self._settled.append(one)
        missing = one.owed - one.got
        self.counts["ok", *group] += len(one.owed) - len(missing) - one.late
        for stay in missing:
            if self._ended_ns.get(stay, overdue_ns + 1) <= overdue_ns:
                self.counts["excused", *group] += 1
            elif one.state == "unanswered":
                self.counts["unknown", *group] += 1
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
    """The counts that make a run fail."""
    return {name: counts[name] for name in DEFECTS if counts.get(name)}
