"""The event loop that everything runs on: uvloop, which halves what a turn of the loop costs."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def on_uvloop(main: Coroutine[Any, Any, T], *, quiet: bool = False) -> T:
    """Run a coroutine on a loop of its own.

    Args:
        quiet: leave out what tasks of the client library fail with: a broken packet makes them, and the
            transcript has what came.
    """
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        if quiet:
            runner.get_loop().set_exception_handler(lambda loop, context: None)
        return runner.run(main)
