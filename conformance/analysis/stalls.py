"""How long Roomcheck's event loop was stalled between two times. Rules ask it thousands of times of one transcript."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True, kw_only=True)
class Stalls:
    """Times in which the event loop stood still: they do not overlap."""

    began_s: tuple[float, ...]
    lasted_s: tuple[float, ...]
    before_s: tuple[float, ...]
    """How long all stalls before each of them lasted together."""

    def between(self, since_s: float, until_s: float) -> float:
        """The seconds of all stalls between two times; 0 where the second is not later."""
        return max(0.0, self._until(until_s) - self._until(since_s))

    def _until(self, at_s: float) -> float:
        last = bisect_right(self.began_s, at_s) - 1
        if last < 0:
            return 0.0
        return self.before_s[last] + min(self.lasted_s[last], at_s - self.began_s[last])


def stalls_of(stalls: Iterable[tuple[float, float]]) -> Stalls:
    """From (began, lasted) of each stall, in seconds of the run."""
    ordered = sorted(stalls)
    lasted_s = tuple(lasted for _, lasted in ordered)
    before_s = tuple(accumulate(lasted_s[:-1], initial=0.0))[: len(ordered)]
    return Stalls(began_s=tuple(began for began, _ in ordered), lasted_s=lasted_s, before_s=before_s)
