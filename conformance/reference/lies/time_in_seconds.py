"""Timestamps are seconds."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Timestamps are seconds."""

    caught_by = "clock-fields-tell-now"

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        if "timestamp" in payload:
            payload = {**payload, "timestamp": payload["timestamp"] // 1000}
        await super().send(event, payload, room, but)
