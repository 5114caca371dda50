"""Looks up the entries of a transcript by actor, name and number, so that no question reads all of them again."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conformance.model.payload import payload_of, room_of
from conformance.model.transcript import Acked, AnyEntry, Got, Sent
from contracts.model import Bundle

NEVER = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Where an emit stands among those of the same actor, name and arguments."""

    before: int
    """How many were emitted before it."""
    acked: float
    """The entry by which all of these were acknowledged; `NEVER` where one was not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """The places of entries, each list in ascending order. Made by `index_of`."""

    key: str
    """The field that names the room."""
    entries: Sequence[AnyEntry]
    acks: Mapping[tuple[str, int], Sequence[int]]
    """By actor and number of the acknowledgement."""
    heard: Mapping[tuple[str, str], Sequence[int]]
    """Events that came, by actor and name."""
    emitted: Mapping[tuple[str, str], Sequence[int]]
    """Events that were sent, by actor and name."""
    alike: Mapping[int, Alike]
    """By the place of the emit."""
    closed_s: Mapping[str, float]
    """When the subject of each room was first closed."""
    _of_room: dict[tuple[str, str, Any], Sequence[int]] = field(default_factory=dict)

    def ack(self, sent: Sent, after: int) -> int | None:
        """The first acknowledgement with a value that an emit got."""
        if sent.ack is None:
            return None
        places = self.acks.get((sent.actor, sent.ack), ())
        return next((place for place in places if place > after and _args(self.entries[place])), None)

    def ack_of(self, entry: AnyEntry, after: int) -> int | None:
        """The same of any entry."""
        return self.ack(entry, after) if isinstance(entry, Sent) else None

    def heard_after(self, actor: str, event: str, place: int) -> int | None:
        """The first event of that name that an actor got after an entry."""
        return following(self.heard.get((actor, event), ()), place)

    def heard_of(self, actor: str, event: str, room: Any) -> Sequence[int]:
        """The events of that name that an actor got, and that are of the room or name none."""
        places = self.heard.get((actor, event), ())
        if not isinstance(room, str | int | None):
            return [place for place in places if self._is_of(place, room)]
        key = (actor, event, room)
        if key not in self._of_room:
            self._of_room[key] = [place for place in places if self._is_of(place, room)]
        return self._of_room[key]

    def _is_of(self, place: int, room: Any) -> bool:
        said = payload_of(_args(self.entries[place]))
        return not isinstance(said, dict) or bool(said.get(self.key, room) == room)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fences:
    """What an actor received, by the time of its cause. Made by `fences_of`."""

    caused_s: Sequence[float]
    """Ascending."""
    first: Sequence[int]
    """The first entry that was caused then or later."""

    def since(self, since_s: float) -> int | None:
        """The first entry that was caused at that time or later."""
        found = bisect_left(self.caused_s, since_s)
        return self.first[found] if found < len(self.first) else None


def fences_of(caused: Iterable[tuple[int, float]]) -> Fences:
    """Sort (the entry by which something came, when it was caused)."""
    ordered = sorted((caused_s, place) for place, caused_s in caused)
    first: list[int] = []
    for _, place in reversed(ordered):
        first.append(min(place, first[-1]) if first else place)
    return Fences(caused_s=[caused_s for caused_s, _ in ordered], first=first[::-1])


def following(places: Sequence[int], place: int) -> int | None:
    """The first of ascending places that is after one."""
    found = bisect_right(places, place)
    return places[found] if found < len(places) else None


def index_of(bundle: Bundle, entries: Sequence[AnyEntry]) -> Index:
    """Read all entries once."""
    acks: dict[tuple[str, int], list[int]] = defaultdict(list)
    heard: dict[tuple[str, str], list[int]] = defaultdict(list)
    emitted: dict[tuple[str, str], list[int]] = defaultdict(list)
    groups: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    closed_s: dict[str, float] = {}
    for place, entry in enumerate(entries):
        match entry:
            case Acked():
                acks[entry.actor, entry.ack].append(place)
            case Got():
                heard[entry.actor, entry.event].append(place)
            case Sent():
                request, room = bundle.request(entry.event), room_of(bundle, payload_of(entry.args))
                if request is not None and request.membership == "close" and room is not None:
                    closed_s.setdefault(room, entry.at_s)
                emitted[entry.actor, entry.event].append(place)
                groups[entry.actor, entry.event, repr(entry.args)].append(place)
            case _:
                pass
    alike: dict[int, Alike] = {}
    for places in groups.values():
        acked = -1.0
        for before, place in enumerate(places):
            alike[place] = Alike(before=before, acked=acked)
            sent = entries[place]
            number = sent.ack if isinstance(sent, Sent) else None
            own = acks.get((sent.actor, number), ()) if number is not None else ()
            acked = max(acked, own[0] if own else NEVER)
    return Index(
        key=bundle.room.key,
        entries=entries,
        acks=acks,
        heard=heard,
        emitted=emitted,
        alike=alike,
        closed_s=closed_s,
    )


def _args(entry: AnyEntry) -> tuple[Any, ...]:
    return entry.args if isinstance(entry, Got | Acked | Sent) else ()
