"""What is above a limit ends in another way than is documented."""

from collections.abc import Iterator
from dataclasses import replace

from conformance.lying.spots import Spot
from conformance.lying.teller import Lying
from conformance.server.limiter import Limiter
from contracts.limits import Limit
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
    """What is above a limit ends in another way than is documented."""

    def prepare(self) -> None:
        """Hang up where the event is to be dropped or refused, and drop it where the connection is to end."""
        self.limiter = Limiter([self.turned(one) for one in self.bundle.limits])

    def turned(self, limit: Limit) -> Limit:
        """The limit that the lie is about, with another end."""
        if limit.title != self.spot.name:
            return limit
        return replace(limit, then="dropped" if limit.then == "hang-up" else "hang-up")
