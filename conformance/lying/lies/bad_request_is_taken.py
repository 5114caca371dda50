"""A bad request is taken as if it were good."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.spots import Spot, is_refusable, request_named, requests
from conformance.lying.teller import Lying
from contracts.model import Bundle
from contracts.schema import Problem

CAUGHT_BY = ("bad-request-has-no-effect", "bad-request-gets-an-error")


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every request that can be bad."""
    for request in requests(bundle):
        if is_refusable(bundle, request) or request.broadcasts or request.membership:
            yield Spot(name=request.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    request = request_named(bundle, spot.name)
    if not request.examples.invalid:
        return "no payload is invalid: say in its schema what is required, and of which type"
    if not is_refusable(bundle, request):
        return "nothing is documented that answers a bad one: name the event of `errors`, or how a `reply` is `refused`"
    return 'what a bad one does shows nowhere: give it `"invalid_answer": "error"`'


class Lie(Lying):
    """A bad request is taken as if it were good."""

    def problem(self, event: str, arguments: tuple[Any, ...]) -> Problem | None:
        """Find nothing wrong."""
        return None if event == self.spot.name else super().problem(event, arguments)
