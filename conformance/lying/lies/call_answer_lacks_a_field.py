"""The answer to a call lacks a field."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.spots import Spot, answer_fields, calls, of_fields
from conformance.lying.teller import OfCall
from conformance.lying.values import without
from contracts.model import Bundle

CAUGHT_BY = ("calls-answer-as-documented",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every field that the answer to a call always has."""
    for call in calls(bundle):
        yield from of_fields(call.title, (field for field in answer_fields(call.answer) if field.required))


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return "no act makes the call: give it valid examples, and a broadcast that shows it or a call that lists"


class Lie(OfCall):
    """The answer to a call lacks a field."""

    def changed(self, status: int, body: Any) -> tuple[int, Any]:
        """All but the field."""
        return status, without(body, self.spot.at)
