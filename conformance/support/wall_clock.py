"""The wall clock beside a monotonic one: somebody may set it during a run, or the machine may sleep."""

from __future__ import annotations

import time

SET_S = 1.0
"""By how much it goes another way than the monotonic clock where it was set: slewing it takes longer than a run."""


class WallClock:
    """What the Unix time of a monotonic clock's second 0 was, by every setting of the wall clock that was seen."""

    def __init__(self, now_s: float = 0.0) -> None:
        """`now_s` is what the monotonic clock says now."""
        self.epoch_s = time.time() - now_s
        self._later_s: list[float] = []

    def look(self, now_s: float) -> tuple[float, ...]:
        """See whether the wall clock was set meanwhile; the further Unix times of second 0 so far."""
        epoch_s = time.time() - now_s
        if all(abs(epoch_s - known_s) > SET_S for known_s in (self.epoch_s, *self._later_s)):
            self._later_s.append(epoch_s)
        return tuple(self._later_s)
