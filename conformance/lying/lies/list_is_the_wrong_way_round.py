"""A list is in reverse order."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.spots import Spot, calls
from conformance.lying.teller import Lying
from contracts.model import Bundle, Call

CAUGHT_BY = ("pages-are-true",)
LARGE = 1_000_000


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every list by pages whose order is documented."""
    for call in calls(bundle):
        if call.page is not None and call.page.order_by is not None:
            yield Spot(name=call.title)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return "no act fills a list: document the call that creates what it lists, and its broadcast"


class Lie(Lying):
    """A list is in reverse order."""

    def page(self, call: Call, subject: str | None, skip: int, limit: int) -> tuple[list[dict[str, Any]], int]:
        """From the end."""
        if call.title != self.spot.name:
            return super().page(call, subject, skip, limit)
        items, total = super().page(call, subject, 0, LARGE)
        return items[::-1][skip : skip + limit], total
