"""Errors are told to everybody."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Errors are told to everybody."""

    caught_by = "error-goes-to-the-requester-alone"

    async def complain(self, sid: str, payload: dict[str, Any]) -> None:
        """Tell everybody."""
        await self.io.emit("error", payload)
