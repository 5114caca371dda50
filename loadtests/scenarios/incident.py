"""The life of an SOS, again and again: it opens, people join, type, write, report places and statuses, it closes."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator, Mapping
from itertools import repeat
from typing import Any

from loadtests.dialects.dialect import Dialect
from loadtests.dialects.mark import AnyMarking, InChoice
from loadtests.ledger.publication import Room
from loadtests.worker.client import VirtualClient
from loadtests.worker.context import Context
from loadtests.workload.option import Option
from loadtests.workload.scenario import Scenario as Base
from loadtests.workload.traffic import Traffic

INIT, CLOSE, STATUS, LOCATION = "sos:init", "sos:close", "sos:status:update", "location:update"
TYPING_START, TYPING_STOP = "message:typing:start", "message:typing:stop"

STATUSES = ("active", "assigned", "responding", "en_route", "arrived", "resolved", "completed", "closed", "cancelled")

COURSE = ((0.25, 1), (0.4, 3), (0.6, 4), (0.8, 5))
"""When an SOS takes which of its statuses, as shares of its life: assigned, en_route, arrived, resolved."""

JOINING = 0.2
"""The share of its life in which people join."""

LAST = 0.9
"""From then on nothing is published any more: what was is to arrive before people leave."""

LOCATION_S = 1.25
"""A service may drop more than one location a second from one socket, and measures when they come."""


class Scenario(Base):
    """Plays whole incidents with so many people each; sockets wait until there are enough for one."""

    weight = 1
    waits = True
    options = (
        Option(name="incident-people", default=4, help="Sockets of one incident."),
        Option(name="incident-length", default=20.0, help="Seconds from its opening to its close."),
        Option(name="incident-rate", default=0.5, help="Messages a second in each."),
    )

    @classmethod
    def lacks(cls, words: Dialect) -> str:
        """It speaks of an SOS."""
        names = [INIT, CLOSE, STATUS, LOCATION, TYPING_START, TYPING_STOP]
        lacking = [name for name in names if words.asking(name) is None]
        return f"it plays the life of an SOS, and the contracts have no {', '.join(lacking)}" if lacking else ""

    @classmethod
    def markings(cls, words: Dialect) -> Mapping[str, AnyMarking]:
        """An SOS goes through each status once, also where its contract takes any text."""
        return {STATUS: InChoice("status", STATUSES)}

    @classmethod
    def room_sizes(cls, name: str, seed: int, options: Mapping[str, Any]) -> Iterator[int]:
        """So many people in each."""
        return repeat(max(1, options["incident_people"]))

    @classmethod
    def traffic(cls, words: Dialect, options: Mapping[str, Any]) -> tuple[Traffic, ...]:
        """What is published while people are there: statuses, the places of one of them, and messages."""
        rate, length_s = options["incident_rate"], options["incident_length"]
        told = {STATUS: len(COURSE) / length_s, LOCATION: (LAST - JOINING / 2) / LOCATION_S, TYPING_START: rate * LAST}
        ways = [Traffic(way=words.named_way(name), per_room_s=per_s) for name, per_s in told.items()]
        return (*ways, Traffic(way=words.writing, per_room_s=rate * LAST))

    def _begin(self) -> None:
        words = self.context.words
        self.status, self.location, self.typing = (words.named_way(name) for name in (STATUS, LOCATION, TYPING_START))
        self._waiting: list[VirtualClient] = []
        self._count = 0

    async def cohort(self, members: list[VirtualClient]) -> None:
        """Connect; whenever there are enough people, their incidents begin."""
        await asyncio.gather(*map(self._connect, members))
        people = max(1, self.option("incident-people"))
        while len(self._waiting) >= people:
            group, self._waiting = self._waiting[:people], self._waiting[people:]
            self._count += 1
            self.context.spawn(self._lives(group, self._count))

    async def _connect(self, member: VirtualClient) -> None:
        async with self.context.ramp():
            if not await member.connect():
                self.context.spawn(member.reconnect())
        self._waiting.append(member)

    async def _lives(self, people: list[VirtualClient], group: int) -> None:
        """One incident after the other, as long as all of them are there."""
        setup = self.context.setup
        chance = random.Random(f"{setup.seed} {self.name} {setup.worker} {group}")  # noqa: S311 - a schedule
        index = 0
        while not self.context.stopping:
            if any(member.closed for member in people):
                self._waiting += [member for member in people if not member.closed]
                return
            index += 1
            room = self.context.ledger.room(f"load-{setup.run}-{self.name}-{setup.worker}-{group}-{index}", self.name)
            self.sampled(room, len(people))
            for member in people:
                self.taped(room, member)
            await _Life(self, room, people, chance).play()


class _Life:
    """One incident."""

    def __init__(self, scenario: Scenario, room: Room, people: list[VirtualClient], chance: random.Random) -> None:
        self._context: Context = scenario.context
        self._scenario = scenario
        self._room = room
        self._people = people
        self._chance = chance
        self._length_s: float = scenario.option("incident-length")
        self._began_ns = time.monotonic_ns()

    def _at(self, share: float) -> int:
        return self._began_ns + int(share * self._length_s * 1e9)

    async def _until(self, share: float) -> int:
        due_ns = self._at(share)
        await self._context.alarm.until(due_ns)
        return due_ns

    async def play(self) -> None:
        """From its opening to its close."""
        opener, *others = self._people
        if await opener.join(self._room, INIT):
            await asyncio.gather(*map(self._comes, others), self._course(opener), self._talk())
        await self._until(1)
        if self._context.tape is not None:
            self._context.tape.cut(self._room.name, self._context.ledger)
        for member in others:
            await member.leave(self._room)
        opener.go(self._room, CLOSE)

    async def _comes(self, member: VirtualClient) -> None:
        await self._until(JOINING * self._chance.random())
        if self._context.stopping or not await member.join(self._room):
            return
        if member is self._people[1]:
            self._context.spawn(self._places(member))

    async def _places(self, member: VirtualClient) -> None:
        """The rescuer's locations."""
        async for due_ns in self._context.turns(1 / LOCATION_S, until_ns=self._at(LAST)):
            member.say(self._room, self._scenario.location, due_ns)

    async def _course(self, opener: VirtualClient) -> None:
        """Its statuses."""
        for share, number in COURSE:
            due_ns = await self._until(share)
            if self._context.stopping:
                return
            opener.say(self._room, self._scenario.status, due_ns, number=number)

    async def _talk(self) -> None:
        """Its messages, each typed first."""
        rate = self._scenario.option("incident-rate")
        async for due_ns in self._context.turns(rate, self._chance, until_ns=self._at(LAST)):
            here = [member for member in self._people if member.number in self._room.stays]
            if not here:
                self._context.count("skipped", self._scenario.name)
                continue
            member = self._chance.choice(here)
            member.say(self._room, self._scenario.typing, due_ns)
            member.emit(TYPING_STOP, {self._context.words.key: self._room.name})
            self._context.spawn(member.post(self._room, due_ns))
