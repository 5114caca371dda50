"""A broadcast is sent under its retired name as well."""

from collections.abc import Iterator
from dataclasses import replace

from conformance.lying.advice import of_delivery
from conformance.lying.spots import Spot, seen_broadcasts
from conformance.lying.teller import Lying
from conformance.server.cause import Sending
from contracts.model import Bundle

CAUGHT_BY = ("retired-name-is-absent",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every retired name that stands for a broadcast."""
    seen = {broadcast.event for broadcast in seen_broadcasts(bundle)}
    for retired in bundle.retired:
        if retired.direction == "server_to_client" and retired.instead in seen:
            yield Spot(name=retired.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    instead = next(retired.instead for retired in bundle.retired if retired.event == spot.name)
    return of_delivery(bundle, instead)


class Lie(Lying):
    """A broadcast is sent under its retired name as well."""

    async def send(self, sending: Sending) -> None:
        """Send it twice, once under each name."""
        await super().send(sending)
        retired = next(one for one in self.bundle.retired if one.event == self.spot.name)
        if sending.event == retired.instead:
            await super().send(replace(sending, event=retired.event))
