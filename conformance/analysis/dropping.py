"""Events that a service may have dropped for its limits: they came to it closer together than they were sent. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from conformance.model.transcript import ARRIVAL_S, Sent
from contracts.limits import Limit


class Arrivals:
    """When the events of each socket have come to the service at the latest, by what was heard of them.

    A check sends less than the limit, with some time to spare. Where the service or the machine was held up for longer,
    what had waited was counted with what came after it.
    """

    def __init__(self, limits: Sequence[Limit]) -> None:
        """`limits` of the bundle; only those matter that are kept by dropping what is above them."""
        self._limits = [limit for limit in limits if limit.then == "dropped"]
        self._came_s: dict[tuple[str, int], list[float]] = defaultdict(list)
        self._last: tuple[int, bool] | None = None

    def may_be_dropped(self, index: int, sent: Sent, heard_s: float | None) -> bool:
        """Whether an event of which nothing was heard may have been above a limit; events are asked for in order.

        Args:
            index: of its entry; an event that causes several broadcasts comes once.
            heard_s: when the first broadcast of it was heard; None if none was.
        """
        if self._last is not None and self._last[0] == index:
            return self._last[1] and heard_s is None
        may = False
        for place, limit in enumerate(self._limits):
            if limit.covers(sent.event):
                came_s = self._came_s[sent.actor, place]
                full = len(came_s) >= limit.count and sent.at_s < came_s[-limit.count] + limit.window_s
                may = may or (full and heard_s is None)
                latest_s = sent.at_s + ARRIVAL_S if heard_s is None else heard_s
                came_s.append(max(latest_s, came_s[-1] if came_s else latest_s))
        self._last = (index, may)
        return may
