"""An answer has one argument more."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.spots import Spot, requests
from conformance.lying.teller import OfAnswer
from contracts.model import Bundle

CAUGHT_BY = ("payload-is-one-argument", "payload-keeps-its-schema")


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every request that is answered."""
    for request in requests(bundle):
        if request.reply is not None:
            yield Spot(name=request.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return "no act sees its answer"


class Lie(OfAnswer):
    """An answer has one argument more."""

    def changed(self, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        """One argument more."""
        return (*arguments, {"more": 1})
