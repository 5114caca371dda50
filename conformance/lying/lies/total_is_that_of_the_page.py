"""The total of a list is that of its page."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.spots import Spot, calls
from conformance.lying.teller import Lying
from contracts.model import Bundle, Call

CAUGHT_BY = ("pages-are-true",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every list by pages that tells its total."""
    for call in calls(bundle):
        if call.page is not None and call.page.total is not None:
            yield Spot(name=call.title)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return "no act fills a list: document the call that creates what it lists, and its broadcast"


class Lie(Lying):
    """The total of a list is that of its page."""

    def page(self, call: Call, subject: str | None, skip: int, limit: int) -> tuple[list[dict[str, Any]], int]:
        """Count what is on the page."""
        items, total = super().page(call, subject, skip, limit)
        return items, len(items) if call.title == self.spot.name else total
