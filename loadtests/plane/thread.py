"""The native thread that a plane lives in, and the two ways between it and the greenlets of Locust.

It is started after Locust has forked its worker processes, by the function that gevent has replaced. Into it goes
`call_soon_threadsafe` of its loop; out of it comes `run_callback_threadsafe` of gevent's hub. Nothing else of gevent
(events, queues, locks) is safe between threads, and nothing of asyncio's that opens sockets or threads by itself is
used inside.
"""

from __future__ import annotations

import asyncio
import sys
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

    def stop(self) -> None:
        """End the loop, and wait for it: no thread may still run when the interpreter goes."""
        self.tell(self.loop.stop)
        self._ended.acquire(True, ENDING_S)

    def tell(self, function: Callable[..., object], *arguments: Any) -> None:
        """Have a function called there."""
        self.loop.call_soon_threadsafe(function, *arguments)

    def ask(self, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Have a coroutine run there. Only the greenlet that asks waits; if it is killed, so is what it asked for."""
        hub = gevent.get_hub()
        done = gevent.event.Event()
        tasks: list[asyncio.Task[T]] = []

        def begin() -> None:
            task = self.loop.create_task(make())
            task.add_done_callback(lambda _: hub.loop.run_callback_threadsafe(done.set))
            tasks.append(task)

        self.tell(begin)
        try:
            done.wait()
        except BaseException:
            self.tell(lambda: tasks and tasks[0].cancel())
            raise
        return tasks[0].result()
