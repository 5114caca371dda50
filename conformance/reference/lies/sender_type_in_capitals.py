"""The sender's type is in capitals."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """The sender's type is in capitals."""

    caught_by = "payload-keeps-its-schema"

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        if event == "message:broadcast":
            payload = {**payload, "senderType": payload["senderType"].upper()}
        await super().send(event, payload, room, but)
