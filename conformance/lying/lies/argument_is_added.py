"""A broadcast has one argument more."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.advice import of_delivery
from conformance.lying.spots import Spot, payloads
from conformance.lying.teller import OfArguments
from conformance.server.cause import Cause
from contracts.model import Bundle

CAUGHT_BY = ("payload-is-one-argument", "payload-keeps-its-schema")


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every broadcast and error that a check can see."""
    for event, _ in payloads(bundle):
        yield Spot(name=event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return of_delivery(bundle, spot.name)


class Lie(OfArguments):
    """A broadcast has one argument more."""

    def changed(self, arguments: tuple[Any, ...], cause: Cause) -> tuple[Any, ...]:
        """One argument more."""
        return (*arguments, {"more": 1})
