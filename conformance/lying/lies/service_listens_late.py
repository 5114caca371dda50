"""What is emitted right after connecting is dropped."""

import asyncio
from collections.abc import Iterator
from typing import Any

from conformance.lying.spots import Spot
from conformance.lying.teller import Lying
from conformance.plan.promises import evident
from contracts.model import Bundle
from contracts.parts import parts_of

CAUGHT_BY = ("what-is-emitted-on-connecting-is-heard",)
DEAF_S = 0.15
"""As long as a look-up in a database takes."""


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every bundle in which a socket can see for itself that it was heard."""
    if any(evident(part) for part in parts_of(bundle)):
        yield Spot(name="right after connecting")


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return "a socket cannot see for itself that it was heard: document a request with a `reply`"


class Lie(Lying):
    """What is emitted right after connecting is dropped."""

    def prepare(self) -> None:
        """Nobody is connected yet."""
        self.since_s: dict[tuple[str, str], float] = {}

    async def on_connected(self, sid: str, namespace: str) -> None:
        """Note the time."""
        self.since_s[namespace, sid] = asyncio.get_running_loop().time()
        await super().on_connected(sid, namespace)

    async def on_event(
        self, sid: str, namespace: str, event: str, arguments: tuple[Any, ...], *, asked: bool
    ) -> tuple[Any, ...] | None:
        """Drop what comes too early."""
        now_s = asyncio.get_running_loop().time()
        if now_s - self.since_s.get((namespace, sid), now_s) < DEAF_S:
            return None
        return await super().on_event(sid, namespace, event, arguments, asked=asked)
