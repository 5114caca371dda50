"""Rescuers of many SOS report where they are, once a second or so, and everybody in the room hears it."""

from __future__ import annotations

from loadtests.worker.client import VirtualClient
from loadtests.workload.option import Option
from loadtests.workload.rooms import Place
from loadtests.workload.scenario import Scenario as Base

EVERY_S = 1.25
"""A service may drop more than one location a second from one socket, and measures when they come: a quarter of a
second is for what they take to come, and differs from one to the next (`ARRIVAL_NS` of a publication)."""


class Scenario(Base):
    """Emits a location from each socket, evenly, each beginning at a time of its own."""

    weight = 3
    options = (
        Option(name="location-every", default=EVERY_S, help="Seconds from one location of a socket to its next."),
    )

    async def live(self, member: VirtualClient, place: Place) -> None:
        """Report places that nobody else reports."""
        await self.context.alarm.after(
            self.option("start-after") + place.chance.random() * self.option("location-every")
        )
        async for due_ns in self.context.turns(1 / self.option("location-every")):
            member.locate(place.room, due_ns)
