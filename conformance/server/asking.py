"""Events that ask a client for an answer: some of them are sent again until it has answered."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from conformance.server.ground import Ground
from conformance.server.reading import payload_of
from contracts.binary import from_wire
from contracts.model import Broadcast

AGAIN_S = 5.0
"""How long an answer is waited for before an event is sent again: longer than a busy client takes."""

TIMES = 4
"""How often an event is sent in all that has to come at least once."""


async def ask(ground: Ground, broadcast: Broadcast, wire: tuple[Any, ...], sid: str, namespace: str) -> None:
    """Send an event to a socket, and again in the background where it has to come at least once."""
    answered = asyncio.Event()

    def told(*args: Any) -> None:
        answered.set()
        _judge(ground, broadcast, args)

    async def emit() -> None:
        await ground.io.emit(broadcast.event, wire, to=sid, namespace=namespace, callback=told)

    async def insist() -> None:
        for _ in range(TIMES - 1):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(AGAIN_S):
                    await answered.wait()
            if answered.is_set() or (namespace, sid) not in ground.members:
                return
            ground.say(f"-> {broadcast.event} again to {sid}, which has not answered")
            await emit()

    await emit()
    if broadcast.at_least_once:
        ground.later(insist())


def _judge(ground: Ground, broadcast: Broadcast, args: tuple[Any, ...]) -> None:
    """Say of an answer that it is not as documented."""
    answer = broadcast.answer
    if answer is None:
        return
    payload = payload_of(answer.form, tuple(from_wire(list(args))))
    if not answer.payload.is_valid(payload):
        ground.say(f"   the answer to {broadcast.event} is not as documented: {answer.payload.explain(payload)}")
