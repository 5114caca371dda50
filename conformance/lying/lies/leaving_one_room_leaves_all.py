"""Who leaves a room is out of all rooms."""

from collections.abc import Iterator

from conformance.lying.advice import NO_FENCE
from conformance.lying.spots import Spot, part_with, requests
from conformance.lying.teller import Lying
from contracts.model import Bundle

CAUGHT_BY = ("leaving-one-room-keeps-the-others",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every request by which a socket leaves one of several rooms."""
    for request in requests(bundle):
        if request.membership in ("leave", "close") and not part_with(bundle, request.event).one_room:
            yield Spot(name=request.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return NO_FENCE


class Lie(Lying):
    """Who leaves a room is out of all rooms."""

    async def leave(self, sid: str, namespace: str, kind: str, subject: str) -> None:
        """Leave all rooms of the kind."""
        subjects = list(self.members[namespace, sid].rooms[kind]) if self.is_doing() else []
        for other in dict.fromkeys([subject, *subjects]):
            await super().leave(sid, namespace, kind, other)
