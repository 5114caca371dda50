"""The left broadcast has lost its last word."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """The left broadcast has lost its last word."""

    caught_by = "broadcast-keeps-its-name"

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        await super().send("participant:left" if event == "participant:left:broadcast" else event, payload, room, but)
