"""Who has joined twice receives everything twice."""

from collections.abc import Iterator
from dataclasses import replace

from conformance.lying.advice import NO_ECHO
from conformance.lying.spots import Spot, requests
from conformance.lying.teller import Lying
from conformance.server.cause import Sending
from contracts.model import Bundle

CAUGHT_BY = ("joining-twice-delivers-once",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every request by which a socket enters a room, where it may do so again."""
    for request in requests(bundle):
        if request.membership == "enter":
            yield Spot(name=request.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return NO_ECHO


class Lie(Lying):
    """Who has joined twice receives everything twice."""

    def prepare(self) -> None:
        """Begin to count."""
        self.joins: dict[tuple[str, str | None], int] = {}

    async def send(self, sending: Sending) -> None:
        """Send it to each socket as often as that has joined."""
        await super().send(sending)
        for sid in sending.receivers:
            for _ in range(self.joins.get((sid, sending.cause.subject), 1) - 1):
                await super().send(replace(sending, receivers=(sid,)))

    async def enter(self, sid: str, namespace: str, kind: str, subject: str) -> None:
        """Count it."""
        if self.is_doing():
            self.joins[sid, subject] = self.joins.get((sid, subject), 0) + 1
        await super().enter(sid, namespace, kind, subject)
