"""Every second message is kept back until the next one has overtaken it."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, ClassVar

from conformance.reference.service import Service
from conformance.reference.store import Store

MOST_S = 1.0
"""How long a message waits for the next one: less than its deadline, since it is not lost where none follows."""


class Lie(Service):
    """Every second message is kept back until the next one has overtaken it."""

    caught_by = "order-is-kept"
    late: ClassVar[str] = "message:broadcast"
    """The broadcast of which every second is late."""

    def __init__(self, store: Store, key: str | None = None) -> None:
        super().__init__(store, key)
        self.kept: dict[str, Kept] = {}

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        send = partial(super().send, event, payload, room, but)
        if event != self.late:
            await send()
        elif kept := self.kept.pop(room, None):
            await send()
            await kept.sent()
        else:
            self.kept[room] = Kept(self.kept, room, send)


class Kept:
    """A broadcast to a room that is kept back."""

    def __init__(self, kept: dict[str, "Kept"], room: str, send: Callable[[], Awaitable[None]]) -> None:
        self._kept, self._room, self._send = kept, room, send
        self._timer = asyncio.get_running_loop().call_later(MOST_S, self._is_not_overtaken)

    async def sent(self) -> None:
        """Send it after the one that has overtaken it."""
        self._timer.cancel()
        await self._send()

    def _is_not_overtaken(self) -> None:
        del self._kept[self._room]
        self._task = asyncio.ensure_future(self._send())
