"""Joining a room ends the membership of another."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Joining a room ends the membership of another."""

    caught_by = "several-rooms-on-one-socket"

    async def join(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Leave every other room."""
        for room in set(self.io.rooms(sid)) - {sid, self.room(sos)}:
            await self.io.leave_room(sid, room)
        await super().join(sid, sos, payload)
