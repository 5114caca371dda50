"""What a page shows of a load: the ledger, gates and times, and the series that its charts draw. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from conformance.journal.metrics import TRENDS
from conformance.journal.records import Journal, Measured, Timed
from conformance.support.printable import printable
from reports.parts import timed
from reports.parts.explaining import DEFECTS, explaining
from reports.parts.timed import Times

PERCENTILES = (50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99, 100)
SHOWN = (50, 90, 95, 99, 99.9)
MOST_OF_A_NAME = 80
"""Characters of a line's name: the browser reads it out of JSON, past what the page escapes."""

MOST_POINTS = 1200
"""Points of a series: more than a screen has columns."""


def parts(journal: Journal, run: str) -> dict[str, Any]:
    """What only a load has."""
    scenarios = [one for one in journal.ledgers if not one.step]
    counts = list(dict.fromkeys(name for one in scenarios for name in one.counts))
    return {
        "scenarios": [one.scenario for one in scenarios],
        "ledger": [(name, [one.counts.get(name) for one in scenarios], name in DEFECTS) for name in counts],
        "steps": [one for one in journal.ledgers if one.step],
        "gates": journal.gates,
        "witnesses": journal.witnesses,
        "options": sorted(journal.header.load.items()),
        "times": list(_times(journal.timed)),
        "percents": SHOWN,
        "explaining": explaining(journal, _thinned(journal.measured)),
        "charts": [chart for chart in _charts(journal) if len(chart["x"]) > 1],
    }


def _times(parts: Sequence[Timed]) -> Iterator[tuple[str, str, Times]]:
    """(metric, what it is, its times), each over everything."""
    for metric in dict.fromkeys(one.metric for one in parts):
        yield metric, TRENDS.get(metric, ""), timed.of(parts, metric)


def _charts(journal: Journal) -> Iterator[dict[str, Any]]:
    series = _thinned(journal.measured)
    times = [round(one.at_s, 2) for one in series]
    yield _chart("Deliveries a second", "s", times[1:], "/s", {"deliveries": _rates(series)})
    over = {name: [one.delivery_ms.get(name) for one in series] for name in ("p50", "p95", "p99")}
    yield _chart("Latency of deliveries so far", "s", times, "ms", over)
    yield _chart("Sockets and rooms", "s", times, "", {
        "sockets": [one.sockets for one in series], "rooms": [one.rooms for one in series],
    })  # fmt: skip
    found = {metric: timed.of(journal.timed, metric) for metric in ("delivery", "first", "post", "spread", "rejoin")}
    yield percentiles("Latency by percentile", {metric: found[metric] for metric in ("delivery", "first", "post")})
    yield _by_size(journal.timed)
    yield percentiles("From the first receiver to the last, by percentile", {"spread": found["spread"]})
    yield percentiles("Rejoined after a drop, by percentile", {"rejoin": found["rejoin"]})
    for name, unit in (("lag_ms", "ms"), ("cpu_percent", "%"), ("backlog_bytes", "bytes")):
        yield _chart(f"Generator: {HEALTH[name]}", "s", times, unit, _of_workers(series, name))


MOST_WORKERS = 8
"""Workers that have a line each; of more the highest, the median and the lowest are shown."""


def _of_workers(series: Sequence[Measured], name: str) -> dict[str, list[Any]]:
    """What workers say of themselves, at each look."""
    workers = sorted({worker for one in series for worker in one.workers})
    if len(workers) <= MOST_WORKERS:
        return {worker: [one.workers.get(worker, {}).get(name) for one in series] for worker in workers}
    told = [sorted(health[name] for health in one.workers.values() if name in health) for one in series]
    return {
        "highest worker": [values[-1] if values else None for values in told],
        "median worker": [values[len(values) // 2] if values else None for values in told],
        "lowest worker": [values[0] if values else None for values in told],
    }


HEALTH = {
    "lag_ms": "how late its event loop was",
    "cpu_percent": "processor time",
    "backlog_bytes": "received and not yet read",
}


def _chart(title: str, across: str, x: Sequence[float], unit: str, lines: dict[str, list[Any]]) -> dict[str, Any]:
    kept = {
        printable(name[:MOST_OF_A_NAME]): values
        for name, values in lines.items()
        if any(value is not None for value in values)
    }
    return {"title": title, "across": across, "unit": unit, "x": list(x) if kept else [], "lines": kept, "labels": []}


def _rates(series: Sequence[Measured]) -> list[float]:
    return [
        round((after.deliveries - before.deliveries) / max(1e-9, after.at_s - before.at_s), 1)
        for before, after in pairwise(series)
    ]


def percentiles(title: str, found: Mapping[str, Times]) -> dict[str, Any]:
    """A line of each distribution over percentiles, which stand at equal distances, as their names say."""
    lines: dict[str, list[Any]] = {
        name: [round(times.percentile(percent), 3) for percent in PERCENTILES]
        for name, times in found.items()
        if times.count
    }
    made = _chart(title, "percentile", range(len(PERCENTILES)), "ms", lines)
    return {**made, "labels": [f"{percent:g}" for percent in PERCENTILES]}


def _by_size(parts: Sequence[Timed]) -> dict[str, Any]:
    sizes = timed.values(parts, "delivery", "room_size")
    found = [timed.of(parts, "delivery", room_size=size) for size in sizes]
    lines: dict[str, list[Any]] = {
        f"p{percent:g}": [round(times.percentile(percent), 3) for times in found] for percent in (50, 95, 99)
    }
    made = _chart("Latency by the size of the room", "sockets", range(len(sizes)), "ms", lines if sizes else {})
    return {**made, "labels": [printable(size[:MOST_OF_A_NAME]) for size in sizes]}


def _thinned(series: Sequence[Measured]) -> Sequence[Measured]:
    """At most so many of the points, the last among them."""
    step = -(-len(series) // MOST_POINTS) or 1
    return [*series[:-1:step], *series[-1:]]
