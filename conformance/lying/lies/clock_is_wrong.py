"""A time field tells the time of a year ago."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.spots import Spot, of_fields, seen_broadcasts, sent_payload
from conformance.lying.teller import OfArguments
from conformance.lying.values import altered
from conformance.server.cause import Cause
from contracts.model import Bundle
from contracts.pointer import pointed

CAUGHT_BY = ("clock-fields-tell-now",)
YEAR_MS = 365 * 24 * 3600 * 1000


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every time field of a broadcast."""
    for broadcast in seen_broadcasts(bundle):
        fields = sent_payload(bundle, broadcast.event)
        yield from of_fields(broadcast.event, (field for field in fields if field.name in broadcast.clocks))


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return f"`{spot.field}` is not in every one of them: list it as `required`"


class Lie(OfArguments):
    """A time field tells the time of a year ago."""

    def changed(self, arguments: tuple[Any, ...], cause: Cause) -> tuple[Any, ...]:
        """The time of a year ago, in the documented unit."""
        given = list(arguments)
        now = pointed(given, self.spot.at)
        if isinstance(now, str):
            past: Any = f"{int(now[:4]) - 1}{now[4:]}" if now[:4].isdigit() else now
        else:
            past = now - YEAR_MS if isinstance(now, int | float) else now
        return tuple(altered(given, self.spot.at, past))
