"""Waking at a time, to some 50 us: libuv's timers are of 1 ms, which would be most of many a latency.

One timer of the kernel (`timerfd`, Linux) serves a whole schedule. Elsewhere libuv's has to do.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import heapq
import itertools
import os
import sys
import time
from typing import Any

CLOCK_MONOTONIC, ABSOLUTE = 1, 1
FLAGS = os.O_NONBLOCK | getattr(os, "O_CLOEXEC", 0)


class _Spec(ctypes.Structure):
    """`struct itimerspec`: the interval, then the time of the first end, each in s and ns."""

    _fields_ = [(name, ctypes.c_long) for name in ("interval_s", "interval_ns", "at_s", "at_ns")]


class Timer:
    """Wakes whoever waits for a time."""

    def __init__(self) -> None:
        self._waits: list[tuple[int, int, asyncio.Future[None]]] = []
        self._count = itertools.count()
        self._set_for_ns = 0
        self._will_set = False
        self._spec = _Spec(0, 0, 0, 0)
        self._reference = ctypes.byref(self._spec)
        self._descriptor = -1
        if sys.platform == "linux":
            libc = ctypes.CDLL(None, use_errno=True)
            self._descriptor = libc.timerfd_create(CLOCK_MONOTONIC, FLAGS)
            self._set_kernels: Any = libc.timerfd_settime
        if self._descriptor >= 0:
            asyncio.get_running_loop().add_reader(self._descriptor, self._ring)

    async def until(self, due_ns: int) -> None:
        """Wait until the monotonic clock is there; never less."""
        loop = asyncio.get_running_loop()
        while self._descriptor < 0 and (wait_ns := due_ns - time.monotonic_ns()) > 0:
            rung = loop.create_future()
            loop.call_later(wait_ns / 1e9, rung.set_result, None)
            await rung
        if due_ns <= time.monotonic_ns():
            return
        done = loop.create_future()
        heapq.heappush(self._waits, (due_ns, next(self._count), done))
        if not self._will_set and not 0 < self._set_for_ns <= due_ns:
            # Once for all who begin to wait in this turn of the loop: setting the timer is a call of the kernel.
            self._will_set = True
            loop.call_soon(self._set)
        await done

    async def after(self, seconds: float) -> None:
        """Wait for some time."""
        await self.until(time.monotonic_ns() + int(seconds * 1e9))

    def _set(self) -> None:
        self._will_set = False
        if self._descriptor < 0:
            return
        while self._waits and self._waits[0][2].cancelled():
            heapq.heappop(self._waits)
        first_ns = self._waits[0][0] if self._waits else 0
        if first_ns and first_ns != self._set_for_ns:
            self._set_for_ns = first_ns
            self._spec.at_s, self._spec.at_ns = divmod(first_ns, 10**9)
            self._set_kernels(self._descriptor, ABSOLUTE, self._reference, None)

    def _ring(self) -> None:
        self._set_for_ns = 0
        now_ns = time.monotonic_ns()
        while self._waits and self._waits[0][0] <= now_ns:
            done = heapq.heappop(self._waits)[2]
            if not done.done():
                done.set_result(None)
        self._set()
        if not self._set_for_ns:
            # A timer that is set anew is unread no more; one that is not has to be read.
            with contextlib.suppress(BlockingIOError):
                os.read(self._descriptor, 8)

    def close(self) -> None:
        """Give the timer back."""
        if self._descriptor >= 0:
            asyncio.get_running_loop().remove_reader(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = -1
