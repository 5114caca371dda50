"""Who enters a room is out of all others."""

from collections.abc import Iterator

from conformance.lying.advice import NO_FENCE
from conformance.lying.spots import Spot, part_with, requests
from conformance.lying.teller import Lying
from contracts.model import Bundle

CAUGHT_BY = ("several-rooms-on-one-socket",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every request by which a socket enters one of several rooms."""
    for request in requests(bundle):
        if request.membership == "enter" and not part_with(bundle, request.event).one_room:
            yield Spot(name=request.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return NO_FENCE


class Lie(Lying):
    """Who enters a room is out of all others."""

    async def enter(self, sid: str, namespace: str, kind: str, subject: str) -> None:
        """Leave the others first."""
        for other in list(self.members[namespace, sid].rooms[kind]) if self.is_doing() else ():
            if other != subject:
                await self.leave(sid, namespace, kind, other)
        await super().enter(sid, namespace, kind, subject)
