"""How long observers may take, and what becomes of one that takes longer."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest

from conformance.stage.observing.observatory import Observatory
from conformance.stage.observing.observer import Observer, ObserverUnavailable


class Looking:
    """An observer whose looks end as it is told."""

    what = "the log at here"
    via = "log"

    def __init__(self, ends: Callable[[], Awaitable[Any]]) -> None:
        self._ends = ends
        self.stopped = False

    async def look(self) -> None:
        await self._ends()

    async def stop(self) -> None:
        self.stopped = True


async def at_once() -> None:
    """Nothing to wait for."""


async def never() -> None:
    await asyncio.get_running_loop().create_future()


async def refused() -> None:
    raise ObserverUnavailable("it does not let us in")


@pytest.mark.parametrize(
    ("ends", "limit_s", "notes"),
    [
        (at_once, 10, []),
        (never, 0.05, ["the log at here shows no rooms: no answer within 0.05 s"]),
        (refused, 10, ["the log at here shows no rooms: it does not let us in"]),
    ],
)
def test_an_observer_that_does_not_answer_is_left_out_and_named(ends, limit_s, notes) -> None:
    observer = Looking(ends)
    watching = Observatory([cast(Observer, observer)], limit_s=limit_s)
    asyncio.run(watching.look())
    assert watching.notes == notes
    assert watching.watching == (() if notes else ("log",))
    assert watching.blind == (("log",) if notes else ())
    assert observer.stopped is bool(notes)
