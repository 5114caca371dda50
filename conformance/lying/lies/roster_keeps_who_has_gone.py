"""A roster lists sockets that have gone."""

from collections.abc import Iterator

from conformance.lying.spots import Spot
from conformance.lying.teller import Lying
from conformance.server.rooms import Member
from contracts.model import Bundle
from contracts.parts import parts_of

CAUGHT_BY = ("disconnected-socket-is-gone", "roster-is-true")


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
    """A roster lists sockets that have gone."""

    def prepare(self) -> None:
        """Nobody has been anywhere."""
        self.ever: dict[tuple[str, str | None, str | None], dict[str, Member]] = {}

    def roster(self, namespace: str, kind: str | None, subject: str | None) -> tuple[Member, ...]:
        """Those who have ever been in the room, too."""
        kept = self.ever.setdefault((namespace, kind, subject), {})
        kept.update({member.sid: member for member in super().roster(namespace, kind, subject)})
        return tuple(kept.values())

    async def enter(self, sid: str, namespace: str, kind: str, subject: str) -> None:
        """Keep who enters."""
        await super().enter(sid, namespace, kind, subject)
        self.ever.setdefault((namespace, kind, subject), {})[sid] = self.members[namespace, sid]
