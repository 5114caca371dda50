"""A field of an answer has a value of another type."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.advice import of_type
from conformance.lying.spots import Spot, field_at, fields_of, of_fields, request_named, requests
from conformance.lying.teller import OfAnswer
from conformance.lying.values import altered, of_another_type
from contracts.model import Bundle
from contracts.pointer import pointed

CAUGHT_BY = ("payload-keeps-its-schema",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every field that the answer to a request always has."""
    for request in requests(bundle):
        if request.reply is not None:
            fields = fields_of(request.reply.payload, request.reply.form)
            yield from of_fields(request.event, (field for field in fields if field.required))


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    reply = request_named(bundle, spot.name).reply
    field = field_at(fields_of(reply.payload, reply.form), spot) if reply is not None else None
    return (of_type(field) if field is not None else "") or "no act sees its answer"


class Lie(OfAnswer):
    """A field of an answer has a value of another type."""

    def changed(self, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        """The value in another type."""
        given = list(arguments)
        return tuple(altered(given, self.spot.at, of_another_type(pointed(given, self.spot.at))))
