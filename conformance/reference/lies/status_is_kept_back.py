"""A change of status is never broadcast."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """A change of status is never broadcast."""

    caught_by = "request-has-its-effect"

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        if event != "sos:status:broadcast":
            await super().send(event, payload, room, but)
