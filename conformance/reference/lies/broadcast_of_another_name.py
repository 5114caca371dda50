"""The broadcast has another sender's name than the stored message."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """The broadcast has another sender's name than the stored message."""

    caught_by = "broadcast-equals-what-is-stored"

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        if event == "message:broadcast":
            payload = {**payload, "senderDisplayName": payload["senderDisplayName"].strip() + "."}
        await super().send(event, payload, room, but)
