"""Rooms, their sizes and the numbers that seeds draw."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from loadtests.ledger.publication import Room
from loadtests.worker.client import VirtualClient

MOST_SOCKETS = 200_000
"""How many sockets a worker may have: its numbers begin at its index times this."""


class Place:
    """A room of a scenario, and the members that this worker has in it."""

    def __init__(self, room: Room, size: int, chance: random.Random) -> None:
        self.room = room
        self.size = size
        self.schedule = chance
        """By it the times of the room are drawn, and by nothing else: the same seed gives the same again."""
        self.chance = random.Random(chance.random())  # noqa: S311 - who acts in it
        self.members: list[VirtualClient] = []
        self.driven = False
        self.published = 0
        self._seen: tuple[frozenset[int], int] = frozenset(), 0
        self._here: list[VirtualClient] = []
        """Who of the members was in the room when both were as in `_seen`."""

    @property
    def over(self) -> bool:
        """Whether everybody who was there has gone for good."""
        return bool(self.members) and all(member.closed for member in self.members)

    def anybody(self) -> VirtualClient | None:
        """A member that is surely in the room; None where there is none."""
        members, joined = self.room.members(), len(self.members)
        if self._seen != (members, joined):
            self._seen = members, joined
            self._here = [member for member in self.members if member.number in self.room.stays]
        return self.chance.choice(self._here) if self._here else None


def sizes(text: str, chance: random.Random) -> Iterator[int]:
    """The sizes of rooms, without end: `50`, from `2-20`, or by weight `5:80,50:15,1000:5`.

    Raises:
        ValueError: it is none of these; says what was expected.
    """
    ranges: list[tuple[int, int]] = []
    weights: list[float] = []
    try:
        for part in text.split(","):
            span, _, weight = part.partition(":")
            low, _, high = span.partition("-")
            ranges.append((int(low), int(high or low)))
            weights.append(float(weight or 1))
        sane = all(1 <= low <= high for low, high in ranges) and all(weight > 0 for weight in weights)
    except ValueError:
        sane = False
    if not sane:
        raise ValueError(f"expected sizes such as 50, 2-20 or 5:80,50:15,1000:5, got {text!r}")
    return _drawn(ranges, weights, chance)


def _drawn(ranges: list[tuple[int, int]], weights: list[float], chance: random.Random) -> Iterator[int]:
    while True:
        low, high = chance.choices(ranges, weights)[0]
        yield chance.randint(low, high)


@dataclass(slots=True)
class Numbers:
    """The numbers of a worker's sockets."""

    worker: int
    used: int = field(default=0)

    def next(self) -> int:
        """One more."""
        self.used += 1
        return self.worker * MOST_SOCKETS + self.used
