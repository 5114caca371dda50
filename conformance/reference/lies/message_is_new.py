"""Messages are broadcast under the retired name."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Messages are broadcast under the retired name."""

    caught_by = "retired-name-is-absent"

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        await super().send("message:new" if event == "message:broadcast" else event, payload, room, but)
