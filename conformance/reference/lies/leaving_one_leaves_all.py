"""Leaving one room leaves them all."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Leaving one room leaves them all."""

    caught_by = "leaving-one-room-keeps-the-others"

    async def leave(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Leave every room."""
        for room in set(self.io.rooms(sid)) - {sid}:
            await self.io.leave_room(sid, room)
