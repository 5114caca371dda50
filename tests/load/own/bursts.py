"""A scenario of one's own: `roomcheck load --scenario tests/load/own/bursts.py --burst-size 3`."""

from __future__ import annotations

from loadtests.workload.option import Option
from loadtests.workload.rooms import Place
from loadtests.workload.scenario import Scenario


class Bursts(Scenario):
    """Several messages at once in each room, again and again."""

    options = (Option(name="burst-size", default=5, help="Messages of a burst."),)

    async def drive(self, place: Place) -> None:
        """Publish a burst whenever one is due."""
        async for due_ns in self.context.turns(2, place.schedule):
            for _ in range(self.option("burst-size")):
                member = place.anybody()
                if member is not None:
                    self.context.spawn(member.post(place.room, due_ns))
