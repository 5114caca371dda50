"""An answer is an empty object."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.spots import Spot, is_object, requests, schemas_of
from conformance.lying.teller import OfAnswer
from contracts.model import Bundle

CAUGHT_BY = ("payload-keeps-its-schema",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every answer that is an object."""
    for request in requests(bundle):
        reply = request.reply
        if reply is not None and any(map(is_object, schemas_of(reply.payload, reply.form))):
            yield Spot(name=request.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return "none of the fields of its answer is `required`: name those that clients read"


class Lie(OfAnswer):
    """An answer is an empty object."""

    def changed(self, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        """Nothing but empty objects."""
        return tuple({} if isinstance(one, dict) else one for one in arguments)
