"""Fewer events are taken than a limit allows."""

from collections.abc import Iterator
from dataclasses import replace

from conformance.lying.spots import Spot
from conformance.lying.teller import Lying
from conformance.server.limiter import Limiter
from contracts.limits import Limit
from contracts.model import Bundle

CAUGHT_BY = ("events-above-the-limit-end-as-documented", "request-has-its-effect")


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every limit on events that lets more than one pass."""
    for limit in bundle.limits:
        if limit.count > 1:
            yield Spot(name=limit.title)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return "none of its events shows that it was taken: document an `effect` or a `reply`"


class Lie(Lying):
    """Fewer events are taken than a limit allows."""

    def prepare(self) -> None:
        """Count against half of it."""
        self.limiter = Limiter([self.halved(one) for one in self.bundle.limits])

    def halved(self, limit: Limit) -> Limit:
        """The limit that the lie is about, by half."""
        return replace(limit, per_s=limit.per_s / 2) if limit.title == self.spot.name else limit
