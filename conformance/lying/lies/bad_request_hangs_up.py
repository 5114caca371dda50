"""A bad request ends the connection."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.spots import Spot, requests
from conformance.lying.teller import Lying
from conformance.server.cause import Cause
from contracts.model import Bundle
from contracts.schema import Problem

CAUGHT_BY = ("connection-survives-a-bad-request", "junk-is-survived")


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every request that can be bad."""
    for request in requests(bundle):
        yield Spot(name=request.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return "nothing shows whether the connection is still there: document a request with a `reply`"


class Lie(Lying):
    """A bad request ends the connection."""

    async def complain(self, event: str, problem: Problem, cause: Cause) -> tuple[Any, ...] | None:
        """Hang up."""
        if event != self.spot.name:
            return await super().complain(event, problem, cause)
        await self.io.disconnect(cause.sid, namespace=cause.namespace)
        return None
