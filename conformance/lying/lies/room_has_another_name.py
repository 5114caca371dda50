"""Rooms have another name."""

from collections.abc import Iterator

from conformance.lying.spots import Spot
from conformance.lying.teller import Lying
from conformance.server.rooms import kinds_of
from contracts.model import Bundle

CAUGHT_BY = ("room-is-named-as-documented",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every kind of room."""
    for room in kinds_of(bundle):
        yield Spot(name=room.kind or room.template)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return "no broadcast to it is seen by an observer of rooms: document one"


class Lie(Lying):
    """Rooms have another name."""

    def room_name(self, kind: str, subject: str) -> str:
        """The subject behind another word."""
        name = super().room_name(kind, subject)
        return f"r-{name}" if self.is_kind(kind) else name
