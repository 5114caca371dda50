"""A broadcast names as its sender whom the client names, and not whom its token names."""

from collections.abc import Iterator
from typing import Any

from conformance.lying.spots import Spot, seen_broadcasts, sent_payload
from conformance.lying.teller import OfArguments
from conformance.lying.values import altered
from conformance.server.cause import Cause
from contracts.model import Broadcast, Bundle

CAUGHT_BY = ("sender-is-named-truly",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every broadcast with a field for its user that the contracts let a client send as well."""
    for broadcast in seen_broadcasts(bundle):
        sender = broadcast.sender
        if sender is None or not broadcast.is_shared or not _may_be_claimed(bundle, broadcast, sender):
            continue
        at = next((one.at for one in sent_payload(bundle, broadcast.event) if one.name == sender), None)
        if at is not None:
            yield Spot(name=broadcast.event, at=at, field=sender)


def _may_be_claimed(bundle: Bundle, broadcast: Broadcast, sender: str) -> bool:
    """Whether a request that causes it may carry the field: what the schema forbids is refused before."""
    request = bundle.request(broadcast.caused_by_event or "")
    return request is not None and any(
        isinstance(example, dict) and request.payload.is_valid({**example, sender: "somebody-else"})
        for example in request.examples.valid
    )


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    if bundle.refusal is None:
        return "who a socket is, is known by its token alone: document the `refusal` of sockets without one"
    return f"forbid `{spot.field}` in its request: give that `additionalProperties: false`"


class Lie(OfArguments):
    """A broadcast names as its sender whom the client names, and not whom its token names."""

    def changed(self, arguments: tuple[Any, ...], cause: Cause) -> tuple[Any, ...]:
        """The user that the request names, where it names one."""
        claim = cause.payload.get(self.spot.field) if isinstance(cause.payload, dict) else None
        given = list(arguments)
        return tuple(altered(given, self.spot.at, claim)) if isinstance(claim, str) else arguments
