"""What a scenario says of its own run, from the account, besides what is judged of every run. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from loadtests.accounts import Accounts
from loadtests.gates import Gate


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """What was found."""

    notes: tuple[str, ...] = ()
    over: bool = False
    """The run may end: what it was to find out is found."""
    code: int | None = None
    """The exit code in place of the usual one: a search is not broken by the breaking point that it searches."""
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What it is drawn from."""

    accounts: Accounts
    gates: Sequence[Gate]
    options: Mapping[str, Any]
    elapsed_s: float
    ended: bool = False
    """The run is over and drained."""


Conclude: TypeAlias = Callable[[Evidence], Conclusion | None]


def of_steps(evidence: Evidence, scenario: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """A line for each step: its deliveries, their defects, and how long they took."""
    lines = []
    for step in evidence.accounts.steps():
        counts = evidence.accounts.counts(scenario, step)
        times = evidence.accounts.trend("delivery", {"scenario": scenario, "step": step})
        told = ", ".join(f"{count} {name}" for name, count in counts.items())
        percentiles = ", ".join(f"p({percent}) {times.percentile(percent):.1f} ms" for percent in (50, 95, 99))
        lines.append(f"{names.get(step, step)}: {told}" + (f"; delivery {percentiles}" if times.count else ""))
    return tuple(lines)
