"""Every second message waits until the next has passed it."""

import asyncio
from typing import Any

from conformance.reference.service import Service
from conformance.reference.store import Store


class Lie(Service):
    """Every second message waits until the next has passed it."""

    caught_by = "order-is-kept"

    def __init__(self, store: Store, key: str | None = None) -> None:
        super().__init__(store, key)
        self.waiting: dict[str, Any] = {}

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        if event != "message:broadcast":
            await super().send(event, payload, room, but)
        elif room in self.waiting:
            first = self.waiting.pop(room)
            await super().send(event, payload, room, but)
            await super().send(event, first, room, but)
        else:
            self.waiting[room] = payload
            asyncio.get_running_loop().call_later(0.3, lambda: asyncio.ensure_future(self.release(room)))

    async def release(self, room: str) -> None:
        """Send what has waited long enough."""
        if room in self.waiting:
            await super().send("message:broadcast", self.waiting.pop(room), room)
