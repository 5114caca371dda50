"""A retired request still has the effect that a call has now."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.advice import of_delivery
from conformance.lying.spots import Spot
from conformance.lying.teller import Lying
from conformance.server.cause import Cause
from contracts.model import Bundle, Call

CAUGHT_BY = ("retired-request-does-nothing",)


def stand_in(bundle: Bundle, event: str) -> Call:
    """The call that has taken the place of a retired request."""
    name = next(retired.stand_in_call for retired in bundle.retired if retired.event == event)
    return bundle.calls[name or ""]


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every retired request in whose place there is a call with a broadcast."""
    for retired in bundle.retired:
        call = bundle.calls.get(retired.stand_in_call or "")
        if retired.direction == "client_to_server" and call is not None and call.broadcast:
            yield Spot(name=retired.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return of_delivery(bundle, stand_in(bundle, spot.name).broadcasts[0])


class Lie(Lying):
    """A retired request still has the effect that a call has now."""

    async def unknown(self, sid: str, namespace: str, event: str, arguments: tuple[Any, ...]) -> None:
        """Broadcast what it carries."""
        payload = arguments[0] if arguments else None
        if event != self.spot.name or not isinstance(payload, dict):
            return
        room = payload.get(self.bundle.room.key)
        call = stand_in(self.bundle, event)
        cause = Cause(
            kind="call",
            name=call.name,
            namespace=namespace,
            values=payload,
            payload=payload,
            subject=room if isinstance(room, str) else None,
            user=self.members[namespace, sid].user,
        )
        for name in call.broadcasts:
            await self.provoke(name, cause)
