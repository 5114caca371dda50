"""An event has a field that its contract forbids."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.advice import of_delivery
from conformance.lying.spots import Spot, schemas_of, seen_broadcasts
from conformance.lying.teller import OfArguments
from conformance.lying.values import altered
from conformance.server.cause import Cause
from contracts.model import Bundle
from contracts.pointer import pointed

CAUGHT_BY = ("payload-keeps-its-schema",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every broadcast that may have no other fields."""
    for broadcast in seen_broadcasts(bundle):
        for place, schema in enumerate(schemas_of(broadcast.payload, broadcast.form)):
            if schema.get("additionalProperties") is False:
                yield Spot(name=broadcast.event, at=f"/{place}", field=f"argument {place + 1}")


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return of_delivery(bundle, spot.name)


class Lie(OfArguments):
    """An event has a field that its contract forbids."""

    def changed(self, arguments: tuple[Any, ...], cause: Cause) -> tuple[Any, ...]:
        """One field more."""
        given = list(arguments)
        return tuple(altered(given, self.spot.at, {**pointed(given, self.spot.at), "unknownField": 1}))
