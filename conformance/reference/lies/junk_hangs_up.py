"""A payload that is no object ends the connection."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """A payload that is no object ends the connection."""

    caught_by = "junk-is-survived"

    async def on_event(self, event: str, sid: str, *args: Any) -> Any:
        """Hang up on junk."""
        if not args or not isinstance(args[0], dict):
            await self.io.disconnect(sid)
            return None
        return await super().on_event(event, sid, *args)
