"""A field of the answer to a call has a value of another type."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.advice import of_type
from conformance.lying.spots import Spot, answer_fields, calls, field_at, of_fields
from conformance.lying.teller import OfCall
from conformance.lying.values import altered, of_another_type
from contracts.model import Bundle
from contracts.pointer import pointed

CAUGHT_BY = ("calls-answer-as-documented",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every field that the answer to a call always has."""
    for call in calls(bundle):
        yield from of_fields(call.title, (field for field in answer_fields(call.answer) if field.required))


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    call = next(call for call in calls(bundle) if call.title == spot.name)
    return of_type(field_at(answer_fields(call.answer), spot)) or "no act makes the call"


class Lie(OfCall):
    """A field of the answer to a call has a value of another type."""

    def changed(self, status: int, body: Any) -> tuple[int, Any]:
        """The value in another type."""
        return status, altered(body, self.spot.at, of_another_type(pointed(body, self.spot.at)))
