"""Typing comes back to who types."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Typing comes back to who types."""

    caught_by = "sender-hears-as-documented"

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        await super().send(event, payload, room, None if event.startswith("message:typing:") else but)
