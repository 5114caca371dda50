"""A broadcast is sent back to the socket that caused it."""

from collections.abc import Iterator
from dataclasses import replace

from conformance.lying.advice import of_absence
from conformance.lying.spots import Spot, seen_broadcasts
from conformance.lying.teller import OfBroadcast
from conformance.server.cause import Sending
from contracts.model import Bundle

CAUGHT_BY = ("sender-hears-as-documented",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every broadcast that leaves out its sender."""
    for broadcast in seen_broadcasts(bundle):
        if broadcast.spares_sender:
            yield Spot(name=broadcast.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return of_absence(bundle, spot.name)


class Lie(OfBroadcast):
    """A broadcast is sent back to the socket that caused it."""

    async def tell(self, sending: Sending) -> None:
        """Send it to its sender as well."""
        sender = (sending.cause.sid,) if sending.cause.sid is not None else ()
        await self.send_honestly(replace(sending, receivers=tuple(dict.fromkeys([*sending.receivers, *sender]))))
