"""A value at the end of its range is refused."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.spots import Spot, bounded, field_at, fields_of, is_refusable, of_fields, part_with, requests
from conformance.lying.teller import Lying
from conformance.lying.values import at_bound
from contracts.model import Bundle
from contracts.pointer import pointed
from contracts.schema import Problem

CAUGHT_BY = ("good-request-gets-no-error",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every number with a least or a greatest value, and every text with a greatest length; ids of rooms are none."""
    for request in requests(bundle):
        if is_refusable(bundle, request):
            key = part_with(bundle, request.event).room.key
            fields = fields_of(request.payload, request.form)
            yield from of_fields(request.event, (field for field in fields if bounded(field) and field.name != key))


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return f"no valid example has `{spot.field}`, or what refuses it is not documented: give one at its bound"


class Lie(Lying):
    """A value at the end of its range is refused."""

    def problem(self, event: str, arguments: tuple[Any, ...]) -> Problem | None:
        """Refuse the bound itself."""
        if event == self.spot.name:
            request = self.bundle.request(event)
            fields = fields_of(request.payload, request.form) if request is not None else []
            value = pointed(list(arguments), self.spot.at)
            if at_bound(value, field_at(fields, self.spot).shape):
                return Problem(path=self.spot.field, keyword="minimum", expected="another value", got=repr(value))
        return super().problem(event, arguments)
