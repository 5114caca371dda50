"""An event carries a text in place of an object."""

import json
from collections.abc import Iterator
from typing import Any

from conformance.lying.advice import of_delivery
from conformance.lying.spots import Spot, payloads
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
    return f'its payload may be anything: give it `"type": "object"`; or {of_delivery(bundle, spot.name)}'


class Lie(OfArguments):
    """An event carries a text in place of an object."""

    def changed(self, arguments: tuple[Any, ...], cause: Cause) -> tuple[Any, ...]:
        """The objects as JSON in a text, as they are where they are written twice."""
        return tuple(json.dumps(one) if isinstance(one, dict) else one for one in arguments)
