"""A user who comes back is in the former rooms at once."""

from collections.abc import Iterator

from conformance.lying.advice import NO_FENCE
from conformance.lying.spots import Spot
from conformance.lying.teller import Lying
from contracts.model import Bundle
from contracts.parts import parts_of

CAUGHT_BY = ("reconnected-socket-is-in-no-room",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every bundle with rooms that are entered by asking, where a token tells who comes back."""
    rooms = any(not part.room.is_none and part.room.entry is None and part.has_way_in for part in parts_of(bundle))
    if bundle.refusal is not None and rooms:
        yield Spot(name="reconnection")


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return NO_FENCE


class Lie(Lying):
    """A user who comes back is in the former rooms at once."""

    def prepare(self) -> None:
        """Nobody has left yet."""
        self.left: dict[tuple[str, str], list[tuple[str, str]]] = {}

    async def on_disconnect(self, sid: str, namespace: str, reason: str) -> None:
        """Keep the rooms of the user."""
        member = self.members.get((namespace, sid))
        if member is not None:
            rooms = [(kind, subject) for kind, subjects in member.rooms.items() for subject in subjects]
            self.left[namespace, member.user] = rooms
        await super().on_disconnect(sid, namespace, reason)

    async def on_connected(self, sid: str, namespace: str) -> None:
        """Enter them again."""
        await super().on_connected(sid, namespace)
        member = self.members.get((namespace, sid))
        for kind, subject in self.left.get((namespace, member.user), ()) if member is not None else ():
            await self.enter(sid, namespace, kind, subject)
