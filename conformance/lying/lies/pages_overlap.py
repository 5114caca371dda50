"""The pages of a list overlap."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.spots import Spot, calls
from conformance.lying.teller import Lying
from contracts.model import Bundle, Call

CAUGHT_BY = ("pages-are-true",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every list by pages."""
    for call in calls(bundle):
        if call.page is not None:
            yield Spot(name=call.title)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return "no act fills a list: document the call that creates what it lists, and its broadcast"


class Lie(Lying):
    """The pages of a list overlap."""

    def page(self, call: Call, subject: str | None, skip: int, limit: int) -> tuple[list[dict[str, Any]], int]:
        """One more of those before."""
        before = 1 if skip and call.title == self.spot.name else 0
        return super().page(call, subject, skip - before, limit)
