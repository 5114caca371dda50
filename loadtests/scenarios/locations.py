"""Members of a room report something of themselves, once a second or so, and everybody in the room hears it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from loadtests.dialects.dialect import Dialect
from loadtests.worker.client import VirtualClient
from loadtests.workload.option import Option
from loadtests.workload.rooms import Place
from loadtests.workload.scenario import Scenario as Base
from loadtests.workload.traffic import Traffic

EVERY_S = 1.25
"""A service may drop more than one location a second from one socket, and measures when they come: a quarter of a
second is for what they take to come, and differs from one to the next (`ARRIVAL_NS` of a publication)."""


class Scenario(Base):
    """Emits an event from each socket, evenly, each beginning at a time of its own: one with a rate or with numbers."""

    weight = 3
    options = (Option(name="location-every", default=EVERY_S, help="Seconds from one report of a socket to its next."),)

    @classmethod
    def lacks(cls, words: Dialect) -> str:
        """Only events have a socket as their sender."""
        return "" if words.reporting else "no event of the contracts can be emitted again and again and told apart"

    @classmethod
    def traffic(cls, words: Dialect, options: Mapping[str, Any]) -> tuple[Traffic, ...]:
        """Reports of each member."""
        way = words.reporting
        return (Traffic(way=way, per_member_s=1 / options["location_every"]),) if way is not None else ()

    async def live(self, member: VirtualClient, place: Place) -> None:
        """Report places that nobody else reports."""
        await self.context.alarm.after(
            self.option("start-after") + place.chance.random() * self.option("location-every")
        )
        way = self.context.words.reporting
        assert way is not None  # noqa: S101 - `lacks` has asked
        async for due_ns in self.context.turns(1 / self.option("location-every")):
            member.say(place.room, way, due_ns)
