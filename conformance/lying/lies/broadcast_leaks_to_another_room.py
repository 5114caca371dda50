"""A broadcast reaches the members of other rooms, too."""

from collections.abc import Iterator
from dataclasses import replace

from conformance.lying.advice import of_absence
from conformance.lying.spots import Spot, seen_broadcasts
from conformance.lying.teller import OfBroadcast
from conformance.server.cause import Sending
from contracts.model import Bundle

CAUGHT_BY = ("rooms-are-isolated",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every broadcast to a room."""
    for broadcast in seen_broadcasts(bundle):
        if broadcast.to_room:
            yield Spot(name=broadcast.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return of_absence(bundle, spot.name)


class Lie(OfBroadcast):
    """A broadcast reaches the members of other rooms, too."""

    async def tell(self, sending: Sending) -> None:
        """Send it to the members of all rooms."""
        others = [
            member.sid
            for (namespace, sid), member in self.members.items()
            if namespace == sending.namespace and sid != sending.cause.sid and any(member.rooms.values())
        ]
        await self.send_honestly(replace(sending, receivers=tuple(dict.fromkeys([*sending.receivers, *others]))))
