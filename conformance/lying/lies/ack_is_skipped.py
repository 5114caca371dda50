"""A request is not acknowledged."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.spots import Spot, request_named, requests
from conformance.lying.teller import Lying
from conformance.server.cause import Cause
from contracts.model import Bundle

CAUGHT_BY = ("request-has-its-effect", "good-request-gets-no-error")


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every request with an ack."""
    for request in requests(bundle):
        if request.reply is not None and request.reply.ack:
            yield Spot(name=request.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    request = request_named(bundle, spot.name)
    if request.reply is not None and request.reply.event is not None:
        return f"it may be answered by `{request.reply.event}` alone: document the ack alone where clients rely on it"
    return "no act asks for its ack"


class Lie(Lying):
    """A request is not acknowledged."""

    def acknowledge(self, event: str, arguments: tuple[Any, ...], cause: Cause) -> tuple[Any, ...] | None:
        """Acknowledge any other."""
        return None if event == self.spot.name else super().acknowledge(event, arguments, cause)
