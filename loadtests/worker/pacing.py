"""The limits of a service on what one socket sends: nothing is published that it need not take."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from conformance.model.transcript import ARRIVAL_S
from contracts.limits import Limit


class Pace:
    """When a socket has sent what, as far as its limits count it."""

    __slots__ = ("_sent",)

    def __init__(self, limits: Sequence[Limit]) -> None:
        self._sent = [(limit, deque[float](maxlen=limit.count)) for limit in limits]

    def note(self, event: str, now_s: float) -> None:
        """An event was sent."""
        for limit, times in self._sent:
            if limit.covers(event):
                times.append(now_s)

    def has_room(self, event: str, now_s: float) -> bool:
        """Whether the service has to take one more: two may come to it closer together than they were sent."""
        return all(
            len(times) < limit.count or now_s - times[0] > limit.window_s + ARRIVAL_S
            for limit, times in self._sent
            if limit.covers(event)
        )
