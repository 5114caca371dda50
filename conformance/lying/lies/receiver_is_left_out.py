"""One of several receivers does not get a broadcast."""

from collections.abc import Iterator
from dataclasses import replace

from conformance.lying.advice import of_delivery
from conformance.lying.spots import Spot, seen_broadcasts
from conformance.lying.teller import OfBroadcast
from conformance.server.cause import Sending
from contracts.model import Bundle

CAUGHT_BY = ("everyone-in-the-room-receives",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every broadcast that several receive."""
    for broadcast in seen_broadcasts(bundle):
        if broadcast.is_shared:
            yield Spot(name=broadcast.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return of_delivery(bundle, spot.name)


class Lie(OfBroadcast):
    """One of several receivers does not get a broadcast."""

    async def tell(self, sending: Sending) -> None:
        """Leave out the last of those who did not cause it."""
        others = [one for one in sending.receivers if one != sending.cause.sid]
        left_out = others[-1:] if len(sending.receivers) > 1 else []
        receivers = tuple(one for one in sending.receivers if one not in left_out)
        await self.send_honestly(replace(sending, receivers=receivers))
