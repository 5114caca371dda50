"""Typing is broadcast under another word."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Typing is broadcast under another word."""

    caught_by = "broadcast-keeps-its-name"

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        await super().send("message:typing:broadcast" if event == "message:typing:start" else event, payload, room, but)
