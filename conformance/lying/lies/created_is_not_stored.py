"""What a call creates is not stored."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.spots import Spot, calls
from conformance.lying.teller import Lying
from contracts.model import Bundle, Call

CAUGHT_BY = (
    "created-is-stored-and-read-back",
    "broadcast-equals-what-is-stored",
    "stored-before-broadcast",
    "calls-answer-as-documented",
)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every call that creates what another lists or reads."""
    for call in calls(bundle):
        if call.role == "create" and (bundle.by_role("list") or bundle.by_role("read")):
            yield Spot(name=call.title)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return "no act reads it back: document `page` of the call that lists, or the broadcast of what was created"


class Lie(Lying):
    """What a call creates is not stored."""

    async def store(self, call: Call, subject: str | None, item: dict[str, Any]) -> None:
        """Keep nothing of it."""
        if call.title != self.spot.name:
            await super().store(call, subject, item)
