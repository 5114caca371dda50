"""The last socket that joined misses messages."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """The last socket that joined misses messages."""

    caught_by = "everyone-in-the-room-receives"

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        members = self.members(room.removeprefix("sos:"))
        forgotten = members[-1] if event == "message:broadcast" and len(members) > 1 else but
        await super().send(event, payload, room, forgotten)
