"""The joined broadcast is in capitals."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """The joined broadcast is in capitals."""

    caught_by = "broadcast-keeps-its-name"

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        await super().send(
            "PARTICIPANT:JOINED:BROADCAST" if event == "participant:joined:broadcast" else event, payload, room, but
        )
