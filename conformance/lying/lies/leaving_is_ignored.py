"""A request to leave a room is ignored."""

from collections.abc import Iterator

from conformance.lying.advice import NO_FENCE
from conformance.lying.spots import Spot, calls, requests
from conformance.lying.teller import Lying
from contracts.model import Bundle

CAUGHT_BY = ("nothing-after-leave", "nothing-after-close", "nothing-after-removal", "request-has-its-effect")


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every request by which a socket leaves a room."""
    for request in requests(bundle):
        if request.membership in ("leave", "close"):
            yield Spot(name=request.event)
    for call in calls(bundle):
        if call.role == "leave":
            yield Spot(name=call.title)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return NO_FENCE


class Lie(Lying):
    """A request to leave a room is ignored."""

    async def leave(self, sid: str, namespace: str, kind: str, subject: str) -> None:
        """Stay."""
        if not self.is_doing():
            await super().leave(sid, namespace, kind, subject)
