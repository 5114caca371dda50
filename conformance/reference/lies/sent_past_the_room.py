"""Sockets join a room that is named with a dash, and broadcasts go to the one with a colon."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Sockets join a room that is named with a dash, and broadcasts go to the one with a colon."""

    caught_by = "room-is-named-as-documented"

    def room(self, sos: str) -> str:
        """Name a room."""
        return f"sos-{sos}"

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to nobody."""
        await super().send(event, payload, f"sos:{room.removeprefix('sos-')}", but)
