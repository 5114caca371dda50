"""Coordinates lose their last digits."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Coordinates lose their last digits."""

    caught_by = "values-come-out-as-they-went-in"

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        if event == "location:broadcast":
            payload = {
                **payload,
                "latitude": round(payload["latitude"], 4),
                "longitude": round(payload["longitude"], 4),
            }
        await super().send(event, payload, room, but)
