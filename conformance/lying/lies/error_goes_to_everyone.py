"""An error goes to everyone."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from conformance.lying.advice import NO_BAD_ONE
from conformance.lying.spots import Spot
from conformance.lying.teller import Lying
from conformance.server.cause import Cause
from contracts.model import Bundle
from contracts.parts import parts_of

CAUGHT_BY = ("error-goes-to-the-requester-alone",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """The error event."""
    for event in dict.fromkeys(part.errors for part in parts_of(bundle) if part.errors):
        yield Spot(name=event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return NO_BAD_ONE


class Lie(Lying):
    """An error goes to everyone."""

    async def reply(self, event: str, arguments: tuple[Any, ...], cause: Cause) -> None:
        """Tell everyone of an error."""
        told = [cause.sid]
        if event == self.spot.name:
            told += [one for one in self.connected(cause.namespace) if one != cause.sid]
        for sid in told:
            await super().reply(event, arguments, replace(cause, sid=sid))
