"""Messages are broadcast after the deadline."""

import asyncio
from typing import Any

from conformance.reference.service import Service

LATE_S = 2.8


class Lie(Service):
    """Messages are broadcast after the deadline."""

    caught_by = "delivered-within-deadline"

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        if event != "message:broadcast":
            await super().send(event, payload, room, but)
        else:
            later = super().send
            asyncio.get_running_loop().call_later(
                LATE_S, lambda: asyncio.ensure_future(later(event, payload, room, but))
            )
