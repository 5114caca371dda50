"""Several scenarios at once, each by its weight: what a service sees on an ordinary day."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from loadtests.dialects.dialect import Dialect
from loadtests.scenarios import found, name_of, scenarios
from loadtests.worker.client import VirtualClient
from loadtests.workload.option import Option
from loadtests.workload.scenario import Scenario as Base
from loadtests.workload.traffic import by_weight

OWN_NAME = name_of(__name__.rpartition(".")[2])


def _weights(text: str) -> dict[str, int]:
    return {name: int(weight) for name, _, weight in (part.partition("=") for part in text.split(",") if part)}


def _mix(text: str) -> str:
    """Check weights."""
    known = sorted(set(found()) - {OWN_NAME})
    try:
        weights = _weights(text)
        fine = set(weights) <= set(known) and all(weight >= 0 for weight in weights.values())
        fine = fine and (any(weights.values()) or not text)
    except ValueError:
        fine = False
    if not fine:
        raise argparse.ArgumentTypeError(f"expected weights of {', '.join(known)}, got {text!r}")
    return text


class Scenario(Base):
    """Gives each Locust user to one of the other scenarios, by weight, in the same order every time."""

    options = (
        Option(name="mix", default="", kind=_mix, help="Weights (Chat=6,Storm=1); the scenarios' own if empty."),
    )

    @classmethod
    def shares(cls, words: Dialect, options: Mapping[str, Any]) -> Mapping[str, int]:
        """The weights of the scenarios that the contracts can play."""
        every = scenarios()
        weights = _weights(options["mix"]) or {name: kind.weight for name, kind in every.items()}
        return {name: weight for name, weight in weights.items() if weight and not every[name].lacks(words)}

    def _begin(self) -> None:
        every, weights = scenarios(), self.shares(self.context.words, self.given)
        called = {self.context.called(name): name for name in weights}
        self._parts = {name: every[kind](name, self.context, self.given) for name, kind in called.items()}
        self._turns = by_weight({name: weights[kind] for name, kind in called.items()})

    async def cohort(self, members: list[VirtualClient]) -> None:
        """Give them to the scenario that has had least for its weight."""
        chosen = next(self._turns)
        for member in members:
            member.scenario = chosen
        await self._parts[chosen].cohort(members)
