"""Waiting for facts: never without a deadline, and not for long once the run was interrupted."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Iterator
from typing import Any

TICK_S = 1.0
"""The longest time that anything waits without a look at its deadline: the loop's beat comes twenty times as often."""

HURRY_S = 0.5
"""How long an interrupted run waits for what is on its way: a person waits a second for the end of a command."""

CANCELLED_S = 2.0
"""How long what is given up may take to end."""

TRIED_S = 5.0
"""How long a membership may not show that was asked for: a service may take a join long after a question."""

PAUSE_S = 0.02
"""Between two looks at a membership that does not show yet."""

BACK_OFF_S = (1.0, 5.0)
"""The first and the longest wait before a client of Socket.IO connects again."""

JITTER = 0.5
"""By how much of itself a client of Socket.IO varies that wait."""


def back_off(chance: random.Random) -> Iterator[float]:
    """The waits before each attempt to connect again, in seconds, without end."""
    wait_s, most_s = BACK_OFF_S
    while True:
        yield wait_s * (1 + JITTER * (2 * chance.random() - 1))
        wait_s = min(2 * wait_s, most_s)


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
        work.add_done_callback(_seen)
        await asyncio.wait([work], timeout=CANCELLED_S)
        return False


def _seen(work: asyncio.Future[Any]) -> None:
    """What was given up has ended: how is of no matter, and asyncio would tell of an error that nobody asks for."""
    if not work.cancelled():
        work.exception()
