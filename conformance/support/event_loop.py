"""The event loop that everything runs on: uvloop, which halves what a turn of the loop costs."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from conformance.support.interrupt import Interruption, current

T = TypeVar("T")


def on_uvloop(main: Coroutine[Any, Any, T], *, quiet: bool = False) -> T:
    """Run a coroutine on a loop of its own.

    Args:
        quiet: leave out what tasks of the client library fail with: a broken packet makes them, and the
            transcript has what came.

    Raises:
        KeyboardInterrupt: the process was interrupted. The loop stopped at once and is abandoned with its tasks:
            a task may take long to be cancelled, or ignore it.
    """
    import uvloop

    interruption = current()
    if interruption.at_s is not None:
        main.close()
        raise KeyboardInterrupt
    runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
    try:
        loop = runner.get_loop()
    except OSError:  # It may open no more files.
        main.close()
        raise
    if quiet:
        loop.set_exception_handler(lambda loop, context: None)
    try:
        with interruption.reacting(lambda: _stop(loop)):
            made = _to_its_end(runner, main, interruption)
    except RuntimeError:
        # So a loop says that it was stopped before its work was done.
        if interruption.at_s is None:
            raise
    else:
        if interruption.at_s is None:
            return made
    interruption.abandoned = runner
    raise KeyboardInterrupt


def _to_its_end(runner: asyncio.Runner, main: Coroutine[Any, Any, T], interruption: Interruption) -> T:
    try:
        return runner.run(main)
    finally:
        if interruption.at_s is None:
            runner.close()


def _stop(loop: asyncio.AbstractEventLoop) -> None:
    """Stop a loop from a signal handler, wherever it is."""
    loop.call_soon_threadsafe(loop.stop)
