"""Checks at the same time in one process: a check is alone while it works, and others go on while it waits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from conformance.stage.clients.recorder import Clock
from conformance.stage.heartbeat import Heartbeat

Job = TypeVar("Job")
Outcome = TypeVar("Outcome")

AT_ONCE = 8
"""Services checked at the same time in one process: most of their time is waiting for what a lie withholds."""


async def side_by_side(jobs: Sequence[Job], work: Callable[[Job], Awaitable[Outcome]]) -> list[Outcome]:
    """What comes of each job, in their order."""
    places = asyncio.Semaphore(AT_ONCE)
    alone = asyncio.Lock()
    heartbeat = Heartbeat(Clock())
    heartbeat.start()

    async def one(job: Job) -> Outcome:
        async with places:
            # A check is alone while it works; once it only waits, the next may begin. Otherwise they would
            # hold each other up, and what came late would be excused.
            async with alone:
                checking = asyncio.ensure_future(work(job))
                heartbeat.unsettle()
                calm = asyncio.ensure_future(heartbeat.calm.wait())
                await asyncio.wait({checking, calm}, return_when=asyncio.FIRST_COMPLETED)
                calm.cancel()
            return await checking

    try:
        return list(await asyncio.gather(*map(one, jobs)))
    finally:
        heartbeat.stop()
