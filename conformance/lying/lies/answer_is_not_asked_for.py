"""An event that clients have to answer asks for no ack."""

from collections.abc import Iterator

from conformance.lying.advice import of_delivery
from conformance.lying.spots import Spot, seen_broadcasts
from conformance.lying.teller import OfBroadcast
from conformance.server.cause import Sending
from contracts.binary import to_wire
from contracts.model import Bundle

CAUGHT_BY = ("event-asks-for-its-answer",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every broadcast that clients answer."""
    for broadcast in seen_broadcasts(bundle):
        if broadcast.answer is not None:
            yield Spot(name=broadcast.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return of_delivery(bundle, spot.name)


class Lie(OfBroadcast):
    """An event that clients have to answer asks for no ack."""

    async def tell(self, sending: Sending) -> None:
        """Send it without asking."""
        wire = tuple(to_wire(list(sending.arguments)))
        for sid in sending.receivers:
            await self.io.emit(sending.event, wire, to=sid, namespace=sending.namespace)
