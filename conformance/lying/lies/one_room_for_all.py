"""All rooms of a kind are one."""

from collections.abc import Iterator

from conformance.lying.advice import NO_FENCE
from conformance.lying.spots import Spot
from conformance.lying.teller import Lying
from conformance.server.rooms import kinds_of
from contracts.model import Bundle

CAUGHT_BY = ("rooms-are-isolated",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every kind of room."""
    for room in kinds_of(bundle):
        yield Spot(name=room.kind or room.template)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return NO_FENCE


class Lie(Lying):
    """All rooms of a kind are one."""

    def room_name(self, kind: str, subject: str) -> str:
        """The same for all."""
        return super().room_name(kind, "all" if self.is_kind(kind) else subject)
