"""Coordinates are texts."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Coordinates are texts."""

    caught_by = "payload-keeps-its-schema"

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        if event == "location:broadcast":
            payload = {**payload, "latitude": str(payload["latitude"])}
        await super().send(event, payload, room, but)
