"""Participants join in the time of another zone."""

from datetime import UTC, datetime, timedelta
from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Participants join in the time of another zone."""

    caught_by = "clock-fields-tell-now"

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        if "joinedAt" in payload:
            there = datetime.now(UTC) + timedelta(hours=2)
            payload = {**payload, "joinedAt": there.isoformat(timespec="milliseconds").replace("+00:00", "Z")}
        await super().send(event, payload, room, but)
