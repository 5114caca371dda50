"""An event carries an empty object."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.advice import of_delivery
from conformance.lying.spots import Spot, payloads, sent_payload
from conformance.lying.teller import OfArguments
from conformance.server.cause import Cause
from contracts.model import Bundle

CAUGHT_BY = ("payload-keeps-its-schema",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every broadcast and error that carries an object."""
    for event, fields in payloads(bundle):
        if not fields or any(field.at.count("/") > 1 for field in fields):
            yield Spot(name=event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    if not any(field.required for field in sent_payload(bundle, spot.name)):
        return "none of its fields is `required`: name those that clients read"
    return of_delivery(bundle, spot.name)


class Lie(OfArguments):
    """An event carries an empty object."""

    def changed(self, arguments: tuple[Any, ...], cause: Cause) -> tuple[Any, ...]:
        """Nothing but empty objects."""
        return tuple({} if isinstance(one, dict) else one for one in arguments)
