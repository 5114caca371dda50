"""A broadcast goes to everyone who is connected."""

from collections.abc import Iterator
from dataclasses import replace

from conformance.lying.advice import of_absence
from conformance.lying.spots import Spot, seen_broadcasts
from conformance.lying.teller import OfBroadcast
from conformance.server.cause import Sending
from contracts.model import Bundle

CAUGHT_BY = ("rooms-are-isolated", "nothing-before-join")


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every broadcast that does not go to everyone by its contract."""
    for broadcast in seen_broadcasts(bundle):
        if broadcast.is_shared and not broadcast.to_everyone:
            yield Spot(name=broadcast.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return of_absence(bundle, spot.name)


class Lie(OfBroadcast):
    """A broadcast goes to everyone who is connected."""

    async def tell(self, sending: Sending) -> None:
        """Send it to all sockets of the namespace but the one that caused it, unless that is a receiver."""
        others = [one for one in self.connected(sending.namespace) if one != sending.cause.sid]
        await self.send_honestly(replace(sending, receivers=tuple(dict.fromkeys([*sending.receivers, *others]))))
