"""When a service had something under way for long: what was sent to it then it may have had under way as well. Pure."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

SLOW_NS = 1_000_000_000
"""What is under way for longer shows that a service stands still, or has more to do than it can at once."""

MOST = 1000
"""How many such times are remembered."""


@dataclass(slots=True)
class Slowness:
    """The times, each from when something was sent to when it came."""

    _times: deque[tuple[int, int]] = field(default_factory=lambda: deque(maxlen=MOST))

    def took(self, since_ns: int, until_ns: int) -> None:
        """Something was under way from one time to another."""
        if until_ns - since_ns <= SLOW_NS:
            return
        if self._times and since_ns <= self._times[-1][1]:
            before = self._times.pop()
            since_ns, until_ns = min(since_ns, before[0]), max(until_ns, before[1])
        self._times.append((since_ns, until_ns))

    def until(self, at_ns: int) -> int:
        """How long what was sent then may have been under way; 0 where nothing else was for long."""
        # What is sent shortly before a service stands still may not have been looked at by then.
        edge_ns = at_ns + SLOW_NS
        return max((to_ns for since_ns, to_ns in self._times if since_ns <= edge_ns and to_ns >= at_ns), default=0)
