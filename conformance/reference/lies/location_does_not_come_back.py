"""A location does not come back to its sender."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """A location does not come back to its sender."""

    caught_by = "sender-hears-as-documented"

    async def location(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Leave the sender out."""
        self.leaving_out = sid
        await super().location(sid, sos, payload)

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        await super().send(event, payload, room, self.leaving_out if event == "location:broadcast" else but)
