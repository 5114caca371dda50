"""A broadcast comes after its deadline."""

from collections.abc import Iterator

from conformance.lying.advice import NOT_SURE, of_delivery
from conformance.lying.spots import Spot, seen_broadcasts
from conformance.lying.teller import OfBroadcast
from conformance.server.cause import Sending
from contracts.model import Bundle

CAUGHT_BY = ("delivered-within-deadline",)
LATE = 1.4
"""Times its deadline: no busy machine makes it so late, and it is waited for that long."""


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every broadcast that something causes."""
    for broadcast in seen_broadcasts(bundle):
        if broadcast.causes.every_s is None:
            yield Spot(name=broadcast.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    if of_delivery(bundle, spot.name) != NOT_SURE:
        return of_delivery(bundle, spot.name)
    return "no answer comes in the meantime, so that the whole service may be slow: document a request with a `reply`"


class Lie(OfBroadcast):
    """A broadcast comes after its deadline."""

    async def tell(self, sending: Sending) -> None:
        """Send it some time after its deadline."""
        self.after(self.deadline_s(sending.event) * LATE, self.send_honestly(sending))
