"""A roster leaves out one of the members."""

from collections.abc import Iterator

from conformance.lying.spots import Spot
from conformance.lying.teller import Lying
from conformance.server.rooms import Member
from contracts.model import Bundle
from contracts.parts import parts_of

CAUGHT_BY = ("roster-is-true",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every request whose answer is a roster."""
    for part in parts_of(bundle):
        request = part.roster_request()
        if request is not None:
            yield Spot(name=request.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return "nobody is known to be a member when it is asked for: document how a socket enters the room"


class Lie(Lying):
    """A roster leaves out one of the members."""

    def roster(self, namespace: str, kind: str | None, subject: str | None) -> tuple[Member, ...]:
        """All but the last."""
        return super().roster(namespace, kind, subject)[:-1]
