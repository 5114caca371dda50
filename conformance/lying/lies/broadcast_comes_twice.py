"""A broadcast is delivered twice."""

from collections.abc import Iterator

from conformance.lying.advice import of_echoes
from conformance.lying.spots import Spot, seen_broadcasts
from conformance.lying.teller import OfBroadcast
from conformance.server.cause import Sending
from contracts.model import Bundle

CAUGHT_BY = ("delivered-exactly-once", "scheduled-broadcast-comes-in-its-period")


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every broadcast, but for those that may be repeated."""
    for broadcast in seen_broadcasts(bundle):
        if not broadcast.at_least_once:
            yield Spot(name=broadcast.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return of_echoes(bundle, spot.name)


class Lie(OfBroadcast):
    """A broadcast is delivered twice."""

    async def tell(self, sending: Sending) -> None:
        """Send it twice."""
        await self.send_honestly(sending)
        await self.send_honestly(sending)
