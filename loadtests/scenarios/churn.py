"""Sockets come and go while messages are sent: who is there hears everything, who has gone hears nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from loadtests.dialects.dialect import Dialect
from loadtests.worker.client import VirtualClient
from loadtests.workload.option import Option
from loadtests.workload.rooms import Place
from loadtests.workload.scenario import Scenario as Base
from loadtests.workload.traffic import Traffic


class Scenario(Base):
    """Members leave their room at random and join it again, by request or by connection, under traffic."""

    weight = 1
    options = (
        Option(name="churn-rate", default=1.0, help="Messages a second in each room."),
        Option(name="churn-stay", default=5.0, help="Seconds that a socket stays, on average."),
        Option(name="churn-away", default=2.0, help="Seconds that it stays away, on average."),
        Option(
            name="churn-by",
            default="both",
            choices=("leave", "disconnect", "both"),
            help="How a member leaves; where no request is shown to, it disconnects.",
        ),
    )

    @classmethod
    def traffic(cls, words: Dialect, options: Mapping[str, Any]) -> tuple[Traffic, ...]:
        """Messages in each room, of those who are there."""
        stay, away = options["churn_stay"], options["churn_away"]
        return (Traffic(way=words.writing, per_room_s=options["churn_rate"], present=stay / (stay + away)),)

    async def drive(self, place: Place) -> None:
        """Post whenever a message is due."""
        await self.post(place, self.option("churn-rate"))

    async def live(self, member: VirtualClient, place: Place) -> None:
        """Come and go."""
        context, chance, how = self.context, place.chance, self.option("churn-by")
        while not context.stopping:
            await context.alarm.after(chance.expovariate(1 / self.option("churn-stay")))
            if context.stopping or not member.connected:
                continue
            by_leave = member.can_leave and (how == "leave" or (how == "both" and chance.random() < 0.5))
            if by_leave:
                await member.leave(place.room)
            else:
                member.drop("close")
            await context.alarm.after(chance.expovariate(1 / self.option("churn-away")))
            if context.stopping:
                return
            if not by_leave and not await member.come_back():
                continue
            await member.join(place.room)
