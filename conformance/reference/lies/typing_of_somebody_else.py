"""Typing is attributed to somebody else."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Typing is attributed to somebody else."""

    caught_by = "sender-is-named-truly"

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        if event.startswith("message:typing:"):
            payload = {**payload, "userId": "somebody-else"}
        await super().send(event, payload, room, but)
