"""A field is missing."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.advice import of_delivery
from conformance.lying.spots import Spot, of_fields, payloads
from conformance.lying.teller import OfArguments
from conformance.lying.values import without
from conformance.server.cause import Cause
from contracts.model import Bundle

CAUGHT_BY = ("payload-keeps-its-schema", "values-come-out-as-they-went-in")


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every field that a broadcast or an error always has, and every argument."""
    for event, fields in payloads(bundle):
        yield from of_fields(event, (field for field in fields if field.required))


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return of_delivery(bundle, spot.name)


class Lie(OfArguments):
    """A field is missing."""

    def changed(self, arguments: tuple[Any, ...], cause: Cause) -> tuple[Any, ...]:
        """All but the field."""
        return tuple(without(list(arguments), self.spot.at))
