"""Gates: what a run must keep, in the grammar of k6's thresholds, on what the ledger counted and timed. Pure.

    delivery{scenario:Chat}: p(99)<500      a percentile of a trend, in ms
    schedule_lag: p(99)<50
    lost==0                                 a counter; short for lost: count==0
    published: rate>100                     a counter by second
    delivery: p(95)<200; abort; delay 10s   ends the run when broken, and not before that time

Source of the grammar: https://grafana.com/docs/k6/latest/using-k6/thresholds/
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from conformance.journal.metrics import TRENDS
from conformance.support.suggest import nearest
from loadtests.ledger.counts import ORDER
from loadtests.ledger.histogram import Histogram
from loadtests.ledger.totals import Totals, is_part

TAGS = ("scenario", "event", "room_size", "step")
OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
}
_GATE = re.compile(
    r"\s*+(?P<metric>\w+)\s*+(?:\{(?P<tags>[^}]*)\})?\s*+:?\s*+(?P<aggregate>[a-z]+(?:\(\s*+[\d.]+\s*+\))?)?\s*+"
    r"(?P<operator><=|>=|==|!=|<|>)\s*+(?P<bound>-?\d+(?:\.\d+)?)\s*+(?P<rest>;.*)?"
)
_PERCENTILE = re.compile(r"p\(\s*([\d.]+)\s*\)")
_DELAY = re.compile(r"delay\s+([\d.]+)\s*s")

MOST_CHARACTERS = 500
"""Of a gate: more than anybody writes, and read at once."""

Outcome: TypeAlias = Literal["holds", "broken", "unseen"]

EXAMPLES = "such as 'delivery{scenario:Chat}: p(99)<500' or 'lost==0'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One gate, as it was written and as it is read."""

    text: str
    metric: str
    tags: tuple[tuple[str, str], ...] = ()
    aggregate: str = "count"
    percent: float = 0.0
    operator: str = "=="
    bound: float = 0.0
    abort: bool = False
    delay_s: float = 0.0

    def within(self, scenario: str, step: str) -> Threshold:
        """The same, of one step of a scenario alone; of another scenario, where the gate names one."""
        tags = {"scenario": scenario, **dict(self.tags), "step": step}
        if is_part(scenario, tags["scenario"]):
            tags["scenario"] = scenario
        return replace(self, tags=tuple(tags.items()))

    def value(self, accounts: Totals, elapsed_s: float) -> float | None:
        """What was measured; None where nothing was.

        A scenario that plays several parts of the contracts is counted by part: its name alone means all of them.
        """
        tags = dict(self.tags)
        named: Sequence[str | None] = accounts.named(tags["scenario"]) if "scenario" in tags else [None]
        if self.metric in TRENDS:
            return self._of(_merged([accounts.trend(self.metric, _of_scenario(tags, one)) for one in named]))
        counts = [accounts.counts(one, tags.get("step")) for one in named]
        if not any(counts):
            return None
        count = sum(one.get(self.metric, 0) for one in counts)
        return count / elapsed_s if self.aggregate == "rate" and elapsed_s else float(count)

    def _of(self, times: Histogram) -> float | None:
        if not times.count:
            return None
        match self.aggregate:
            case "avg":
                return times.mean
            case "min":
                return times.least
            case "max":
                return times.most
            case "med":
                return times.percentile(50)
            case "count":
                return float(times.count)
            case _:
                return times.percentile(self.percent)

    def judged(self, accounts: Totals, elapsed_s: float) -> Judged:
        """Whether it holds."""
        value = self.value(accounts, elapsed_s)
        if value is None:
            return Judged(gate=self, outcome="unseen", value=None)
        kept = OPERATORS[self.operator](value, self.bound)
        return Judged(gate=self, outcome="holds" if kept else "broken", value=value)


def _of_scenario(tags: dict[str, str], scenario: str | None) -> dict[str, str]:
    return tags if scenario is None else tags | {"scenario": scenario}


def _merged(trends: list[Histogram]) -> Histogram:
    if len(trends) == 1:
        return trends[0]
    whole = Histogram()
    for one in trends:
        whole.merge(one)
    return whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A gate, and what was measured."""

    gate: Threshold
    outcome: Outcome
    value: float | None

    def __str__(self) -> str:
        unit = " ms" if self.gate.metric in TRENDS and self.gate.aggregate != "count" else ""
        got = "nothing was measured" if self.value is None else f"{self.value:.6g}{unit}"
        return f"{self.gate.text}: {self.outcome} ({got})"


def gate(text: str) -> Threshold:
    """Read a gate.

    Raises:
        ValueError: it is none; says what is wrong with it.
    """
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"{text[:40]!r}... is longer than {MOST_CHARACTERS} characters")
    found = _GATE.fullmatch(text)
    if found is None:
        raise ValueError(f"expected a metric, a comparison and a number, {EXAMPLES}, got {text!r}")
    metric, aggregate = found["metric"], found["aggregate"]
    if metric not in TRENDS and metric not in ORDER:
        hint = nearest(metric, [*TRENDS, *ORDER], f"there are {', '.join([*TRENDS, *ORDER])}")
        raise ValueError(f"{text!r}: nothing called {metric!r} is measured; {hint}")
    tags = tuple(_tag(part, text) for part in (found["tags"] or "").split(",") if part.strip())
    if metric not in TRENDS and any(name not in ("scenario", "step") for name, _ in tags):
        raise ValueError(f"{text!r}: {metric} is counted by scenario and step alone")
    kind, percent = _aggregate(metric, aggregate, text)
    abort, delay_s = _rest(found["rest"] or "", text)
    return Threshold(
        text=text.split(";")[0].strip(),
        metric=metric,
        tags=tags,
        aggregate=kind,
        percent=percent,
        operator=found["operator"],
        bound=float(found["bound"]),
        abort=abort,
        delay_s=delay_s,
    )


def _tag(part: str, text: str) -> tuple[str, str]:
    name, colon, value = (piece.strip() for piece in part.partition(":"))
    if not colon or name not in TAGS or not value:
        raise ValueError(f"{text!r}: expected tags such as {{scenario:Chat}}, of {', '.join(TAGS)}")
    return name, value


def _aggregate(metric: str, aggregate: str | None, text: str) -> tuple[str, float]:
    if metric not in TRENDS:
        if aggregate not in (None, "count", "rate"):
            raise ValueError(f"{text!r}: {metric} is a counter, which has count and rate")
        return aggregate or "count", 0.0
    found = _PERCENTILE.fullmatch(aggregate or "")
    if found and float(found[1]) <= 100:
        return "p", float(found[1])
    if aggregate not in ("avg", "min", "max", "med", "count"):
        raise ValueError(f"{text!r}: {metric} is a trend: it has avg, min, max, med, count and p(0) to p(100)")
    return aggregate, 0.0


def _rest(text: str, whole: str) -> tuple[bool, float]:
    abort, delay_s = False, 0.0
    for part in (part.strip() for part in text.split(";") if part.strip()):
        delay = _DELAY.fullmatch(part)
        if delay:
            delay_s = float(delay[1])
        elif part == "abort":
            abort = True
        else:
            raise ValueError(f"{whole!r}: expected 'abort' or 'delay 10s' after ';', got {part!r}")
    return abort, delay_s


def aborting(gates: Iterable[Threshold], accounts: Totals, elapsed_s: float) -> list[Judged]:
    """The gates that end the run now."""
    judged = (one.judged(accounts, elapsed_s) for one in gates if one.abort and elapsed_s >= one.delay_s)
    return [one for one in judged if one.outcome == "broken"]
