"""Sockets that joined nothing hear every message."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Sockets that joined nothing hear every message."""

    caught_by = "nothing-before-join"

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        await super().send(event, payload, room, but)
        for sid in tuple(self.people) if event == "message:broadcast" else ():
            if not set(self.io.rooms(sid)) - {sid}:
                await self.io.emit(event, payload, to=sid)
