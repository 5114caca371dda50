"""Requests of one connection that an event answers by its name: the first answer is that of the first request. Pure."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any, TypeAlias

Answer: TypeAlias = asyncio.Future[list[Any]]

MOST_ACKED = 16
"""How many requests are remembered whose event may still come after their ack: it comes right behind it."""


class NamedReplies:
    """Who waits for which event."""

    __slots__ = ("_asked",)

    def __init__(self) -> None:
        self._asked: dict[str, deque[Answer]] = {}

    def __bool__(self) -> bool:
        """Whether anything waits."""
        return any(not answer.done() for asked in self._asked.values() for answer in asked)

    def ask(self, name: str, answer: Answer) -> None:
        """A request is sent that an event of that name answers, or an ack, or both."""
        self._asked.setdefault(name, deque(maxlen=MOST_ACKED)).append(answer)

    def come(self, name: str, arguments: list[Any]) -> None:
        """An event has come. Where an ack has answered its request already, it is no answer to a later one."""
        asked = self._asked.get(name)
        answer = asked.popleft() if asked else None
        if answer is not None and not answer.done():
            answer.set_result(arguments)

    def forget(self, name: str, answer: Answer) -> None:
        """A request was not answered in time: there may never be an event of it."""
        asked = self._asked.get(name)
        if asked and answer in asked:
            asked.remove(answer)
