"""The ledger of deliveries: what every socket was owed, and what became of it. Pure: times are given to it.

A publication is owed to every socket that was surely a member of its room when it was made. A delivery is ok, or late
where it took longer than its contract allows. What does not come is lost where that is proved: it is overdue, and the
socket, a member all the while, has heard something since, which came over the same road. Where the socket left before,
or the service may have dropped it by its contract, it is excused; where nothing is proved, it is unknown. A second
delivery is a duplicate, one after a later one that was begun when it was already taken is reordered, one that comes to
a socket of another room, or to one that had left, is leaked.

Streams number the publications of one publisher; the number of a stream names its worker, too, so that it is one over
the whole run. What another worker published is told by `announce`; what of it came before waits until then.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from loadtests.ledger.counts import DEFECTS
from loadtests.ledger.histogram import Tags
from loadtests.ledger.publication import (
    MOST_FRAME_BYTES,
    FirstOccurrence,
    Membership,
    Promises,
    Publication,
    Room,
    State,
    Trend,
)
from loadtests.ledger.slowness import Slowness

Count: TypeAlias = tuple[str, str, str]
"""What is counted: its name, the scenario, and the step of a scenario that goes through steps."""

LOST_NS = 5_000_000_000
"""How long a delivery may take before it counts as lost: more than any latency that a person would call live."""

KEPT_NS = 10_000_000_000
"""How long after that a publication is remembered, so that what comes later still is told from the unknown."""


@dataclass(slots=True)
class Ledger:
    """The ledger of one process."""

    lost_ns: int = LOST_NS
    counts: Counter[Count] = field(default_factory=Counter)
    rooms: dict[str, Room] = field(default_factory=dict)
    publications: dict[tuple[int, int], Publication] = field(default_factory=dict)
    trends: dict[tuple[str, Tags], Trend] = field(default_factory=dict)
    witnesses: dict[str, FirstOccurrence] = field(default_factory=dict)
    faults: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Defects by name and event, for whoever takes them away to tell them."""
    forget: Callable[[bytes], object] = bool
    """Is told of frames that need not be known any more."""
    stalled_ns: Callable[[int, int], int] = field(default=lambda _since_ns, _until_ns: 0)
    """How long Roomcheck's event loop was stalled between two times: what came late then is not the service's doing."""
    covered: Callable[[str], str] = str
    """A text without secrets."""
    promises: Promises = field(default_factory=Promises)
    orphans: dict[tuple[int, int], list[tuple[int, int, bytes]]] = field(default_factory=dict)
    """(socket, time, frame) of what has come of publications that nobody has told of yet."""
    slow: Slowness = field(default_factory=Slowness)
    found_ns: int = 0
    """When something came last that was thought lost: the service may have more to come."""
    _open: deque[Publication] = field(default_factory=deque)
    _settled: deque[tuple[int, Publication]] = field(default_factory=deque)
    """Publications with the time at which they were settled."""
    _last: dict[int, Publication] = field(default_factory=dict)
    """Of each stream the latest that anybody has received."""
    _stays: dict[int, Membership] = field(default_factory=dict)
    """By number: those that go on, and those that ended while something was on its way to them."""
    _ended: deque[Membership] = field(default_factory=deque)
    _entered: int = 0

    def room(self, name: str, scenario: str = "", *, shared: bool = False) -> Room:
        """The room of that name, made where there is none."""
        if name not in self.rooms:
            self.rooms[name] = Room(name, scenario, shared)
        return self.rooms[name]

    def trend(self, name: str, tags: Tags) -> Trend:
        """The trend of that name and tags."""
        found = self.trends.get((name, tags))
        if found is None:
            found = self.trends[name, tags] = Trend()
        return found

    # --- members ---------------------------------------------------------------------------------------------

    def unsure(self, room: Room, socket: int, now_ns: int) -> None:
        """A socket asks to come or to go: until that is sure it may hear what is said, and is owed nothing."""
        self._end(room, socket, now_ns)
        room.unsure.add(socket)

    def enter(self, room: Room, socket: int, now_ns: int) -> None:
        """A socket is surely a member from now on."""
        if socket in room.stays:
            return
        self._entered += 1
        stay = room.stays[socket] = self._stays[self._entered] = Membership(self._entered, socket)
        room.unsure.discard(socket)
        room.left_ns.pop(socket, None)
        if room.shared:
            room.came(stay, now_ns)
        room.changed(now_ns)

    def leave(self, room: Room, socket: int, now_ns: int) -> None:
        """A socket is surely no member: nothing that is published from now on may come to it."""
        self._end(room, socket, now_ns)
        room.unsure.discard(socket)
        room.left_ns[socket] = now_ns

    def _end(self, room: Room, socket: int, now_ns: int) -> None:
        stay = room.stays.pop(socket, None) or room.away.pop(socket, None)
        if stay is not None:
            stay.ended_ns = now_ns
            self._ended.append(stay)
            room.changed(now_ns)

    # --- publications ----------------------------------------------------------------------------------------

    def publish(
        self, room: Room, stream: int, number: int, *, due_ns: int, now_ns: int, floor: int = -1, tags: Tags = (),
        trend: str = "delivery", patience_ns: int = LOST_NS,
    ) -> Publication:  # fmt: skip
        """Note a publication that begins now, and was due then; its deliveries are timed in that trend.

        Args:
            patience_ns: how long a delivery may take by the contract of its event, from the answer of its call.
        """
        publication = self._note(room, stream, number, due_ns, now_ns, floor, tags, trend, patience_ns)
        publication.owed = room.members()
        self.counts["published", room.scenario, publication.step] += 1
        return publication

    def announce(
        self, room: Room, stream: int, number: int, *, due_ns: int, begun_ns: int, answered_ns: int, floor: int,
        tags: Tags, state: State, error_ns: int, patience_ns: int = LOST_NS,
    ) -> None:  # fmt: skip
        """Another worker tells of what it published; what has come of it already is counted now.

        Args:
            error_ns: how far off the other's clock may be: who came or went within it is owed nothing.
        """
        patience_ns += error_ns
        publication = self._note(room, stream, number, due_ns, begun_ns, floor, tags, "delivery", patience_ns)
        publication.state, publication.answered_ns, publication.error_ns = state, answered_ns, error_ns
        publication.owed = room.members_at(begun_ns, error_ns)
        for socket, at_ns, frame in self.orphans.pop((stream, number), ()):
            self.deliver(publication, socket, at_ns, frame, room.stay_at(socket, at_ns))

    def _note(
        self, room: Room, stream: int, number: int, due_ns: int, begun_ns: int, floor: int, tags: Tags, trend: str,
        patience_ns: int,
    ) -> Publication:  # fmt: skip
        publication = Publication(room, stream, number, self.trend(trend, tags), tags, self.deliver, self.promises)
        publication.due_ns, publication.begun_ns, publication.floor = due_ns, begun_ns, floor
        publication.patience_ns, publication.overdue_ns = patience_ns, begun_ns + self.lost_ns
        self.publications[stream, number] = publication
        self._open.append(publication)
        return publication

    def answered(self, publication: Publication, state: State, now_ns: int) -> None:
        """What became of the call that published it. Where it was refused nobody is owed it."""
        publication.state, publication.answered_ns = state, now_ns
        publication.overdue_ns = now_ns + self.lost_ns
        if state != "taken":
            self.counts[state, publication.room.scenario, publication.step] += 1
        if state in ("refused", "resent"):
            publication.owed = frozenset()

    def refuse(self, publication: Publication, now_ns: int) -> bool:
        """The service has answered it by an error; whether it has to be taken, which is a failure then."""
        if publication.gap_ns and publication.droppable(self.slow.until(publication.begun_ns)):
            self.counts["excused", publication.room.scenario, publication.step] += len(publication.owed)
            publication.owed = frozenset()
            return False
        self.answered(publication, "refused", now_ns)
        return True

    # --- deliveries ------------------------------------------------------------------------------------------

    def deliver(
        self, publication: Publication, socket: int, now_ns: int, frame: bytes = b"", was: Membership | None = None
    ) -> None:
        """A socket has received a publication, in its present stay or in one that it had then."""
        publication.first_ns = publication.first_ns or now_ns
        room = publication.room
        stay = was or room.stays.get(socket) or room.away.get(socket)
        if publication.probed is not None:
            publication.probed.add(socket)
        if stay is None:
            left_ns = room.left_ns.get(socket)
            was_outside = left_ns is None or publication.begun_ns - publication.error_ns > left_ns
            if socket not in room.unsure and was_outside:
                self.defect("leaked", room, socket, now_ns, frame, publication)
        else:
            self._take(publication, stay, now_ns, frame)

    def _take(self, publication: Publication, stay: Membership, now_ns: int, frame: bytes) -> None:
        """A member has received it: in time or late, in order or not, for the first time or not."""
        room, number = publication.room, stay.number
        stay.hears(now_ns)
        self.slow.took(publication.begun_ns, now_ns)
        if why := publication.barred(stay):
            self.defect("leaked", room, stay.socket, now_ns, frame, publication, why)
            return
        if publication.heard(stay):
            if not publication.repeatable:
                self.defect("duplicate", room, stay.socket, now_ns, frame, publication)
            return
        is_prompt = publication.begun_ns >= stay.back_ns
        late = is_prompt and self._owed_by(publication, now_ns)
        if number in publication.lost:
            publication.lost.discard(number)
            self.found_ns = now_ns
            self.counts["lost", room.scenario, publication.step] -= 1
            self.counts["ok", room.scenario, publication.step] += not late
        elif publication.closed:
            return  # It came when this was on its way: it may hear it or not.
        else:
            publication.got.add(number)
            late = late and number in publication.owed
            publication.late += late
        if late:
            self.defect("late", room, stay.socket, now_ns, frame, publication)
        publication.latencies += [now_ns - publication.due_ns] if is_prompt else []
        publication.last_ns = now_ns
        if self._comes_after_a_later_one(publication, stay):
            self.defect("reordered", room, stay.socket, now_ns, frame, publication)

    def _comes_after_a_later_one(self, publication: Publication, stay: Membership) -> bool:
        """Whether the member has received something already that has to come after it."""
        last = self._last.get(publication.stream)
        if last is None or last.number <= publication.number:
            self._last[publication.stream] = publication.follows_all(last)
            return False
        # When a call was taken that was not answered is unknown; looking up what may be dropped takes its own time.
        ordered = publication.state == "taken" and not publication.gap_ns
        following = range(publication.number + 1, last.number + 1) if ordered else ()
        later = (self.publications.get((publication.stream, number)) for number in following)
        return any(other and other.floor >= publication.number and other.heard(stay) for other in later)

    def _owed_by(self, publication: Publication, now_ns: int) -> bool:
        """Whether a delivery is due by then, by its contract, and not on its way only because we were held up."""
        since_ns = max(publication.begun_ns, publication.answered_ns)
        if publication.state != "taken" or now_ns - since_ns <= publication.patience_ns:
            return False  # From an answer that never came nothing can be counted.
        return now_ns - since_ns - self.stalled_ns(since_ns, now_ns) > publication.patience_ns

    def defect(
        self, name: str, room: Room, socket: int, now_ns: int, frame: bytes = b"",
        publication: Publication | None = None, why: str = "", event: str = "",
    ) -> None:  # fmt: skip
        """Count a defect; the first of each kind is kept."""
        event = event or (publication.event if publication else "")
        self.counts[name, room.scenario, publication.step if publication else ""] += 1
        if name in DEFECTS:
            self.faults[name, event] += 1
        self.witness(name, room, socket, now_ns, frame, publication, why, event)

    def witness(
        self, name: str, room: Room, socket: int, now_ns: int, frame: bytes = b"",
        publication: Publication | None = None, why: str = "", event: str = "",
    ) -> None:  # fmt: skip
        """Keep what shows something that is counted, where it is the first."""
        if name not in self.witnesses:
            shown = self.covered(frame[:MOST_FRAME_BYTES].decode("utf-8", "replace"))
            of = {"defect": name, "room": room.name, "why": self.covered(why), "socket": socket, "at_ns": now_ns}
            self.witnesses[name] = FirstOccurrence.of(publication, event=event, frame=shown, **of)

    # --- settling --------------------------------------------------------------------------------------------

    def settle(self, now_ns: int) -> None:
        """Close the books on what has come everywhere, and on what is surely not coming; forget what is long past."""
        still: deque[Publication] = deque()
        for publication in self._open:
            begun = publication.state == "begun"
            if not begun and (publication.owed <= publication.got or self._decided(publication, now_ns)):
                self._close(publication, now_ns)
            else:
                still.append(publication)
        self._open = still
        while self._settled and now_ns - self._settled[0][0] > self.lost_ns + KEPT_NS:
            _, old = self._settled.popleft()
            old.before = old.after = None
            self.publications.pop((old.stream, old.number), None)
            for frame in old.frames:
                self.forget(frame)
        edge_ns = min((publication.begun_ns for publication in still), default=now_ns) - self.lost_ns - KEPT_NS
        while self._ended and self._ended[0].ended_ns < edge_ns:
            self._stays.pop(self._ended.popleft().number, None)

    def give_up(self, now_ns: int) -> None:
        """Close the books on what is overdue, proved or not: nothing more is waited for."""
        for publication in self._open:
            if publication.state != "begun" and self._overdue(publication, now_ns):
                self._close(publication, now_ns)
        self._open = deque(publication for publication in self._open if not publication.closed)

    def _overdue(self, publication: Publication, now_ns: int) -> bool:
        """Whether what has not come will not: not as long as we may only have had no time to read it."""
        over_ns = now_ns - publication.overdue_ns
        return over_ns > 0 and over_ns > self.stalled_ns(publication.begun_ns, now_ns)

    def _decided(self, publication: Publication, now_ns: int) -> bool:
        """Whether it is known of everybody who lacks it that it is not coming, or that it was not to come."""
        unanswered = publication.state == "unanswered"
        return self._overdue(publication, now_ns) and (unanswered or next(self._unproved(publication), None) is None)

    def _unproved(self, publication: Publication) -> Iterator[Membership]:
        """Who lacks an overdue publication, and has heard nothing since it was due: it may be on its way."""
        for number in publication.owed - publication.got:
            stay = self._stays.get(number)
            if stay is not None and not stay.ended_ns and not self._proved(publication, stay):
                yield stay

    def _proved(self, publication: Publication, stay: Membership) -> bool:
        """Whether a member that lacks it has heard something so late that it should have come before."""
        after_silence_ns = stay.woke_ns + self.lost_ns if stay.woke_ns > publication.begun_ns else 0
        return stay.heard_ns > max(publication.overdue_ns, after_silence_ns)

    def unproved(self, now_ns: int) -> set[int]:
        """The sockets that have to hear something before what they lack is lost."""
        answered = (publication for publication in self._open if publication.state not in ("begun", "unanswered"))
        overdue = (publication for publication in answered if self._overdue(publication, now_ns))
        return {stay.socket for publication in overdue for stay in self._unproved(publication)}

    def _close(self, publication: Publication, now_ns: int) -> None:
        group = (publication.room.scenario, publication.step)
        publication.closed, publication.plain_ns = True, 0
        self._settled.append((now_ns, publication))
        missing = publication.owed - publication.got
        self.counts["ok", *group] += len(publication.owed) - len(missing) - publication.late
        excused = bool(missing) and publication.droppable(self.slow.until(publication.begun_ns))
        for number in missing:
            outcome = "excused" if excused else self._missed(publication, number)
            if outcome == "lost":
                publication.lost.add(number)
                self.defect("lost", publication.room, self._stays[number].socket, now_ns, b"", publication)
            else:
                self.counts[outcome, *group] += 1
        if missing:
            publication.owed = (publication.owed - missing) | publication.lost
        publication.trend.size_bytes += publication.size_bytes * len(publication.got)
        if publication.got:
            self.trend("first", publication.tags).fresh.append(publication.first_ns - publication.begun_ns)
            self.trend("spread", publication.tags).fresh.append(publication.last_ns - publication.first_ns)
        publication.got = set()

    def _missed(self, publication: Publication, number: int) -> str:
        """What a delivery that has not come is counted as."""
        stay = self._stays.get(number)
        if publication.state == "unanswered":
            return "unknown"
        if stay is None:
            return "excused"
        if stay.ended_ns:
            # What it heard until then says whether it should have had it.
            return "lost" if self._owed_by(publication, min(stay.heard_ns, stay.ended_ns)) else "excused"
        return "lost" if self._proved(publication, stay) else "unknown"

    def drained(self, now_ns: int = 0) -> bool:
        """Whether every publication is settled, everything that came is known, and nothing thought lost still comes."""
        coming = self.found_ns and now_ns and now_ns - self.found_ns < max(LOST_NS, self.lost_ns)
        still = coming and any(publication.lost for _, publication in self._settled)
        return not (self._open or self.orphans or still)

    def revise(self) -> None:
        """Look once more at what is lost, by what is known at the end: what the service may have dropped is excused."""
        for _, publication in self._settled:
            if publication.lost and publication.droppable(self.slow.until(publication.begun_ns)):
                self.counts["lost", publication.room.scenario, publication.step] -= len(publication.lost)
                self.counts["excused", publication.room.scenario, publication.step] += len(publication.lost)
                publication.lost.clear()

    def waiting(self, room: str) -> bool:
        """Whether anything is on its way to a room."""
        return any(publication.room.name == room for publication in self._open)

    def pending(self) -> Counter[Count]:
        """What is owed and has not come yet."""
        owed: Counter[Count] = Counter()
        for publication in self._open:
            owed["pending", publication.room.scenario, publication.step] += len(publication.owed - publication.got)
        return owed
