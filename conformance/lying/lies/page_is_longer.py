"""A page of a list is longer than was asked for."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.spots import Spot, calls
from conformance.lying.teller import Lying
from contracts.model import Bundle, Call

CAUGHT_BY = ("pages-are-true",)
LARGE = 1_000_000


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every list by pages."""
    for call in calls(bundle):
        if call.page is not None:
            yield Spot(name=call.title)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return "no act fills a list: document the call that creates what it lists, and its broadcast"


class Lie(Lying):
    """A page of a list is longer than was asked for."""

    def page(self, call: Call, subject: str | None, skip: int, limit: int) -> tuple[list[dict[str, Any]], int]:
        """All that there is."""
        return super().page(call, subject, skip, LARGE if call.title == self.spot.name else limit)
