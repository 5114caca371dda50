"""The one chart that explains how a load ended: what broke over time, against its bound where it has one. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from conformance.journal.metrics import TRENDS
from conformance.journal.records import Gated, Journal, Measured
from conformance.model.exit_code import Exit
from conformance.support.printable import printable

DEFECTS = ("lost", "late", "duplicate", "reordered", "leaked", "contract_failed", "unstored", "stored_twice")
"""Counts of the ledger that are the service's fault; in its order."""

FAILURES = ("refused_sockets", "unreached", "disconnected", "unjoined", "unleft", "refused", "unanswered", "unread")
"""Counts of what was asked of the service and did not succeed."""

OURS = ("unsent", "exhausted")
"""Counts of what the generator could not do."""

LAG_MS = 50.0
"""A generator that is later than this, at the 99th percentile, limits the run."""

LIMITED = "generator-limited"
"""How the summary of a run begins that the generator limited."""

MOST_LINES = 5
"""Lines that a chart tells apart."""

_BOUND = re.compile(r"(<=|>=|==|!=|<|>)\s*(-?\d{1,15}(?:\.\d{1,15})?)")

Chart = dict[str, Any]


def explaining(journal: Journal, series: Sequence[Measured]) -> Chart | None:
    """The chart; None where the journal has too little for one.

    Args:
        series: what was measured over the run, as much of it as is drawn.
    """
    if len(series) < 2:
        return None
    counts = _counts(journal)
    broken = [gate for gate in journal.gates if gate.outcome == "broken"]
    code = journal.footer.exit_code if journal.footer is not None else Exit.CANNOT_TELL
    if any(note.startswith(LIMITED) for note in (*journal.notes, *journal.remarks)):
        return _of_counts(journal, series, counts, OURS, "What the generator could not do") or _lag(series)
    found: Chart | None = None
    if code != Exit.HOLDS:  # Otherwise what was counted is known to be broken, and ended nothing.
        found = _of_counts(journal, series, counts, DEFECTS, "Defects over the run")
    if found is None and broken:
        found = _gate(journal, series, broken[0], f"Broken: {broken[0].gate}")
    if found is None and code != Exit.HOLDS:
        names = (*FAILURES, "unknown")
        found = _of_counts(journal, series, counts, names, "What did not succeed over the run")
    if found is None and code == Exit.UNREACHABLE:
        found = _sockets(series)
    if found is None and (nearest := _nearest(journal.gates)) is not None:
        found = _gate(journal, series, nearest, nearest.gate)
    return found or _latency(series)


def _counts(journal: Journal) -> Counter[str]:
    """The counts of the whole run: those of its ledger, or the last ones before it was cut off."""
    whole: Counter[str] = Counter()
    for one in journal.ledgers:
        if not one.step:
            whole.update(one.counts)
    return whole or Counter(journal.measured[-1].counts)


def chart(
    title: str, x: Sequence[float], unit: str, lines: Mapping[str, Sequence[float | None]], bounds: Sequence[str] = ()
) -> Chart:
    """A chart over the time of a run.

    Args:
        bounds: the lines that what was measured is held against.
    """
    return {
        "title": printable(title[:120]), "across": "seconds", "unit": unit, "x": list(x), "labels": [],
        "lines": {printable(name[:80]): list(values) for name, values in lines.items()},
        "bounds": [printable(name[:80]) for name in bounds],
    }  # fmt: skip


def _of_counts(
    journal: Journal, series: Sequence[Measured], counts: Counter[str], names: Sequence[str], title: str
) -> Chart | None:
    """Counts over time, up to what they were in the end: much is only decided when a run is over."""
    seen = [name for name in names if counts[name]][:MOST_LINES]
    if not seen:
        return None
    x = [one.at_s for one in series]
    lines: dict[str, list[float | None]] = {name: [one.counts.get(name, 0) for one in series] for name in seen}
    if journal.footer is not None and journal.ledgers:
        x.append(max(x[-1], journal.footer.took_s) + 1e-3)
        for name in seen:
            lines[name].append(counts[name])
    return chart(title, _rounded(x), "count so far", lines)


def _rounded(times: Sequence[float]) -> list[float]:
    return [round(time, 3) for time in times]


def _gate(journal: Journal, series: Sequence[Measured], gate: Gated, title: str) -> Chart | None:
    """What was measured of a gate, against its bound; None where an old journal has no such figures."""
    values = [one.gates.get(gate.gate) for one in series]
    if not any(value is not None for value in values):
        return None
    x = [one.at_s for one in series]
    if journal.footer is not None and journal.footer.took_s > x[-1]:
        x.append(journal.footer.took_s)
        values.append(gate.value)
    lines: dict[str, Sequence[float | None]] = {"measured so far": values}
    bound = _bound(gate)
    if bound is not None:
        lines["threshold"] = [bound] * len(x)
    return chart(title, _rounded(x), _unit(gate), lines, ["threshold"] if bound is not None else [])


def _bound(gate: Gated) -> float | None:
    found = _BOUND.search(gate.gate)
    return float(found[2]) if found else None


def _unit(gate: Gated) -> str:
    text = gate.gate
    if re.split(r"\W", text.strip(), maxsplit=1)[0] in TRENDS:
        return "deliveries" if re.search(r":\s*count\b", text) else "ms"
    return "a second" if re.search(r":\s*rate\b", text) else "count so far"


def _nearest(gates: Sequence[Gated]) -> Gated | None:
    """Of the gates of times the one that was nearest to being broken, or else the first gate."""

    def share(gate: Gated) -> float:
        bound = _bound(gate)
        return gate.value / bound if gate.value is not None and bound else -1.0

    timed = [gate for gate in gates if _unit(gate) == "ms" and gate.value is not None]
    return max(timed, key=share, default=gates[0] if gates else None)


def _lag(series: Sequence[Measured]) -> Chart:
    """How late the latest of the workers was."""
    late = [max((health.get("lag_ms", 0.0) for health in one.workers.values()), default=None) for one in series]
    lines: dict[str, Sequence[float | None]] = {"the latest worker": late, "at most": [LAG_MS] * len(late)}
    return chart("How late the generator's event loop was", _at(series), "ms", lines, ["at most"])


def _sockets(series: Sequence[Measured]) -> Chart:
    return chart("Sockets over the run", _at(series), "sockets", {"sockets": [one.sockets for one in series]})


def _latency(series: Sequence[Measured]) -> Chart:
    """Latencies of the last seconds; of an old journal those so far."""

    def told(one: Measured) -> Mapping[str, float]:
        return one.recent_ms if recent else one.delivery_ms

    recent = any(one.recent_ms for one in series)
    lines = {name: [told(one).get(name) for one in series] for name in ("p50", "p95", "p99")}
    what = "over the last 10 s" if recent else "so far"
    return chart(f"Latency of deliveries {what}", _at(series), "ms", lines)


def _at(series: Sequence[Measured]) -> list[float]:
    return _rounded([one.at_s for one in series])
