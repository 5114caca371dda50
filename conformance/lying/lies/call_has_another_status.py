"""A call is answered with another status."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.spots import Spot, calls
from conformance.lying.teller import OfCall
from contracts.model import Bundle

CAUGHT_BY = ("calls-answer-as-documented",)
OTHER = 207
"""Multi-Status: no contract of a plain call has it."""

LEAST_ERROR = 400


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every call."""
    for call in calls(bundle):
        yield Spot(name=call.title)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return "no act makes the call: give it valid examples, and a broadcast that shows it or a call that lists"


class Lie(OfCall):
    """A call is answered with another status."""

    def changed(self, status: int, body: Any) -> tuple[int, Any]:
        """Another success."""
        return (OTHER if status < LEAST_ERROR else status), body
