"""What a call creates is stored after it was broadcast."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.spots import Spot, calls
from conformance.lying.teller import Lying
from contracts.model import Bundle, Call

CAUGHT_BY = ("stored-before-broadcast",)
MOMENT_S = 0.3
"""Longer than a broadcast takes, and the question that follows it."""


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every call that creates and broadcasts what another reads."""
    for call in calls(bundle):
        if call.role == "create" and call.broadcast and bundle.by_role("read"):
            yield Spot(name=call.title)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return "no act reads it back: document the broadcast's `caused_by`, and where the answer has the `id`"


class Lie(Lying):
    """What a call creates is stored after it was broadcast."""

    async def store(self, call: Call, subject: str | None, item: dict[str, Any]) -> None:
        """Keep it a moment later."""
        if call.title == self.spot.name:
            self.after(MOMENT_S, super().store(call, subject, item))
        else:
            await super().store(call, subject, item)
