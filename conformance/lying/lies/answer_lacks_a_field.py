"""An answer lacks a field."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.spots import Spot, fields_of, of_fields, requests
from conformance.lying.teller import OfAnswer
from conformance.lying.values import without
from contracts.model import Bundle

CAUGHT_BY = ("payload-keeps-its-schema",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every field that the answer to a request always has."""
    for request in requests(bundle):
        if request.reply is not None:
            fields = fields_of(request.reply.payload, request.reply.form)
            yield from of_fields(request.event, (field for field in fields if field.required))


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return "no act sees its answer"


class Lie(OfAnswer):
    """An answer lacks a field."""

    def changed(self, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        """All but the field."""
        return tuple(without(list(arguments), self.spot.at))
