"""A latitude or longitude of 0 is taken for missing."""

from typing import Any

from conformance.reference.guide import Bad
from conformance.reference.service import Service


class Lie(Service):
    """A latitude or longitude of 0 is taken for missing."""

    caught_by = "good-request-gets-no-error"

    async def location(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Tell the room where a device is, unless it is on the equator."""
        if payload.get("latitude") == 0 or payload.get("longitude") == 0:
            raise Bad("INVALID_LOCATION", "latitude and longitude are required")
        await super().location(sid, sos, payload)
