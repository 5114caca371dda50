"""One room that everybody has joined: thousands of sockets, and every message goes to all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import repeat
from typing import Any

from loadtests.dialects.dialect import Dialect
from loadtests.workload.option import Option
from loadtests.workload.rooms import Place
from loadtests.workload.scenario import Scenario as Base
from loadtests.workload.traffic import Traffic


class Scenario(Base):
    """Puts every socket into one hot room, and posts messages into it evenly."""

    options = (Option(name="storm-rate", default=1.0, help="Messages a second into the hot room, of each worker."),)

    @classmethod
    def room_sizes(cls, name: str, seed: int, options: Mapping[str, Any]) -> Iterator[int]:
        """One room that takes everybody."""
        return repeat(0)

    @classmethod
    def traffic(cls, words: Dialect, options: Mapping[str, Any]) -> tuple[Traffic, ...]:
        """Messages in the one room."""
        return (Traffic(way=words.writing, per_room_s=options["storm_rate"]),)

    def place(self) -> Place:
        """The one room."""
        if not self.places:
            self.places.append(self.opened(0, size=0))
        return self.places[0]

    async def drive(self, place: Place) -> None:
        """Post whenever a message is due."""
        await self.post(place, self.option("storm-rate"), evenly=True)
