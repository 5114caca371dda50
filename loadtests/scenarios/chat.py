"""Members of a room write to each other, and everybody in the room hears it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from loadtests.dialects.dialect import Dialect
from loadtests.workload.option import Option
from loadtests.workload.rooms import Place
from loadtests.workload.scenario import Scenario as Base
from loadtests.workload.traffic import Traffic


class Scenario(Base):
    """Posts messages into each room, at random times, by members of the room."""

    weight = 6
    options = (Option(name="chat-rate", default=1.0, help="Messages a second in each room, from all its members."),)

    @classmethod
    def traffic(cls, words: Dialect, options: Mapping[str, Any]) -> tuple[Traffic, ...]:
        """Messages in each room."""
        return (Traffic(way=words.writing, per_room_s=options["chat_rate"]),)

    async def drive(self, place: Place) -> None:
        """Post whenever a message is due."""
        await self.post(place, self.option("chat-rate"))
