"""Two of the nine statuses are broadcast as one."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Two of the nine statuses are broadcast as one."""

    caught_by = "values-come-out-as-they-went-in"

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        if event == "sos:status:broadcast" and payload["status"] == "en_route":
            payload = {**payload, "status": "responding"}
        await super().send(event, payload, room, but)
