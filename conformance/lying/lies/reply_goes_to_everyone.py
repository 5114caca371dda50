"""The answer to a request goes to everyone."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from conformance.lying.advice import NO_FENCE
from conformance.lying.spots import Spot, requests
from conformance.lying.teller import Lying
from conformance.server.cause import Cause
from contracts.model import Bundle

CAUGHT_BY = ("replies-go-to-the-requester-alone",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every request that a named event answers."""
    for request in requests(bundle):
        if request.reply is not None and request.reply.event is not None:
            yield Spot(name=request.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return NO_FENCE


class Lie(Lying):
    """The answer to a request goes to everyone."""

    async def reply(self, event: str, arguments: tuple[Any, ...], cause: Cause) -> None:
        """Answer everyone."""
        told = [cause.sid]
        if cause.name == self.spot.name and event != self.bundle.errors:
            told += [one for one in self.connected(cause.namespace) if one != cause.sid]
        for sid in told:
            await super().reply(event, arguments, replace(cause, sid=sid))
