"""Counts the events of each socket against the limits of the contracts."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence

from contracts.limits import Excess, Limit

BUNCHED_S = 0.2
"""How much closer events may come than they were sent: on their way they wait for each other. It is a fifth of the
shortest window, so that what is sent at once above a limit is above it all the same."""


class Limiter:
    """What is above a limit is not counted: after a pause a socket has its whole number again."""

    def __init__(self, limits: Sequence[Limit]) -> None:
        self._limits = limits
        self._taken_s: dict[str, dict[Limit, deque[float]]] = {}

    def excess(self, sid: str, event: str, *, named: bool) -> Excess | None:
        """What the contracts say happens to this event; None where it is within the limits, and counted.

        Args:
            named: ask the limits that name their events, or else those of all events. The former count what is taken,
                and a bad request is not.
        """
        now_s = time.monotonic()
        own = self._taken_s.setdefault(sid, {})
        over = None
        for limit in self._limits:
            if bool(limit.events) is not named or not limit.covers(event):
                continue
            taken = own.setdefault(limit, deque())
            while taken and taken[0] <= now_s - limit.window_s + BUNCHED_S:
                taken.popleft()
            if len(taken) >= limit.count:
                over = over or limit.then
            else:
                taken.append(now_s)
        return over

    def forget(self, sid: str) -> None:
        """Forget a socket that has gone."""
        self._taken_s.pop(sid, None)
