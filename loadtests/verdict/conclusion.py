"""What a scenario says of its own run, from the account, besides what is judged of every run. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from loadtests.ledger.totals import Totals
from loadtests.verdict.thresholds import Threshold


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

    scenario: str
    """The name under which the scenario that draws it was counted."""
    accounts: Totals
    gates: Sequence[Threshold]
    options: Mapping[str, Any]
    elapsed_s: float
    ended: bool = False
    """The run is over and drained."""


def of_steps(evidence: Evidence, names: Mapping[str, str]) -> tuple[str, ...]:
    """A line for each step: its deliveries, their defects, and how long they took."""
    lines = []
    scenario = evidence.scenario
    for step in evidence.accounts.steps(scenario):
        counts = evidence.accounts.counts(scenario, step)
        times = evidence.accounts.trend("delivery", {"scenario": scenario, "step": step})
        told = ", ".join(f"{count} {name}" for name, count in counts.items())
        percentiles = ", ".join(f"p({percent}) {times.percentile(percent):.1f} ms" for percent in (50, 95, 99))
        lines.append(f"{names.get(step, step)}: {told}" + (f"; delivery {percentiles}" if times.count else ""))
    return tuple(lines)
