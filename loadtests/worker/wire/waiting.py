"""Bounds of how many calls are under way, and of how long each may take.

They cost little where nothing has to be waited for: the locks and timeouts of asyncio cost as much as sending a call.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any


class Slots:
    """So many may be under way at once; who comes later waits for his turn."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._waiting: deque[asyncio.Future[None]] = deque()

    def take(self) -> bool:
        """Take a slot where one is free; whether there was one."""
        if not self._free:
            return False
        self._free -= 1
        return True

    async def wait(self) -> None:
        """Take a slot, once one is free."""
        if self.take():
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give()  # It was given one in the same moment.
            raise

    def give(self) -> None:
        """Give a slot back."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


class Deadlines:
    """Ends waits that take too long. All may take as long, so that one timer serves them in their order."""

    def __init__(self, limit_s: float, error: Callable[[], Exception]) -> None:
        """`error` makes what is raised where something waits."""
        self._limit_s = limit_s
        self._error = error
        self._waits: deque[tuple[float, asyncio.Future[Any]]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def add(self, wait: asyncio.Future[Any]) -> None:
        """Something begins to wait."""
        loop, waits = asyncio.get_running_loop(), self._waits
        while waits and waits[0][1].done():
            waits.popleft()
        waits.append((loop.time() + self._limit_s, wait))
        if self._timer is None:
            self._timer = loop.call_at(waits[0][0], self._ring)

    def _ring(self) -> None:
        loop, waits = asyncio.get_running_loop(), self._waits
        now_s, self._timer = loop.time(), None
        while waits and (waits[0][0] <= now_s or waits[0][1].done()):
            wait = waits.popleft()[1]
            if not wait.done():
                wait.set_exception(self._error())
        if waits:
            self._timer = loop.call_at(waits[0][0], self._ring)

    def close(self) -> None:
        """End nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._waits.clear()
