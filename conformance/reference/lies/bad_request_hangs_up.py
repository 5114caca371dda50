"""A bad request ends the connection."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """A bad request ends the connection."""

    caught_by = "connection-survives-a-bad-request"

    async def complain(self, sid: str, payload: dict[str, Any]) -> None:
        """Tell, and hang up."""
        await super().complain(sid, payload)
        await self.io.disconnect(sid)
