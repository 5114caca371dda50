"""Several scenarios at once, each by its weight: what a service sees on an ordinary day."""

from __future__ import annotations

from loadtests.plane.member import Member
from loadtests.scenario import Option
from loadtests.scenario import Scenario as Base
from loadtests.scenarios import scenarios


class Scenario(Base):
    """Gives each Locust user to one of the other scenarios, by weight, in the same order every time."""

    options = (
        Option(name="mix", default="", help="Weights, as in Chat=6,Locations=3; those of the scenarios where empty."),
    )

    def _begin(self) -> None:
        every = scenarios()
        text = str(self.option("mix"))
        given = dict(part.split("=") for part in text.split(",")) if text else {}
        unknown = sorted(set(given) - set(every))
        weights = {name: int(given.get(name, 0)) if given else kind.weight for name, kind in every.items()}
        if unknown or not any(weights.values()):
            raise ValueError(f"--mix: expected weights of {', '.join(sorted(every))}, got {text!r}")
        self._parts = {name: every[name](name, self.plane, self.given) for name, weight in weights.items() if weight}
        self._weights = {name: weight for name, weight in weights.items() if weight}
        self._credit = dict.fromkeys(self._parts, 0)

    async def cohort(self, members: list[Member]) -> None:
        """Give them to the scenario that has had least for its weight."""
        for name, weight in self._weights.items():
            self._credit[name] += weight
        chosen = max(self._credit, key=lambda name: self._credit[name])
        self._credit[chosen] -= sum(self._weights.values())
        for member in members:
            member.scenario = chosen
        await self._parts[chosen].cohort(members)
