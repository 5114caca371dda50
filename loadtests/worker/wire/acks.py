"""Requests that wait for an ack, by their numbers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from loadtests.worker.wire.failures import Failed


class Acks:
    """Those of one connection."""

    __slots__ = ("_number", "_waiting")

    def __init__(self) -> None:
        self._number = 0
        self._waiting: dict[int, tuple[asyncio.Future[list[Any]], Callable[[list[Any]], object]]] = {}

    def ask(self, waiting: asyncio.Future[list[Any]], acked: Callable[[list[Any]], object]) -> int:
        """Number a request; `acked` is told of its ack."""
        self._number += 1
        self._waiting[self._number] = (waiting, acked)
        return self._number

    def forget(self, number: int) -> None:
        """A request waits no longer."""
        self._waiting.pop(number, None)

    def come(self, number: int, arguments: list[Any]) -> None:
        """An ack has come; one that nobody waits for is nothing."""
        waiting, acked = self._waiting.pop(number, (None, None))
        if waiting and acked and not waiting.done():
            waiting.set_result(arguments)
            acked(arguments)

    def fail(self, why: str) -> None:
        """No more will come."""
        for waiting, _ in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(Failed(why))
        self._waiting.clear()
