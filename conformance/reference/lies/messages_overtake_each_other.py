"""Every second message is broadcast a moment late, and the next overtakes it."""

import asyncio
from typing import Any, ClassVar

from conformance.reference.service import Service
from conformance.reference.store import Store

LATE_S = 0.15


class Lie(Service):
    """Every second message is broadcast a moment late, and the next overtakes it."""

    caught_by = "order-is-kept"
    late: ClassVar[str] = "message:broadcast"
    """The broadcast of which every second is late."""

    def __init__(self, store: Store, key: str | None = None) -> None:
        super().__init__(store, key)
        self.counts: dict[str, int] = {}

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        sending = super().send(event, payload, room, but)
        count = self.counts.get(room, 0)
        if event == self.late:
            self.counts[room] = count + 1
        if event == self.late and count % 2 == 0:
            asyncio.get_running_loop().call_later(LATE_S, lambda: asyncio.ensure_future(sending))
        else:
            await sending
