"""A bad request gets no error."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.spots import Spot, is_refusable, request_named, requests
from conformance.lying.teller import Lying
from conformance.server.cause import Cause
from contracts.model import Bundle
from contracts.schema import Problem

CAUGHT_BY = ("bad-request-gets-an-error",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every request for which the contracts have an error."""
    for request in requests(bundle):
        if is_refusable(bundle, request):
            yield Spot(name=request.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    if not any(invalid.answer == "error" for invalid in request_named(bundle, spot.name).examples.invalid):
        return 'it is not said what answers a bad one: give it `"invalid_answer": "error"`'
    return "no act sends it badly"


class Lie(Lying):
    """A bad request gets no error."""

    async def complain(self, event: str, problem: Problem, cause: Cause) -> tuple[Any, ...] | None:
        """Complain of any other."""
        return None if event == self.spot.name else await super().complain(event, problem, cause)
