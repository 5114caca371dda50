"""More events are taken than a limit allows."""

from collections.abc import Iterator

from conformance.lying.spots import Spot
from conformance.lying.teller import Lying
from conformance.server.limiter import Limiter
from contracts.model import Bundle

CAUGHT_BY = ("events-above-the-limit-end-as-documented",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every limit on events."""
    for limit in bundle.limits:
        yield Spot(name=limit.title)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return "none of its events shows that it was taken: document an `effect` or a `reply`"


class Lie(Lying):
    """More events are taken than a limit allows."""

    def prepare(self) -> None:
        """Count against the other limits alone."""
        self.limiter = Limiter([one for one in self.bundle.limits if one.title != self.spot.name])
