"""An unknown id is answered with success."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.spots import Spot, calls
from conformance.lying.teller import OfCall
from contracts.model import Bundle

CAUGHT_BY = ("unknown-id-is-not-found",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every call with a documented answer to an unknown id."""
    for call in calls(bundle):
        if call.missing is not None:
            yield Spot(name=call.title)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return "no act makes the call: give it valid examples, and a broadcast that shows it or a call that lists"


class Lie(OfCall):
    """An unknown id is answered with success."""

    def changed(self, status: int, body: Any) -> tuple[int, Any]:
        """Nothing, with success."""
        call = next(call for call in calls(self.bundle) if call.title == self.spot.name)
        return (call.status[0], {}) if status == call.missing else (status, body)
