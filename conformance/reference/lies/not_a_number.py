"""A status broadcast has a field that is no number, written as NaN."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """A status broadcast has a field that is no number, written as NaN."""

    caught_by = "frames-can-be-parsed"

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        more = {"share": float("nan")} if event == "sos:status:broadcast" else {}
        await super().send(event, {**payload, **more}, room, but)
