"""Some sockets stop reading: what a service cannot send it has to keep or drop, and the others must not feel it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.model.exit_code import Exit
from loadtests.dialects.dialect import Dialect
from loadtests.verdict.conclusion import Conclusion, Evidence, of_steps
from loadtests.worker.client import VirtualClient
from loadtests.workload.option import Option, percent
from loadtests.workload.rooms import Place
from loadtests.workload.scenario import Scenario as Base
from loadtests.workload.traffic import Traffic

WITHOUT, WITH = "1", "2"
"""The steps that publications are counted under: rooms without slow sockets, and rooms with them."""


NAMES = {WITHOUT: "rooms where all read", WITH: "rooms with slow sockets"}


class Scenario(Base):
    """Sockets of every other room stop reading; counts are told by step: 1 rooms without such sockets, 2 with them."""

    options = (
        Option(name="slow-rate", default=5.0, help="Messages a second in each room."),
        Option(
            name="slow-percent", default=20.0, kind=percent, help="How many members of every other room stop reading."
        ),
    )

    @classmethod
    def traffic(cls, words: Dialect, options: Mapping[str, Any]) -> tuple[Traffic, ...]:
        """Messages in each room, of those who read: in every other room some do not."""
        reading = 1 - options["slow_percent"] / 200
        return (Traffic(way=words.writing, per_room_s=options["slow_rate"], present=reading),)

    async def drive(self, place: Place) -> None:
        """Post whenever a message is due."""
        await self.post(place, self.option("slow-rate"))

    def step(self, place: Place) -> str:
        """What the room's publications are counted under."""
        return WITH if self.places.index(place) % 2 else WITHOUT

    @classmethod
    def conclude(cls, evidence: Evidence) -> Conclusion | None:
        """What those who read felt of those who do not."""
        notes = of_steps(evidence, NAMES)
        seen = [step for step in NAMES if evidence.accounts.counts(evidence.scenario, step).get("ok")]
        if evidence.ended and len(seen) < len(NAMES):
            lacking = next(NAMES[step] for step in NAMES if step not in seen)
            why = f"cannot tell: no delivery was seen in {lacking}; give it more rooms, more readers or more time"
            return Conclusion(notes=notes, code=Exit.CANNOT_TELL, summary=why)
        return Conclusion(notes=notes)

    async def live(self, member: VirtualClient, place: Place) -> None:
        """Stop reading, if it is one of those: it is owed nothing any more, and stays a member."""
        if self.step(place) == WITH and place.chance.random() * 100 < self.option("slow-percent"):
            member.stop_reading()
            self.context.count("slow", self.name)
