"""A broadcast reaches sockets of another namespace, too."""

from collections.abc import Iterator
from dataclasses import replace

from conformance.lying.advice import of_absence
from conformance.lying.spots import Spot, part_with, seen_broadcasts
from conformance.lying.teller import OfBroadcast
from conformance.server.cause import Sending
from contracts.model import Bundle

CAUGHT_BY = ("rooms-are-isolated",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every broadcast of a service with several namespaces."""
    for broadcast in seen_broadcasts(bundle):
        if part_with(bundle, broadcast.event).has_neighbours and broadcast.is_shared:
            yield Spot(name=broadcast.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return of_absence(bundle, spot.name)


class Lie(OfBroadcast):
    """A broadcast reaches sockets of another namespace, too."""

    async def tell(self, sending: Sending) -> None:
        """Send it to all sockets of the other namespaces, too."""
        await self.send_honestly(sending)
        for namespace in {at for at, _ in self.members} - {sending.namespace}:
            others = self.connected(namespace)
            await self.send_honestly(replace(sending, namespace=namespace, receivers=others))
