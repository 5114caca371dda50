"""How sure a figure of one run is: intervals of percentiles, rates and shares, and of the difference of two. Pure.

What reaches the members of a room from one publication comes together, so that deliveries are no independent
observations: what counts as one is a publication. What changes from run to run besides (the machine, the network) no
single run can show, so small differences are left alone, too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from reports.parts.timed import Times

Z = 2.576
"""The normal quantile of 99 % confidence: some twenty figures are compared at once, and of those at 95 % one would be
wrong every time."""

LEAST_CHANGE = 0.05
"""A change of less than this share is not told as one, however sure it is: runs on the same machine differ by more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure and the bounds between which it is."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a figure was, what it is, and between which bounds the difference is."""

    before: float
    after: float
    low: float
    high: float

    @property
    def difference(self) -> float:
        """How much more it is."""
        return self.after - self.before

    @property
    def share(self) -> float:
        """The difference as a share of what it was; infinite where it was nothing."""
        return self.difference / self.before if self.before else math.inf * (self.difference > 0)

    @property
    def sure(self) -> bool:
        """Whether it is more than noise."""
        excludes_zero = self.low > 0 or self.high < 0
        return excludes_zero and (not self.before or abs(self.share) >= LEAST_CHANGE)


def percentile(times: Times, percent: float, independent: int) -> Estimate:
    """A percentile between the order statistics that a binomial count allows.

    Args:
        independent: how many of the values tell something of their own, at most as many as there are.
    """
    number = max(1, min(independent, times.count))
    share = percent / 100
    margin = Z * math.sqrt(share * (1 - share) / number)
    # Where the bound lies beyond all that was seen, nothing says how far the percentile may be away.
    low = times.percentile(100 * max(0.0, share - margin)) if share - margin > 0 else times.least
    high = times.percentile(100 * (share + margin)) if share + margin < 1 else math.inf
    return Estimate(value=times.percentile(percent), low=low, high=high)


def rate(count: int, independent: int, took_s: float) -> Estimate:
    """Events a second: a Poisson count, as uncertain as the number of its causes makes it."""
    value = count / took_s if took_s else 0.0
    margin = Z * value / math.sqrt(independent) if independent else value
    return Estimate(value=value, low=value - margin, high=value + margin)


def share(count: int, whole: int) -> Estimate:
    """A share of a whole: Wilson's interval."""
    if not whole:
        return Estimate(value=0.0, low=0.0, high=1.0)
    part, square = count / whole, Z * Z / whole
    middle = (part + square / 2) / (1 + square)
    margin = Z * math.sqrt(part * (1 - part) / whole + square / (4 * whole)) / (1 + square)
    return Estimate(value=part, low=max(0.0, middle - margin), high=min(1.0, middle + margin))


def change(before: Estimate, after: Estimate) -> Change:
    """The difference of two estimates, its bounds from theirs (the method of variance estimates recovery)."""
    difference = after.value - before.value
    low = difference - math.hypot(after.value - after.low, before.high - before.value)
    high = difference + math.hypot(after.high - after.value, before.value - before.low)
    return Change(before=before.value, after=after.value, low=low, high=high)
