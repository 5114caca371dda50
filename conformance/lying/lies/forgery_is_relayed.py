"""What a client emits under the name of a broadcast is passed on."""

from collections.abc import Iterator
from typing import Any

from conformance.analysis.forgery import is_server_only
from conformance.lying.advice import of_delivery
from conformance.lying.spots import Spot, seen_broadcasts
from conformance.lying.teller import Lying
from conformance.server.cause import Cause, Sending
from contracts.model import Bundle

CAUGHT_BY = ("client-cannot-forge-broadcast",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every broadcast that no client may emit."""
    for broadcast in seen_broadcasts(bundle):
        if is_server_only(bundle, broadcast.event) and broadcast.is_shared:
            yield Spot(name=broadcast.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return of_delivery(bundle, spot.name)


class Lie(Lying):
    """What a client emits under the name of a broadcast is passed on."""

    async def unknown(self, sid: str, namespace: str, event: str, arguments: tuple[Any, ...]) -> None:
        """Pass it on to the rooms of its sender, or to everyone where it is in none."""
        if event != self.spot.name:
            return
        member = self.members[namespace, sid]
        rooms = [(kind, subject) for kind, subjects in member.rooms.items() for subject in subjects]
        mates = dict.fromkeys(one for kind, subject in rooms for one in self.in_room(namespace, kind, subject))
        receivers = tuple(mates) if self.broadcast(event).to_room else self.connected(namespace)
        cause = Cause(kind="event", name=event, namespace=namespace, sid=sid, user=member.user)
        await self.send(
            Sending(event=event, arguments=arguments, receivers=receivers, namespace=namespace, room=None, cause=cause)
        )
