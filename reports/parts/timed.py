"""Times of a load as its journal has them: histograms of (ms, count), added up and asked for percentiles. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from conformance.journal.records import Timed


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """A distribution of times, in ms."""

    counts: Sequence[tuple[float, int]]
    """(ms, how many), in order."""
    least: float
    most: float
    mean: float

    @property
    def count(self) -> int:
        """How many values it holds."""
        return sum(count for _, count in self.counts)

    def percentile(self, percent: float) -> float:
        """The time that so many percent of the values do not exceed; 0 where there are none."""
        rank, passed = self.count * percent / 100, 0
        for time, count in self.counts:
            passed += count
            if passed >= rank and count:
                return min(max(time, self.least), self.most)
        return 0.0


def together(parts: Iterable[Timed]) -> Times:
    """Several histograms as one."""
    counts: Counter[float] = Counter()
    least, most, total = float("inf"), 0.0, 0.0
    for part in parts:
        for time, count in part.histogram:
            counts[time] += count
        least, most = min(least, part.least), max(most, part.most)
        total += part.mean * sum(count for _, count in part.histogram)
    number = counts.total()
    return Times(
        counts=sorted(counts.items()), least=least if number else 0.0, most=most, mean=total / number if number else 0.0
    )


def of(timed: Iterable[Timed], metric: str, **tags: str) -> Times:
    """All times of a metric whose tags are these."""
    return together(one for one in timed if one.metric == metric and tags.items() <= one.tags.items())


def values(timed: Iterable[Timed], metric: str, tag: str) -> list[str]:
    """The values that a tag of a metric takes; numbers in their order."""
    found = {one.tags[tag] for one in timed if one.metric == metric and tag in one.tags}
    return sorted(
        found, key=lambda text: (0, float(text), text) if text.replace(".", "", 1).isdigit() else (1, 0, text)
    )
