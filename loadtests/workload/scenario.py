"""What a load scenario is made of: options, rooms of given sizes, and what happens in them."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from loadtests.dialects.dialect import Dialect
from loadtests.dialects.mark import AnyMarking
from loadtests.ledger.publication import Room
from loadtests.verdict.conclusion import Conclusion, Evidence
from loadtests.worker import addressing
from loadtests.worker.client import VirtualClient
from loadtests.worker.context import Context
from loadtests.worker.sample_recorder import MOST_MEMBERS, SampleRecorder
from loadtests.workload.option import Option
from loadtests.workload.rooms import Place, sizes
from loadtests.workload.traffic import Traffic

BEGIN_AT_ONCE = 100
"""How many sockets of a cohort take their places in one turn of the loop: some 2 ms."""


class Scenario:
    """One load scenario in one worker. Its first line of documentation is what people read."""

    options: ClassVar[tuple[Option, ...]] = ()
    weight: ClassVar[int] = 0
    """How much of the mixed scenario it is."""
    waits: ClassVar[bool] = False
    """Whether a room begins once it is full, and the sockets of one that is not are only connected."""

    def __init__(self, name: str, context: Context, options: Mapping[str, Any]) -> None:
        self.name = name
        self.context = context
        self.given = options
        self.places: list[Place] = []
        self._sizes = self.room_sizes(name, context.setup.seed, options)
        self._begin()

    def _begin(self) -> None:
        """What a scenario does before its first socket."""

    def option(self, name: str) -> Any:
        """The value of an option."""
        return self.given[name.replace("-", "_")]

    @classmethod
    def lacks(cls, words: Dialect) -> str:
        """What the contracts have not, so that it cannot be played; empty where it can."""
        return ""

    @classmethod
    def markings(cls, words: Dialect) -> Mapping[str, AnyMarking]:
        """How some of the ways to publish are marked otherwise than by what the contracts say, by their names."""
        return {}

    @classmethod
    def room_sizes(cls, name: str, seed: int, options: Mapping[str, Any]) -> Iterator[int]:
        """The sizes of its rooms, one after the other; 0 for a room that takes everybody."""
        return sizes(options["room_size"], random.Random(f"{seed} {name}"))  # noqa: S311 - no secret

    @classmethod
    def traffic(cls, words: Dialect, options: Mapping[str, Any]) -> tuple[Traffic, ...]:
        """What it publishes, for a dry run; nothing where it does not say."""
        return ()

    @classmethod
    def shares(cls, words: Dialect, options: Mapping[str, Any]) -> Mapping[str, int]:
        """The scenarios that its users are given to, by weight; empty where it keeps them."""
        return {}

    @classmethod
    def conclude(cls, evidence: Evidence) -> Conclusion | None:
        """What the scenario says of a run besides what is judged of all; None where it has nothing to say yet."""
        return None

    async def cohort(self, members: list[VirtualClient]) -> None:
        """Sockets come: each takes the next place, and connects; other sockets have their turns meanwhile."""
        entering: list[asyncio.Task[None]] = []
        try:
            for member in members:
                entering.append(asyncio.ensure_future(self.enter(member)))
                if len(entering) % BEGIN_AT_ONCE == 0:
                    await asyncio.sleep(0)
            await asyncio.gather(*entering)
        finally:
            for one in entering:
                one.cancel()

    async def enter(self, member: VirtualClient) -> None:
        """Connect, and join the next room that has a place."""
        place = self.seated(member)
        async with self.context.ramp():
            connected = await member.connect()
            if connected:
                await member.join(place.room)
        # A socket that comes later than it should is waited for by nobody else.
        member.life = self.context.spawn(self._life(member, place, connected))

    def seated(self, member: VirtualClient) -> Place:
        """Give a socket the next place in a room."""
        place = self._own_place(member) if self.context.words.door.own_rooms else self.place()
        place.members.append(member)
        self._sample(member, place)
        member.rooms[place.room.name] = place.room
        return place

    async def _life(self, member: VirtualClient, place: Place, connected: bool) -> None:
        """What a member does until it is closed; with the first one that is there the room begins."""
        if not connected:
            await member.reconnect()
        if not place.driven and member.number in place.room.stays:
            place.driven = True
            self.context.spawn(self._begun(place))
        await self.live(member, place)

    def _sample(self, member: VirtualClient, place: Place) -> None:
        if len(place.members) == 1 and not place.room.shared:
            self.sampled(place.room, place.size)
        self.taped(place.room, member)

    def sampled(self, room: Room, size: int) -> None:
        """The first small room of a worker is a sample: what happens in it is written down."""
        # A transcript of one room does not show why sockets outside of it receive something.
        beyond = self.context.words.reaches_beyond
        if self.context.tape is None and 1 <= size <= MOST_MEMBERS and not beyond:
            timeout_ns = self.context.setup.late_ns
            timeout_s = timeout_ns / 1e9 if timeout_ns else None
            part = self.context.words.bundle.part
            self.context.tape = SampleRecorder(room.name, self.name, self.context.health.stalls, timeout_s, part)

    def taped(self, room: Room, member: VirtualClient) -> None:
        """Write down what happens to a member, if it is of the sample."""
        tape = self.context.tape
        if tape is not None and tape.running and tape.room == room.name:
            member.taped(tape)

    async def _begun(self, place: Place) -> None:
        await self.context.alarm.after(self.option("start-after"))
        await self.drive(place)

    def place(self) -> Place:
        """The first room with room for one more."""
        if self.context.words.is_roomless and not self.places:
            self.places.append(self.opened(0, size=0))
        if self.context.words.is_roomless:
            return self.places[0]
        if not self.places or len(self.places[-1].members) >= self.places[-1].size or self.places[-1].over:
            self.places.append(self.opened(len(self.places), next(self._sizes)))
        return self.places[-1]

    def _own_place(self, member: VirtualClient) -> Place:
        """The room of a user, which the service enters."""
        room = self.context.ledger.room(member.user, self.name)
        chance = random.Random(f"{self.context.setup.seed} {self.name} {member.number}")  # noqa: S311 - no secret
        self.places.append(Place(room, 1, chance))
        return self.places[-1]

    def opened(self, index: int, size: int) -> Place:
        """A new room."""
        setup, words = self.context.setup, self.context.words
        shared = setup.shared or (words.bundle.room.is_listed and setup.has_others)
        owner = "all" if shared else str(setup.worker)
        # Where there are no rooms, sockets of all scenarios receive everything.
        names = (self.context.called("everyone"),) if words.is_roomless else (self.name, owner, str(index))
        name = words.room_name(self.context.room_name(*names), index)
        room = self.context.ledger.room(name, self.name, shared=shared)
        return Place(room, size, random.Random(f"{setup.seed} {self.name} {setup.worker} {index}"))  # noqa: S311 - no secret

    async def post(
        self, place: Place, rate_per_s: float, *, evenly: bool = False, until_s: float | None = None
    ) -> None:
        """Post messages into a room by its members, at random times or evenly."""
        context = self.context
        until_ns = int(until_s * 1e9) if until_s else None
        chance = None if evenly else place.schedule
        async for due_ns in context.turns(rate_per_s, chance, until_ns=until_ns):
            member = place.anybody()
            if member is None and place.over:
                return
            if member is None:
                context.count("skipped", self.name)
            else:
                place.published += 1
                if context.words.door.own_rooms:
                    member = addressing.other(context, member) or member
                context.spawn(member.post(place.room, due_ns, step=self.step(place)))

    def step(self, place: Place) -> str:
        """The step that a room's publications are counted under, where it is not that of the whole scenario."""
        return ""

    def begin_step(self, step: str) -> None:
        """Count what this scenario publishes from now on under a step, which is a number."""
        self.context.steps[self.name] = step

    async def drive(self, place: Place) -> None:
        """What happens in a room, from its first member on."""

    async def live(self, member: VirtualClient, place: Place) -> None:
        """What a member does, from its join on."""
