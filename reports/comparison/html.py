"""The comparison as a self-contained page, its percentile curves one over the other."""

from __future__ import annotations

from conformance.journal.metrics import TRENDS
from conformance.journal.records import Journal
from reports.comparison.terminal import cells
from reports.html import page
from reports.parts import loaded, timed
from reports.parts.compare import MEANING, Comparison

METRICS = ("delivery", "spread", "rejoin")


def render(found: Comparison) -> str:
    """The page."""
    return page(
        "compare.html",
        charts=bool(found.figures),
        found=found,
        turns=[
            (what, meaning, [turn for turn in found.turns if turn.what == what]) for what, meaning in MEANING.items()
        ],
        figures=[(cells(figure), figure) for figure in found.figures],
        drawn=[chart for chart in (_curves(found.before, found.after, metric) for metric in METRICS) if chart["x"]],
        most=loaded.MOST_POINTS,
    )


def _curves(before: Journal, after: Journal, metric: str) -> dict[str, object]:
    """A line a run over percentiles."""
    lines = {name: timed.of(one.timed, metric) for name, one in (("before", before), ("after", after))}
    return loaded.percentiles(f"{metric}: {TRENDS[metric]}", lines)
