"""Long messages are cut."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Long messages are cut."""

    caught_by = "values-come-out-as-they-went-in"

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        if event == "message:broadcast":
            payload = {**payload, "content": payload["content"][:1000]}
        await super().send(event, payload, room, but)
