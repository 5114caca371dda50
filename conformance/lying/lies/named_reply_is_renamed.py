"""A request is answered under another name."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.spots import Spot, requests
from conformance.lying.teller import Lying
from conformance.server.cause import Cause
from contracts.model import Bundle

CAUGHT_BY = ("request-has-its-effect", "payload-keeps-its-schema")
OTHER = "Changed"
"""Behind its name."""


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every request that a named event answers."""
    for request in requests(bundle):
        if request.reply is not None and request.reply.event is not None:
            yield Spot(name=request.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return "an ack answers it as well, so that the event is not missed: document one of them, or both as due"


class Lie(Lying):
    """A request is answered under another name."""

    async def reply(self, event: str, arguments: tuple[Any, ...], cause: Cause) -> None:
        """Answer by the other name."""
        other = event + OTHER if cause.name == self.spot.name and event != self.bundle.errors else event
        await super().reply(other, arguments, cause)
