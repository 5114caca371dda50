"""The separator of the message broadcast is a dash."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """The separator of the message broadcast is a dash."""

    caught_by = "broadcast-keeps-its-name"

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        await super().send("message-broadcast" if event == "message:broadcast" else event, payload, room, but)
