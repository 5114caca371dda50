"""Every message is delivered twice."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Every message is delivered twice."""

    caught_by = "delivered-exactly-once"

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        await super().send(event, payload, room, but)
        if event == "message:broadcast":
            await super().send(event, payload, room, but)
