"""What a run would publish, and who would receive it, by its options alone. Pure.

A scenario says what it publishes (`Traffic`), and its sockets are given to rooms as a run gives them; a dry run shows
the sums.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from conformance.model.transcript import ARRIVAL_S
from loadtests.dialects.dialect import Dialect
from loadtests.dialects.way import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What a scenario publishes by one event or call, on average."""

    way: Way
    per_room_s: float = 0.0
    """Publications a second in each room, whoever of its members sends them."""
    per_member_s: float = 0.0
    """Publications a second of each member."""
    present: float = 1.0
    """The share of a room's sockets that are members and read, on average."""
    note: str = ""
    """What the figures leave out, such as a rate that rises."""


@dataclass(slots=True)
class PlannedRoom:
    """A room as it will be once every socket is there."""

    members: int = 0
    publishers: int = 1
    """How many workers publish into it: several where rooms are shared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """What one scenario publishes by one event or call, in all rooms together."""

    way: Way
    published_per_s: float
    delivered_per_s: float
    note: str = ""


@dataclass(slots=True)
class Seats:
    """The rooms that the sockets of one scenario take in one worker, the first with a place first."""

    sizes: Iterator[int]
    """The size of each room to come; 0 for one without an end."""
    rooms: list[int] = field(default_factory=list)
    """How many members each has."""
    _free: float = 0

    def take(self, count: int) -> None:
        """Sockets come."""
        while count:
            if not self._free:
                self._free = next(self.sizes) or float("inf")
                self.rooms.append(0)
            coming = int(min(count, self._free))
            self.rooms[-1] += coming
            self._free -= coming
            count -= coming

    def give_back_the_last(self) -> int:
        """The sockets of a room that is not full, which wait where rooms begin when they are."""
        if not self._free or not self.rooms:
            return 0
        self._free = 0
        return self.rooms.pop()


def cohorts(users: int, workers: int, kinds: Sequence[str]) -> list[list[str]]:
    """The kinds of users that each worker gets, in their order: Locust gives one after the other to each in turn."""
    found: list[list[str]] = [[] for _ in range(workers)]
    for user in range(users):
        found[user % workers].append(kinds[user % len(kinds)])
    return found


def by_weight(weights: Mapping[str, int]) -> Iterator[str]:
    """Names without end, each as often as its weight says, and as evenly as that can be."""
    credit = dict.fromkeys(weights, 0)
    whole = sum(weights.values())
    while True:
        for name, weight in weights.items():
            credit[name] += weight
        chosen = max(credit, key=lambda name: credit[name])
        credit[chosen] -= whole
        yield chosen


def shared(workers: Sequence[Sequence[int]]) -> list[PlannedRoom]:
    """The rooms that all workers have members in, of those that each has."""
    rooms = [PlannedRoom(publishers=0) for _ in range(max(map(len, workers), default=0))]
    for own in workers:
        for room, members in zip(rooms, own, strict=False):
            room.members += members
            room.publishers += 1
    return rooms


def listed(rooms: Sequence[PlannedRoom], count: int) -> list[PlannedRoom]:
    """The same where there are so many ids and no more: rooms are those in turn, several in one."""
    found = [PlannedRoom(publishers=0) for _ in range(min(count, len(rooms)))]
    for index, room in enumerate(rooms):
        found[index % count].members += room.members
        found[index % count].publishers += room.publishers
    return found


def receivers(way: Way, members: float, everyone: float, *, own_rooms: bool) -> float:
    """How many sockets receive a publication.

    Args:
        members: of the room that it is sent to.
        own_rooms: whether that room is another user's own.
    """
    reach, spared = way.reach, not way.reaches_sender
    if reach.everyone:
        return max(0.0, everyone - spared)
    in_room = max(0.0, members - (spared and not own_rooms)) if reach.room else 0.0
    return in_room + len(reach.named) + reach.sender


def stream(traffic: Traffic, rooms: Sequence[PlannedRoom], words: Dialect, everyone: int) -> Stream:
    """What is published in rooms, and delivered.

    Args:
        everyone: how many sockets there are in all.
    """
    way, published, delivered, held = traffic.way, 0.0, 0.0, False
    most = most_of_a_socket(way, words)
    for room in rooms:
        members = room.members * traffic.present
        wanted = traffic.per_room_s * room.publishers + traffic.per_member_s * members
        rate = min(wanted, most * members)
        held = held or rate < wanted
        published += rate
        delivered += rate * receivers(way, members, everyone * traffic.present, own_rooms=words.door.own_rooms)
    notes = (traffic.note, "as much as the contracts let one socket send" if held else "")
    return Stream(
        way=way, published_per_s=published, delivered_per_s=delivered, note="; ".join(note for note in notes if note)
    )


def most_of_a_socket(way: Way, words: Dialect) -> float:
    """How many publications a second the contracts let one socket send; infinite where they set no limit."""
    rates = [limit.count / (limit.window_s + ARRIVAL_S) for limit in words.bundle.limits if limit.covers(way.name)]
    return min(rates, default=float("inf"))


def together(streams: Sequence[Stream]) -> list[Stream]:
    """One stream for each way, of those of several scenarios."""
    found: dict[int, Stream] = {}
    for one in streams:
        known = found.get(one.way.place)
        if known is None:
            found[one.way.place] = one
            continue
        notes = dict.fromkeys(note for note in (known.note, one.note) if note)
        found[one.way.place] = replace(
            known,
            published_per_s=known.published_per_s + one.published_per_s,
            delivered_per_s=known.delivered_per_s + one.delivered_per_s,
            note="; ".join(notes),
        )
    return list(found.values())
