"""A number is written as NaN, which is no JSON."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.advice import of_delivery
from conformance.lying.spots import Spot, of_fields, payloads
from conformance.lying.teller import OfArguments
from conformance.lying.values import altered
from conformance.server.cause import Cause
from contracts.model import Bundle

CAUGHT_BY = ("frames-can-be-parsed", "payload-keeps-its-schema")


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every broadcast with a number."""
    for event, fields in payloads(bundle):
        numbers = [field for field in fields if field.required and field.shape.get("type") == "number"]
        yield from of_fields(event, numbers[:1])


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return of_delivery(bundle, spot.name)


class Lie(OfArguments):
    """A number is written as NaN, which is no JSON."""

    def changed(self, arguments: tuple[Any, ...], cause: Cause) -> tuple[Any, ...]:
        """Not a number."""
        return tuple(altered(list(arguments), self.spot.at, float("nan")))
