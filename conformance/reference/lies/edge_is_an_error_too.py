"""A location at a pole is broadcast, and answered with an error besides."""

from typing import Any

from conformance.reference.guide import Bad
from conformance.reference.service import Service


class Lie(Service):
    """A location at a pole is broadcast, and answered with an error besides."""

    caught_by = "good-request-gets-no-error"

    async def location(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Tell the room where a device is, then fail to store a pole."""
        await super().location(sid, sos, payload)
        if abs(payload["latitude"]) == 90:
            raise Bad("LOCATION_UPDATE_ERROR", "the index holds no poles")
