"""The message broadcast has a second argument."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """The message broadcast has a second argument."""

    caught_by = "payload-is-one-argument"

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        more = (payload, {"room": room}) if event == "message:broadcast" else payload
        await super().send(event, more, room, but)
