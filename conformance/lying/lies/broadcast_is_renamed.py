"""A broadcast is sent under another name."""

from collections.abc import Iterator
from dataclasses import replace

from conformance.lying.advice import of_delivery
from conformance.lying.spots import Spot, seen_broadcasts
from conformance.lying.teller import OfBroadcast
from conformance.server.cause import Sending
from contracts.model import Bundle

CAUGHT_BY = ("broadcast-arrives", "broadcast-keeps-its-name", "scheduled-broadcast-comes-in-its-period")
OTHER = "Changed"
"""Behind its name."""


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every broadcast that a check can see."""
    for broadcast in seen_broadcasts(bundle):
        yield Spot(name=broadcast.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return of_delivery(bundle, spot.name)


class Lie(OfBroadcast):
    """A broadcast is sent under another name."""

    async def tell(self, sending: Sending) -> None:
        """Send it by the other name."""
        await self.send_honestly(replace(sending, event=sending.event + OTHER))
