"""Runs over time as a page: what was run how often, how it ended, and how its figures went. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conformance.model.verdict import Outcome
from conformance.support.printable import printable
from reports.html import page
from reports.output.history import Kept
from reports.parts.ending import worded

SHOWN = (Outcome.PASS, Outcome.FAIL, Outcome.WARNING, Outcome.KNOWN, Outcome.INCONCLUSIVE, Outcome.ERROR)
MOST_OF_A_NAME = 200


def render(runs: Sequence[Kept]) -> str:
    """A section for each command and target, with its charts and the table of its runs, the newest first."""
    groups: dict[tuple[str, str, str], list[Kept]] = {}
    for run in runs:
        groups.setdefault((run.command, run.target, run.bundle), []).append(run)
    return page("trend.html", charts=True, groups=[_group(key, some) for key, some in groups.items()])


def _group(key: tuple[str, str, str], runs: Sequence[Kept]) -> dict[str, Any]:
    command, target, bundle = key
    return {
        "command": command,
        "target": target,
        "bundle": bundle,
        "charts": [chart for chart in _charts(runs) if chart["lines"] and len(runs) > 1],
        "rows": [(run, *worded(run.exit_code)) for run in reversed(runs)],
        "broken": runs[-1].broken,
    }


def _charts(runs: Sequence[Kept]) -> list[dict[str, Any]]:
    outcomes = {
        outcome.value: [run.counts.get(outcome.value, 0) for run in runs]
        for outcome in SHOWN
        if any(run.counts.get(outcome.value) for run in runs)
    }
    names = list(dict.fromkeys(name for run in runs for name in run.figures))
    times = {name: [run.figures.get(name) for run in runs] for name in names if " p" in name}
    rates = {name: [run.figures.get(name) for run in runs] for name in names if name.endswith("/s")}
    return [
        _chart("Verdicts", "", runs, outcomes),
        _chart("Times", "ms", runs, times),
        _chart("Deliveries", "/s", runs, rates),
    ]


def _chart(title: str, unit: str, runs: Sequence[Kept], lines: dict[str, list[Any]]) -> dict[str, Any]:
    labels = [printable(run.began[:MOST_OF_A_NAME])[:16].replace("T", " ") for run in runs]
    return {
        "title": title, "across": "run", "unit": unit, "x": list(range(len(runs))), "lines": lines, "labels": labels,
    }  # fmt: skip
