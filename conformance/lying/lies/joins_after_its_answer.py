"""A join is answered before the socket is a member."""

from collections.abc import Iterator

from conformance.lying.advice import NO_FENCE
from conformance.lying.spots import Spot, requests
from conformance.lying.teller import Lying
from contracts.model import Bundle

CAUGHT_BY = ("answer-to-a-join-means-membership",)
MOMENT_S = 0.15
"""Longer than the way of an answer, and shorter than anybody waits."""


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every request that is answered to say that a socket has become a member."""
    for request in requests(bundle):
        if request.membership == "enter" and request.reply is not None and request.reply.confirms_entry:
            yield Spot(name=request.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return NO_FENCE


class Lie(Lying):
    """A join is answered before the socket is a member."""

    async def enter(self, sid: str, namespace: str, kind: str, subject: str) -> None:
        """Enter a moment later."""
        if self.is_doing():
            self.after(MOMENT_S, self._enter(sid, namespace, kind, subject))
        else:
            await super().enter(sid, namespace, kind, subject)

    async def _enter(self, sid: str, namespace: str, kind: str, subject: str) -> None:
        if (namespace, sid) in self.members:
            await super().enter(sid, namespace, kind, subject)
