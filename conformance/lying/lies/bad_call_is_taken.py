"""A bad call is taken as if it were good."""

from collections.abc import Iterator

from conformance.lying.spots import Spot, calls
from conformance.lying.teller import Lying
from conformance.server.answers import Given
from contracts.model import Bundle, Call
from contracts.schema import Problem

CAUGHT_BY = ("bad-calls-are-refused",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every call with a body."""
    for call in calls(bundle):
        if call.body is not None:
            yield Spot(name=call.title)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return "none of its invalid examples says with which status it is refused: give one an `answer`, such as 400"


class Lie(Lying):
    """A bad call is taken as if it were good."""

    def call_problem(self, call: Call, given: Given) -> Problem | None:
        """Find nothing wrong."""
        return None if call.title == self.spot.name else super().call_problem(call, given)
