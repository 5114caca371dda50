"""The ledger of deliveries: what every socket was owed, and what became of it. Pure: times are given to it.

A publication is owed to every socket that was surely a member of its room when it was made. A delivery is ok or late;
what does not come within the deadline is lost, if the socket was connected and a member all the while; what was still
on its way when a socket left, or when the run ended, is in flight and held against nobody. A second delivery is a
duplicate, one after a later message of the same publisher is reordered, one of another room is leaked.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

DEADLINE_NS = 5_000_000_000
"""How long a delivery may take before it counts as lost: more than any latency that a person would call live."""

DEFECTS = ("lost", "duplicate", "reordered", "leaked")
"""What makes a run fail."""


@dataclass(slots=True)
class Room:
    """The publications of a room, in the order in which they were begun."""

    made_ns: list[int] = field(default_factory=list)
    publishers: list[int] = field(default_factory=list)
    void: set[int] = field(default_factory=set)
    """Numbers of publications that the service did not take: nobody is owed them."""


@dataclass(slots=True, kw_only=True)
class Stay:
    """One socket's stay in a room."""

    room: Room
    next: int
    """Everything before it is settled."""
    since: int
    """The first publication that it is owed; earlier ones may come or not."""
    ahead: set[int] = field(default_factory=set)
    """Deliveries behind one that has not come yet."""
    lost: set[int] = field(default_factory=set)
    latest: dict[int, int] = field(default_factory=dict)
    """The newest message of each publisher that has come."""


@dataclass(slots=True)
class Ledger:
    """The ledger of one process, whose rooms nobody else uses."""

    counts: Counter[str] = field(default_factory=Counter)
    rooms: dict[str, Room] = field(default_factory=dict)
    stays: dict[tuple[str, int], Stay] = field(default_factory=dict)

    def publish(self, room: str, publisher: int, now_ns: int) -> int:
        """Note a publication that begins; its number in the room."""
        one = self.rooms.setdefault(room, Room())
        one.made_ns.append(now_ns)
        one.publishers.append(publisher)
        self.counts["published"] += 1
        return len(one.made_ns) - 1

    def refuse(self, room: str, number: int) -> None:
        """The service did not take a publication."""
        self.rooms[room].void.add(number)
        self.counts["refused"] += 1

    def enter(self, room: str, socket: int) -> None:
        """A socket is surely a member from now on."""
        one = self.rooms.setdefault(room, Room())
        self.stays[room, socket] = Stay(room=one, next=len(one.made_ns), since=len(one.made_ns))

    def leave(self, room: str, socket: int, now_ns: int) -> None:
        """A socket is no member any more: what was overdue is lost, what was not is in flight."""
        stay = self.stays.pop((room, socket), None)
        if stay is None:
            return
        self._settle(stay, now_ns)
        waiting = (n for n in range(stay.next, len(stay.room.made_ns)) if n not in stay.ahead | stay.room.void)
        self.counts["in flight"] += sum(1 for _ in waiting)

    def deliver(self, room: str, socket: int, number: int, now_ns: int) -> None:
        """A socket has received a publication of its room."""
        stay = self.stays.get((room, socket))
        if stay is None or number < stay.since:
            return  # It was a member at one of the ends only: it may hear this or not.
        if number in stay.lost:
            stay.lost.discard(number)
            self.counts["lost"] -= 1
            self.counts["late"] += 1
        elif number < stay.next or number in stay.ahead:
            self.counts["duplicate"] += 1
            return
        else:
            late = now_ns - stay.room.made_ns[number] > DEADLINE_NS
            self.counts["late" if late else "ok"] += 1
            stay.ahead.add(number)
        publisher = stay.room.publishers[number]
        self.counts["reordered"] += number < stay.latest.get(publisher, -1)
        stay.latest[publisher] = max(number, stay.latest.get(publisher, -1))
        self._settle(stay, now_ns)

    def leak(self) -> None:
        """A socket has received what another room was told."""
        self.counts["leaked"] += 1

    def settle(self, now_ns: int) -> dict[str, int]:
        """Call lost what is overdue; the counts so far."""
        for stay in self.stays.values():
            self._settle(stay, now_ns)
        return dict(self.counts)

    def _settle(self, stay: Stay, now_ns: int) -> None:
        """Move on past everything that has come, is owed to nobody, or is overdue."""
        made_ns, void = stay.room.made_ns, stay.room.void
        while stay.next < len(made_ns):
            if stay.next in stay.ahead:
                stay.ahead.discard(stay.next)
            elif stay.next not in void:
                if now_ns - made_ns[stay.next] <= DEADLINE_NS:
                    return
                stay.lost.add(stay.next)
                self.counts["lost"] += 1
            stay.next += 1


def defects(counts: dict[str, int]) -> dict[str, int]:
    """The counts that make a run fail."""
    return {name: counts[name] for name in DEFECTS if counts.get(name)}
