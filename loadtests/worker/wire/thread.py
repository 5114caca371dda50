"""The native thread that a context lives in, and the two ways between it and the greenlets of Locust.

It is started after Locust has forked its worker processes, by the function that gevent has replaced. Into it goes
`call_soon_threadsafe` of its loop; out of it goes a watcher of gevent's loop, which any thread may wake, and nothing
else: gevent's events, queues, locks and callbacks count references that no lock guards. Nothing of asyncio's that
opens sockets or threads by itself is used inside.
"""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import gevent
import gevent.event
import gevent.monkey
import uvloop

T = TypeVar("T")

ENDING_S = 5.0
"""How long the loop may take to end."""

SWITCH_S = 0.0005
"""How long a thread may keep the interpreter while the other waits: the 5 ms of CPython would be most of a latency."""


class Thread:
    """An event loop in a thread of its own."""

    def __init__(self) -> None:
        self.loop = uvloop.new_event_loop()
        sys.setswitchinterval(SWITCH_S)
        self._done: deque[gevent.event.Event] = deque()
        """Of what was asked for and is over: whoever waits is woken in gevent's own thread."""
        self._news: Any = gevent.get_hub().loop.async_()
        self._news.start(self._wake)
        start: Callable[..., int] = gevent.monkey.get_original("_thread", "start_new_thread")
        self._ended: Any = gevent.monkey.get_original("_thread", "allocate_lock")()
        self._ended.acquire()
        start(self._run, ())

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
        finally:
            self._ended.release()

    def _wake(self) -> None:
        while self._done:
            self._done.popleft().set()

    def stop(self) -> None:
        """End the loop, and wait for it: no thread may still run when the interpreter goes."""
        if self._news.active:
            self._news.stop()
            self.tell(self.loop.stop)
            self._ended.acquire(True, ENDING_S)

    def tell(self, function: Callable[..., object], *arguments: Any) -> None:
        """Have a function called there."""
        self.loop.call_soon_threadsafe(function, *arguments)

    def ask(self, make: Callable[[], Coroutine[Any, Any, T]], limit_s: float | None = None) -> T:
        """Have a coroutine run there. Only the greenlet that asks waits; if it is killed, so is what it asked for.

        Raises:
            TimeoutError: it was not over within the limit.
        """
        done = gevent.event.Event()
        tasks: list[asyncio.Task[T]] = []

        def over(task: asyncio.Task[T]) -> None:
            self._done.append(done)
            self._news.send()

        def begin() -> None:
            task = self.loop.create_task(make())
            task.add_done_callback(over)
            tasks.append(task)

        self.tell(begin)
        try:
            if not done.wait(limit_s):
                raise TimeoutError(f"what was asked of the sockets' thread was not over within {limit_s:g} s")
        except BaseException:
            self.tell(lambda: tasks and tasks[0].cancel())
            raise
        return tasks[0].result()
