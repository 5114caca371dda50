"""A field has a value of another type."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.advice import of_delivery, of_type
from conformance.lying.spots import Spot, field_at, of_fields, payloads, sent_payload
from conformance.lying.teller import OfArguments
from conformance.lying.values import altered, of_another_type
from conformance.server.cause import Cause
from contracts.model import Bundle
from contracts.pointer import pointed

CAUGHT_BY = ("payload-keeps-its-schema", "values-come-out-as-they-went-in")


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every field that a broadcast or an error always has, and every argument."""
    for event, fields in payloads(bundle):
        yield from of_fields(event, (field for field in fields if field.required))


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    field = field_at(sent_payload(bundle, spot.name), spot)
    return of_type(field) or of_delivery(bundle, spot.name)


class Lie(OfArguments):
    """A field has a value of another type."""

    def changed(self, arguments: tuple[Any, ...], cause: Cause) -> tuple[Any, ...]:
        """The value in another type."""
        given = list(arguments)
        return tuple(altered(given, self.spot.at, of_another_type(pointed(given, self.spot.at))))
