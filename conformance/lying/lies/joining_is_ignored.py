"""A request to enter a room is answered, and does nothing."""

from collections.abc import Iterator

from conformance.lying.advice import NO_FENCE
from conformance.lying.spots import Spot, requests
from conformance.lying.teller import Lying
from contracts.model import Bundle

CAUGHT_BY = (
    "request-has-its-effect",
    "answer-to-a-join-means-membership",
    "everyone-in-the-room-receives",
    "broadcast-arrives",
)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every request by which a socket enters a room."""
    for request in requests(bundle):
        if request.membership == "enter":
            yield Spot(name=request.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return NO_FENCE


class Lie(Lying):
    """A request to enter a room is answered, and does nothing."""

    async def enter(self, sid: str, namespace: str, kind: str, subject: str) -> None:
        """Stay outside."""
        if not self.is_doing():
            await super().enter(sid, namespace, kind, subject)
