"""Every second message is broadcast a moment late, and the next overtakes it."""

import asyncio
from typing import Any

from conformance.reference.service import Service
from conformance.reference.store import Store

LATE_S = 0.15


class Lie(Service):
    """Every second message is broadcast a moment late, and the next overtakes it."""

    caught_by = "order-is-kept"

    def __init__(self, store: Store, key: str | None = None) -> None:
        super().__init__(store, key)
        self.counts: dict[str, int] = {}

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        sending = super().send(event, payload, room, but)
        count = self.counts.get(room, 0)
        if event == "message:broadcast":
            self.counts[room] = count + 1
        if event == "message:broadcast" and count % 2 == 0:
            asyncio.get_running_loop().call_later(LATE_S, lambda: asyncio.ensure_future(sending))
        else:
            await sending
