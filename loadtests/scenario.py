"""What a load scenario is made of: options, rooms of given sizes, and what happens in them."""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from loadtests.conclusion import Conclusion, Evidence
from loadtests.gates import gate
from loadtests.plane.member import Member
from loadtests.plane.plane import Plane
from loadtests.plane.tape import MOST_MEMBERS, Tape
from loadtests.publication import Room

MOST_SOCKETS = 200_000
"""How many sockets a worker may have: its numbers begin at its index times this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A parameter of a scenario, shown in the help with its default."""

    name: str
    """As a flag, without its dashes."""
    default: Any
    help: str
    choices: tuple[str, ...] = ()
    many: bool = False
    """It may be given more than once."""
    kind: Callable[[str], Any] | None = None
    """Reads its text; that of its default's type where there is none."""

    @property
    def key(self) -> str:
        """As an attribute of the parsed options."""
        return self.name.replace("-", "_")


def gate_text(text: str) -> str:
    """Check the text of a gate, as an option's kind."""
    try:
        gate(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


def number_above(least: float, most: float = sys.float_info.max) -> Callable[[str], float]:
    """What reads a number above the least, and no larger than the most, as an option's kind."""
    wanted = f"a number above {least:g}" + (f" and up to {most:g}" if most < sys.float_info.max else "")

    def read(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = least
        if not least < number <= most:
            raise argparse.ArgumentTypeError(f"expected {wanted}, got {text!r}")
        return number

    return read


above_zero, percent = number_above(0), number_above(0, 100)


class Place:
    """A room of a scenario, and the members that this worker has in it."""

    def __init__(self, room: Room, size: int, chance: random.Random) -> None:
        self.room = room
        self.size = size
        self.schedule = chance
        """By it the times of the room are drawn, and by nothing else: the same seed gives the same again."""
        self.chance = random.Random(chance.random())  # noqa: S311 - who acts in it
        self.members: list[Member] = []
        self.driven = False
        self.published = 0

    @property
    def over(self) -> bool:
        """Whether everybody who was there has gone for good."""
        return bool(self.members) and all(member.closed for member in self.members)

    def anybody(self) -> Member | None:
        """A member that is surely in the room; None where there is none."""
        here = [member for member in self.members if member.number in self.room.stays]
        return self.chance.choice(here) if here else None


class Scenario:
    """One load scenario in one worker. Its first line of documentation is what people read."""

    options: ClassVar[tuple[Option, ...]] = ()
    weight: ClassVar[int] = 0
    """How much of the mixed scenario it is."""

    def __init__(self, name: str, plane: Plane, options: Mapping[str, Any]) -> None:
        self.name = name
        self.plane = plane
        self.given = options
        self.places: list[Place] = []
        self._sizes = sizes(options["room_size"], random.Random(f"{plane.setup.seed} {name}"))  # noqa: S311
        self._begin()

    def _begin(self) -> None:
        """What a scenario does before its first socket."""

    def option(self, name: str) -> Any:
        """The value of an option."""
        return self.given[name.replace("-", "_")]

    @classmethod
    def conclude(cls, evidence: Evidence) -> Conclusion | None:
        """What the scenario says of a run besides what is judged of all; None where it has nothing to say yet."""
        return None

    async def cohort(self, members: list[Member]) -> None:
        """Sockets come: each connects, and takes the next place."""
        await asyncio.gather(*map(self.enter, members))

    async def enter(self, member: Member) -> None:
        """Connect, and join the next room that has a place."""
        place = self.place()
        place.members.append(member)
        self._sample(member, place)
        member.rooms[place.room.name] = place.room
        async with self.plane.ramp():
            connected = await member.connect()
            if connected:
                await member.join(place.room)
        # A socket that comes later than it should is waited for by nobody else.
        member.life = self.plane.spawn(self._life(member, place, connected))

    async def _life(self, member: Member, place: Place, connected: bool) -> None:
        """What a member does until it is closed; with the first one that is there the room begins."""
        if not connected:
            await member.reconnect()
        if not place.driven and member.number in place.room.stays:
            place.driven = True
            self.plane.spawn(self._begun(place))
        await self.live(member, place)

    def _sample(self, member: Member, place: Place) -> None:
        if len(place.members) == 1 and not place.room.shared:
            self.sampled(place.room, place.size)
        self.taped(place.room, member)

    def sampled(self, room: Room, size: int) -> None:
        """The first small room of a worker is a sample: what happens in it is written down."""
        if self.plane.tape is None and 1 <= size <= MOST_MEMBERS:
            timeout_ns = self.plane.setup.late_ns
            timeout_s = timeout_ns / 1e9 if timeout_ns else None
            self.plane.tape = Tape(room.name, self.name, self.plane.health.stalls, timeout_s)

    def taped(self, room: Room, member: Member) -> None:
        """Write down what happens to a member, if it is of the sample."""
        tape = self.plane.tape
        if tape is not None and tape.running and tape.room == room.name:
            member.taped(tape)

    async def _begun(self, place: Place) -> None:
        await self.plane.alarm.after(self.option("start-after"))
        await self.drive(place)

    def place(self) -> Place:
        """The first room with room for one more."""
        if not self.places or len(self.places[-1].members) >= self.places[-1].size or self.places[-1].over:
            self.places.append(self.opened(len(self.places), next(self._sizes)))
        return self.places[-1]

    def opened(self, index: int, size: int) -> Place:
        """A new room."""
        setup, shared = self.plane.setup, bool(self.given.get("shared_rooms"))
        owner = "all" if shared else str(setup.worker)
        name = f"load-{setup.run}-{self.name}-{owner}-{index}"
        room = self.plane.ledger.room(name, self.name, shared=shared)
        return Place(room, size, random.Random(f"{setup.seed} {self.name} {setup.worker} {index}"))  # noqa: S311

    async def post(
        self, place: Place, rate_per_s: float, *, evenly: bool = False, until_s: float | None = None
    ) -> None:
        """Post messages into a room by its members, at random times or evenly."""
        plane = self.plane
        until_ns = int(until_s * 1e9) if until_s else None
        chance = None if evenly else place.schedule
        async for due_ns in plane.turns(rate_per_s, chance, until_ns=until_ns):
            member = place.anybody()
            if member is None and place.over:
                return
            if member is None:
                plane.count("skipped", self.name)
            else:
                place.published += 1
                plane.spawn(member.post(place.room, due_ns, self.step(place)))

    def step(self, place: Place) -> str:
        """The step that a room's publications are counted under, where it is not that of the whole scenario."""
        return ""

    def begin_step(self, step: str) -> None:
        """Count what this scenario publishes from now on under a step, which is a number."""
        self.plane.steps[self.name] = step

    async def drive(self, place: Place) -> None:
        """What happens in a room, from its first member on."""

    async def live(self, member: Member, place: Place) -> None:
        """What a member does, from its join on."""


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
