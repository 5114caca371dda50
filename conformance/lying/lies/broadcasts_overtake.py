"""Broadcasts overtake each other."""

from collections.abc import Iterator

from conformance.lying.advice import of_echoes
from conformance.lying.spots import Spot, seen_broadcasts
from conformance.lying.teller import OfBroadcast
from conformance.server.cause import Sending
from contracts.model import Bundle

CAUGHT_BY = ("order-is-kept",)
MOMENT_S = 0.15
"""More than lies between two that follow each other, and less than any deadline."""


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every broadcast to a room of which one may follow the other."""
    for broadcast in seen_broadcasts(bundle):
        if broadcast.to_room and not broadcast.volatile and (broadcast.caused_by_event or broadcast.caused_by_call):
            yield Spot(name=broadcast.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return of_echoes(bundle, spot.name)


class Lie(OfBroadcast):
    """Broadcasts overtake each other."""

    turn = 0

    async def tell(self, sending: Sending) -> None:
        """Keep every other one back for a moment."""
        self.turn += 1
        if self.turn % 2:
            self.after(MOMENT_S, self.send_honestly(sending))
        else:
            await self.send_honestly(sending)
