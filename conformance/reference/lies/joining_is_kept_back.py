"""That a participant has joined is never broadcast."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """That a participant has joined is never broadcast."""

    caught_by = "broadcast-arrives"

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        if event != "participant:joined:broadcast":
            await super().send(event, payload, room, but)
