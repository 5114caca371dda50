"""A value does not come out as it went in."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.advice import of_delivery, seen
from conformance.lying.spots import Spot, changeable, field_at, of_fields, seen_broadcasts, sent_payload
from conformance.lying.teller import OfArguments
from conformance.lying.values import altered, another_value
from conformance.server.cause import Cause
from contracts.model import Bundle
from contracts.pointer import pointed

CAUGHT_BY = ("values-come-out-as-they-went-in", "delivered-exactly-once")


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every field that a broadcast has from its cause, as it says itself or as their names say."""
    for broadcast in seen_broadcasts(bundle):
        yield from of_fields(broadcast.event, changeable(bundle, broadcast))


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    broadcast = seen(bundle, spot.name)
    name = field_at(sent_payload(bundle, spot.name), spot).name
    if name not in broadcast.echoes and spot.field not in broadcast.echoes:
        return f"that `{spot.field}` is the value of its cause is said nowhere: list it in `echoes`"
    return of_delivery(bundle, spot.name)


class Lie(OfArguments):
    """A value does not come out as it went in."""

    def changed(self, arguments: tuple[Any, ...], cause: Cause) -> tuple[Any, ...]:
        """Another value that the schema allows as well, where there is one."""
        given = list(arguments)
        shape = field_at(sent_payload(self.bundle, self.spot.name), self.spot).shape
        return tuple(altered(given, self.spot.at, another_value(pointed(given, self.spot.at), shape)))
