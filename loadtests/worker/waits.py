"""Waiting for facts: never without a deadline, and not for long once the run was interrupted."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any

TICK_S = 1.0
"""The longest time that anything waits without a look at its deadline: the loop's beat comes twenty times as often."""

HURRY_S = 0.5
"""How long an interrupted run waits for what is on its way: a person waits a second for the end of a command."""

CANCELLED_S = 2.0
"""How long what is given up may take to end."""


class Waits:
    """What everything that waits in a context looks at."""

    def __init__(self) -> None:
        self.tick = asyncio.Event()
        """Is set at every beat of the loop."""
        self.hurry_s = 0.0
        """When the run was interrupted; 0 where it was not."""

    def hurry(self) -> None:
        """The run was interrupted: what is not over by now is not waited for."""
        self.hurry_s = self.hurry_s or time.monotonic()
        self.tick.set()

    def over(self, end_s: float) -> bool:
        """Whether something that is waited for until then is waited for no longer."""
        now_s = time.monotonic()
        return now_s >= end_s or (self.hurry_s > 0 and now_s >= self.hurry_s + HURRY_S)

    async def next(self) -> None:
        """Wait until it is time to look again."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(TICK_S):
                await self.tick.wait()
        await asyncio.sleep(0)

    async def bounded(self, work: asyncio.Future[Any], limit_s: float) -> bool:
        """Wait for something until its time is over; whether it came to its end.

        Raises:
            Exception: whatever it raised.
        """
        end_s = time.monotonic() + limit_s
        while not work.done() and not self.over(end_s):
            await self.next()
        if work.done():
            work.result()
            return True
        work.cancel()
        await asyncio.wait([work], timeout=CANCELLED_S)
        return False
