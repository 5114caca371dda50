"""The socket that caused a broadcast does not receive it."""

from collections.abc import Iterator
from dataclasses import replace

from conformance.lying.advice import of_delivery
from conformance.lying.spots import Spot, seen_broadcasts
from conformance.lying.teller import OfBroadcast
from conformance.server.cause import Sending
from contracts.model import Bundle

CAUGHT_BY = ("sender-hears-as-documented",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every broadcast that its sender has to hear."""
    for broadcast in seen_broadcasts(bundle):
        if broadcast.to_sender and (broadcast.caused_by_event or broadcast.causes.connection):
            yield Spot(name=broadcast.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return of_delivery(bundle, spot.name)


class Lie(OfBroadcast):
    """The socket that caused a broadcast does not receive it."""

    async def tell(self, sending: Sending) -> None:
        """Leave out its sender."""
        receivers = tuple(one for one in sending.receivers if one != sending.cause.sid)
        await self.send_honestly(replace(sending, receivers=receivers))
