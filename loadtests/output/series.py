"""What charts of a run show: how it stood at each look, the rates and latencies over the last seconds. Pure."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from loadtests.ledger.counts import defects
from loadtests.ledger.histogram import Histogram
from loadtests.ledger.totals import Totals

WINDOW_S = 10.0
"""Over how long rates and latencies are measured: workers report every 3 s, and a shorter time would be uneven."""

MOST_LOOKS = 1200
"""Looks that are kept: more than a screen has columns. Of a longer run every second, fourth ... one is."""

DELIVERIES = ("delivery", "delivery_in_ramp")
"""The trends that count deliveries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a run stood."""

    at_s: float
    sockets: int
    defects: int
    """So far."""
    per_s: float
    """Deliveries a second."""
    p50: float | None = None
    """Latency of deliveries in ms, here and below; None where there were none."""
    p95: float | None = None
    p99: float | None = None


@dataclass(slots=True)
class Series:
    """The looks of a run."""

    looks: list[Look] = field(default_factory=list)
    _window: deque[tuple[float, int, Counter[int]]] = field(default_factory=lambda: deque([(0.0, 0, Counter[int]())]))
    """(when, deliveries, latencies by bucket) at the looks of the last seconds."""
    _every: int = 1
    _count: int = 0

    def look(self, accounts: Totals, elapsed_s: float) -> Look:
        """Look now."""
        times = accounts.trend("delivery")
        deliveries = sum(accounts.trend(name).count for name in DELIVERIES)
        if deliveries < self._window[-1][1]:  # A worker that came again has forgotten its own.
            self._window = deque([(elapsed_s, deliveries, Counter(times.buckets))])
        self._window.append((elapsed_s, deliveries, Counter(times.buckets)))
        while len(self._window) > 2 and self._window[1][0] <= elapsed_s - WINDOW_S:
            self._window.popleft()
        then_s, before, had = self._window[0]
        recent = Histogram(Counter(times.buckets) - had, times.least, times.most)
        percents = {
            name: round(recent.percentile(percent), 3) for name, percent in (("p50", 50), ("p95", 95), ("p99", 99))
        }
        look = Look(
            at_s=round(elapsed_s, 2),
            sockets=accounts.sockets,
            defects=sum(defects(accounts.counts()).values()),
            per_s=round((deliveries - before) / (elapsed_s - then_s), 1) if elapsed_s > then_s else 0.0,
            **(percents if recent.count else {}),
        )
        self._keep(look)
        return look

    def _keep(self, look: Look) -> None:
        self._count += 1
        if self._count % self._every == 0:
            self.looks.append(look)
        if len(self.looks) > MOST_LOOKS:
            del self.looks[::2]
            self._every *= 2

    def columns(self) -> dict[str, list[float | None]]:
        """The looks as lists of the same length, by name."""
        names = Look.__slots__
        return {name: [getattr(look, name) for look in self.looks] for name in names}


def sparkline(values: Sequence[float | None], width: int, *, ascii_only: bool = False) -> str:
    """Values as a line of bars, from 0 to the largest; a blank where there was none.

    Args:
        width: columns; of several values that share one the largest is shown.
    """
    bars = ".:-=+*#@" if ascii_only else "▁▂▃▄▅▆▇█"
    columns = min(width, len(values))
    shown = []
    for column in range(columns):
        part = values[column * len(values) // columns : (column + 1) * len(values) // columns]
        shown.append(max((value for value in part if value is not None), default=None))
    top = max((value for value in shown if value is not None), default=0.0)
    return "".join(
        " " if value is None else bars[min(len(bars) - 1, int(value / top * len(bars)))] if top > 0 else bars[0]
        for value in shown
    )
