"""A good request ends the connection."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.spots import Spot, requests
from conformance.lying.teller import Lying
from contracts.model import Bundle

CAUGHT_BY = ("connection-stays-open",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every request of clients."""
    for request in requests(bundle):
        yield Spot(name=request.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return "no act sends it: give it valid examples"


class Lie(Lying):
    """A good request ends the connection."""

    async def on_event(
        self, sid: str, namespace: str, event: str, arguments: tuple[Any, ...], *, asked: bool
    ) -> tuple[Any, ...] | None:
        """Hang up once it was handled."""
        ack = await super().on_event(sid, namespace, event, arguments, asked=asked)
        if event == self.spot.name and self.problem(event, arguments) is None:
            self.after(0.0, self.io.disconnect(sid, namespace=namespace))
        return ack
