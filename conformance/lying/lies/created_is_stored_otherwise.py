"""What a call creates is stored with another value."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.spots import Spot, calls
from conformance.lying.teller import Lying
from contracts.model import Bundle, Call

CAUGHT_BY = ("created-is-stored-and-read-back", "broadcast-equals-what-is-stored")


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every call that creates what another lists or reads."""
    for call in calls(bundle):
        if call.role == "create" and (bundle.by_role("list") or bundle.by_role("read")):
            yield Spot(name=call.title)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return "no act reads it back: document `page` of the call that lists, or the broadcast of what was created"


class Lie(Lying):
    """What a call creates is stored with another value."""

    async def store(self, call: Call, subject: str | None, item: dict[str, Any]) -> None:
        """Keep other texts."""
        name = (call.id or "").rpartition("/")[2]
        if call.title == self.spot.name:
            given = call.body.properties() if call.body is not None else {}
            own = {key: value for key, value in item.items() if key in given and key != name}
            item = {**item, **{key: f"{value}." for key, value in own.items() if isinstance(value, str)}}
        await super().store(call, subject, item)
