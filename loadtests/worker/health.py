"""How well this generator keeps up: a run that it limited says nothing about the service."""

from __future__ import annotations

import array
import asyncio
import contextlib
import fcntl
import itertools
import resource
import termios
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from loadtests.ledger import messages
from loadtests.ledger.histogram import Histogram
from loadtests.worker.wire.timer import Timer

BEAT_S = 0.05
"""How often the loop is asked whether it keeps up: a lag that spoils a latency of half a second is seen ten times."""

STALL_NS = 5_000_000
"""What counts as held up, as in a check."""

REMEMBERED = 20_000
"""How many times of being held up are remembered: at the most those of the last quarter of an hour."""

SAMPLED = 32
"""How many sockets are asked each second how much the kernel holds for them."""


def cpu_s() -> float:
    """What this process has used of its processors so far, all of its threads."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


@dataclass(slots=True)
class Health:
    """What one worker says of itself."""

    lag: Histogram = field(default_factory=Histogram)
    """How late the loop was at each beat that was not in a ramp, and at each that a late one stood in for."""
    stalls: deque[tuple[int, int]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    """(began, lasted) in ns of each time in which the loop was held up."""
    worst_ms: float = 0.0
    """The worst since it was last told, of any time."""
    backlog_bytes: int = 0
    """The most that the kernel held unread for a sampled socket, since it was last told."""
    cpu_percent: float = 0.0
    """What the process used of one core, since it was last told."""
    _due_ns: int = 0
    """When the next beat is due: from then on the loop is being held up."""
    _cpu_s: float = 0.0
    _at_s: float = 0.0

    async def beat(self, alarm: Timer, ramping: Callable[[], bool], tick: asyncio.Event) -> None:
        """Measure the loop's lag, for ever; `tick` is set every time."""
        beat_ns = int(BEAT_S * 1e9)
        while True:
            due_ns = self._due_ns = time.monotonic_ns() + beat_ns
            await alarm.until(due_ns)
            lag_ns = time.monotonic_ns() - due_ns
            self.worst_ms = max(self.worst_ms, lag_ns / 1e6)
            if lag_ns > STALL_NS:
                self.stalls.append((due_ns, lag_ns))
            if not ramping():
                # A beat that is two seconds late is forty that were late: one sample would hide it from a percentile.
                self.lag.add(range(lag_ns, -1, -beat_ns))
            tick.set()

    def stalled_ns(self, since_ns: int, until_ns: int) -> int:
        """How long the loop was held up between two times."""
        total_ns = max(0, until_ns - max(self._due_ns, since_ns)) if self._due_ns else 0
        for began_ns, lasted_ns in reversed(self.stalls):
            ended_ns = min(began_ns + lasted_ns, until_ns)
            if ended_ns <= since_ns:
                break
            total_ns += max(0, ended_ns - max(began_ns, since_ns))
        return total_ns

    def look(self, descriptors: Iterable[int]) -> None:
        """Look at the kernel's buffers of some sockets, and at the clock of the process."""
        held = array.array("i", [0])
        for descriptor in itertools.islice(descriptors, SAMPLED):
            with contextlib.suppress(OSError):  # It is being closed.
                fcntl.ioctl(descriptor, termios.FIONREAD, held, True)
            self.backlog_bytes = max(self.backlog_bytes, held[0])
        used_s, now_s = cpu_s(), time.monotonic()
        if self._at_s:
            self.cpu_percent = 100 * (used_s - self._cpu_s) / max(now_s - self._at_s, 1e-3)
        self._cpu_s, self._at_s = used_s, now_s

    def told(self) -> messages.Health:
        """What is told each time."""
        worst_ms, self.worst_ms = self.worst_ms, 0.0
        backlog, self.backlog_bytes = self.backlog_bytes, 0
        return messages.Health(
            cpu_percent=round(self.cpu_percent, 1),
            lag_ms=round(worst_ms, 2),
            backlog_bytes=backlog,
            cpu_s=cpu_s(),
            rss_kb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        )
