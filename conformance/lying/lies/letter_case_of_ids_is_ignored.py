"""Ids that differ in their letter case are one room."""

from collections.abc import Iterator

from conformance.lying.advice import NO_FENCE
from conformance.lying.spots import Spot
from conformance.lying.teller import Lying
from conformance.model.ids import CASES
from conformance.plan.likeness import ways
from contracts.model import Bundle
from contracts.parts import parts_of

CAUGHT_BY = ("similar-ids-do-not-mix",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every kind of room whose ids may differ in letter case alone."""
    for part in parts_of(bundle):
        if CASES in ways(part.room):
            yield Spot(name=part.room.kind or part.room.template)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return NO_FENCE


class Lie(Lying):
    """Ids that differ in their letter case are one room."""

    def room_name(self, kind: str, subject: str) -> str:
        """In small letters."""
        return super().room_name(kind, subject.lower() if self.is_kind(kind) else subject)
