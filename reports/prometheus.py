"""Prometheus' text format: counts and times of a load, and the verdicts of any run, for a textfile collector."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from conformance.journal.metrics import TRENDS
from conformance.journal.records import Journal
from conformance.model.verdict import summary
from conformance.support.printable import printable
from reports.parts import timed

MOST_CHARACTERS = 500
"""Characters of a label's value: more of it would be refused by many who store it."""

QUANTILES = (0.5, 0.9, 0.95, 0.99, 0.999)

Sample: TypeAlias = tuple[str, Mapping[str, str], float]
"""(what is added to the metric's name, labels, value)."""


def render(journals: Sequence[Journal]) -> str:
    """The metrics, each with its help and type, once for all journals."""
    families: dict[tuple[str, str, str], list[Sample]] = {}
    for journal in journals:
        for family, samples in _families(journal):
            families.setdefault(family, []).extend(samples)
    lines = []
    for (name, kind, meaning), samples in families.items():
        lines += [f"# HELP {name} {meaning}", f"# TYPE {name} {kind}"]
        lines += [f"{name}{suffix}{_labels(labels)} {value:.12g}" for suffix, labels, value in samples]
    return "".join(f"{line}\n" for line in lines)


def _families(journal: Journal) -> Iterator[tuple[tuple[str, str, str], list[Sample]]]:
    header, footer = journal.header, journal.footer
    run = {"command": header.command, "target": header.target_name or header.target, "run": header.nonce}
    yield (
        ("roomcheck_run_complete", "gauge", "Whether the run was completed."),
        [("", run, float(footer is not None))],
    )
    if footer:
        yield ("roomcheck_exit_code", "gauge", "The exit code of the run."), [("", run, footer.exit_code)]
        yield ("roomcheck_run_seconds", "gauge", "How long the run took."), [("", run, footer.took_s)]
    began_s = _seconds(header.began)
    if began_s is not None:
        yield ("roomcheck_run_began_seconds", "gauge", "When the run began, as Unix time."), [("", run, began_s)]
    counts: list[Sample] = [
        ("", {**run, "outcome": outcome}, float(count)) for outcome, count in summary(journal.verdicts).items()
    ]
    yield ("roomcheck_verdicts", "gauge", "Verdicts by their outcome."), counts
    ledger: list[Sample] = [
        ("", {**run, "scenario": one.scenario, "step": one.step, "count": name}, float(count))
        for one in journal.ledgers
        for name, count in one.counts.items()
    ]
    if ledger:
        yield ("roomcheck_load_ledger", "gauge", "The ledger of deliveries, by count and scenario."), ledger
    for metric in dict.fromkeys(one.metric for one in journal.timed):
        meaning = f"Seconds {TRENDS.get(metric, metric)}."
        name = re.sub(r"\W", "_", metric[:60], flags=re.ASCII)
        yield (f"roomcheck_load_{name}_seconds", "summary", printable(meaning)), list(_summary(journal, run, metric))
    gates: list[Sample] = [
        ("", {**run, "gate": one.gate, "outcome": one.outcome}, float("nan") if one.value is None else one.value)
        for one in journal.gates
    ]
    if gates:
        yield ("roomcheck_load_gate", "gauge", "The value of each threshold (gate), in its own unit."), gates


def _seconds(began: str) -> float | None:
    """A time as Unix time; None where it is none."""
    try:
        return datetime.fromisoformat(began.replace("Z", "+00:00")).timestamp()
    except ValueError:
        return None


def _summary(journal: Journal, run: Mapping[str, str], metric: str) -> Iterable[Sample]:
    scenarios = timed.values(journal.timed, metric, "scenario")
    for labels in [{"scenario": name} for name in scenarios] or [{}]:
        times = timed.of(journal.timed, metric, **labels)
        own = {**run, **labels}
        for quantile in QUANTILES:
            yield "", {**own, "quantile": f"{quantile:g}"}, times.percentile(100 * quantile) / 1000
        yield "_sum", own, times.mean * times.count / 1000
        yield "_count", own, float(times.count)


def _labels(labels: Mapping[str, str]) -> str:
    cut = {name: text[:MOST_CHARACTERS] + "…" * (len(text) > MOST_CHARACTERS) for name, text in labels.items()}
    escaped = {name: printable(text).replace("\\", "\\\\").replace('"', '\\"') for name, text in cut.items()}
    return "{" + ",".join(f'{name}="{text}"' for name, text in escaped.items()) + "}"
