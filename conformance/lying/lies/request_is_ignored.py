"""A request is ignored."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.advice import of_delivery
from conformance.lying.spots import Spot, request_named, requests
from conformance.lying.teller import Lying
from contracts.model import Bundle

CAUGHT_BY = ("request-has-its-effect",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every request of clients."""
    for request in requests(bundle):
        yield Spot(name=request.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    request = request_named(bundle, spot.name)
    if not (request.broadcasts or request.membership or request.reply):
        return "nothing shows that it was taken: document an `effect` or a `reply`"
    shown = [of_delivery(bundle, event) for event in request.broadcasts if bundle.broadcast(event)]
    return shown[0] if shown else "its effect shows in no act: give it a `reply`"


class Lie(Lying):
    """A request is ignored."""

    async def on_event(
        self, sid: str, namespace: str, event: str, arguments: tuple[Any, ...], *, asked: bool
    ) -> tuple[Any, ...] | None:
        """Handle any other."""
        if event == self.spot.name:
            return None
        return await super().on_event(sid, namespace, event, arguments, asked=asked)
