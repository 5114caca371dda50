"""The status broadcast has no timestamp."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """The status broadcast has no timestamp."""

    caught_by = "payload-keeps-its-schema"

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        if event == "sos:status:broadcast":
            payload = {name: value for name, value in payload.items() if name != "timestamp"}
        await super().send(event, payload, room, but)
