"""Keeps the events of each socket below the limits that the contract states."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence

from conformance.model.transcript import ARRIVAL_S
from contracts.limits import Limit

SPARE_FROM = 3
"""Events of a window from which on one is left free: a service may count what the contract does not, such as the event
that shows a token."""


class Pacer:
    """When each event of an act may be sent. Times are seconds of the run."""

    def __init__(self, limits: Sequence[Limit]) -> None:
        self._limits = limits
        self._sent: dict[tuple[str, int], deque[float]] = defaultdict(deque)

    def slot_s(self, actor: str, event: str, now_s: float) -> float:
        """When the next such event may be sent at the earliest, without asking for it."""
        at_s = now_s
        for place, limit in enumerate(self._limits):
            sent = self._sent[actor, place]
            if limit.covers(event) and sent:
                kept = limit.count - (limit.count >= SPARE_FROM)
                at_s = max(at_s, sent[-1], sent[-kept] + window_s(limit) if len(sent) >= kept else at_s)
        return at_s

    def take(self, actor: str, event: str, at_s: float) -> None:
        """Count an event that is sent at a time."""
        for place, limit in enumerate(self._limits):
            if limit.covers(event):
                sent = self._sent[actor, place]
                sent.append(at_s)
                while len(sent) > limit.count:
                    sent.popleft()

    def rested_s(self, actor: str, now_s: float) -> float:
        """When the actor's windows are empty again."""
        ends_s = (
            sent[-1] + window_s(limit)
            for place, limit in enumerate(self._limits)
            if (sent := self._sent.get((actor, place)))
        )
        return max(ends_s, default=now_s)


class Throttle:
    """When the events and calls of a whole run may be sent: no more than so many a second, whoever sends them."""

    def __init__(self, rate_per_s: float) -> None:
        self._apart_s = 1 / rate_per_s
        self._next_s = 0.0

    def take(self, now_s: float) -> float:
        """The time of the next slot, which is taken. Times are seconds of the run."""
        at_s = max(now_s, self._next_s)
        self._next_s = at_s + self._apart_s
        return at_s


def window_s(limit: Limit) -> float:
    """The time within which a check sends no more than the limit: what it sends may come closer together."""
    return limit.window_s + ARRIVAL_S
