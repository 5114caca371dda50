"""A broadcast names another user than the one who caused it."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.advice import of_delivery
from conformance.lying.spots import Spot, seen_broadcasts, sent_payload
from conformance.lying.teller import OfArguments
from conformance.lying.values import altered
from conformance.server.cause import Cause
from contracts.model import Bundle

CAUGHT_BY = ("sender-is-named-truly",)
OTHER = "somebody-else"


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every broadcast with a field for its user."""
    for broadcast in seen_broadcasts(bundle):
        by_socket = broadcast.caused_by_event or broadcast.causes.is_seen
        if broadcast.sender is not None and broadcast.is_shared and by_socket:
            at = next((one.at for one in sent_payload(bundle, broadcast.event) if one.name == broadcast.sender), None)
            if at is not None:
                yield Spot(name=broadcast.event, at=at, field=broadcast.sender)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    if bundle.refusal is None:
        return "who a socket is, is known by its token alone: document the `refusal` of sockets without one"
    return of_delivery(bundle, spot.name)


class Lie(OfArguments):
    """A broadcast names another user than the one who caused it."""

    def changed(self, arguments: tuple[Any, ...], cause: Cause) -> tuple[Any, ...]:
        """Another user."""
        return tuple(altered(list(arguments), self.spot.at, OTHER))
