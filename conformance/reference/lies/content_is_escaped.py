"""Messages are escaped for HTML."""

import html
from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Messages are escaped for HTML."""

    caught_by = "values-come-out-as-they-went-in"

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        if event == "message:broadcast":
            payload = {**payload, "content": html.escape(payload["content"])}
        await super().send(event, payload, room, but)
