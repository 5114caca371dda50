"""Watches our own side: when the event loop was held up, what came late may be our doing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from conformance.stage.clients.recorder import Clock

BEAT_S = 0.02
"""Between two looks at the clock: short beside every deadline, long beside what a look costs."""

STALL_S = 0.005
"""What counts as held up. A whole check on a machine that has time for it adds up to 40 ms of it; on one that
has not, deliveries pass through many turns of the loop, each a little late, and all of them have to count."""

CALM_BEATS = 5
"""Beats on time in a row after which the loop counts as idle."""


@dataclass(slots=True)
class Heartbeat:
    """Notes every time that the loop came to it later than it should have."""

    clock: Clock
    stalls: list[tuple[float, float]] = field(default_factory=list)
    """(when it began, how long it lasted), in seconds of the run."""
    calm: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once `CALM_BEATS` beats in a row came on time since `unsettle`."""
    _on_time: int = 0
    _due_s: float = 0.0
    _next: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin to watch."""
        self._due_s = self.clock.now() + BEAT_S
        self._next = asyncio.get_running_loop().call_later(BEAT_S, self._beat)

    def stop(self) -> None:
        """End."""
        if self._next:
            self._next.cancel()

    def unsettle(self) -> None:
        """Begin to count calm beats anew."""
        self.calm.clear()
        self._on_time = 0

    def stalled_s(self, since_s: float) -> float:
        """How long the loop was held up since a time."""
        return sum(lasted_s for began_s, lasted_s in self.stalls if began_s + lasted_s > since_s)

    def _beat(self) -> None:
        late_s = self.clock.now() - self._due_s
        if late_s > STALL_S:
            self.stalls.append((self._due_s, late_s))
        self.clock.reset_epochs_s()
        self._on_time = 0 if late_s > STALL_S else self._on_time + 1
        if self._on_time >= CALM_BEATS:
            self.calm.set()
        self.start()
