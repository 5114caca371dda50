"""A status without an SOS goes to the room `sos:undefined`."""

from typing import Any

from conformance.reference.service import Service
from conformance.reference.store import now_ms


class Lie(Service):
    """A status without an SOS goes to the room `sos:undefined`."""

    caught_by = "bad-request-has-no-effect"

    async def on_event(self, event: str, sid: str, *args: Any) -> Any:
        """Handle a request, and broadcast a status whether it names an SOS or not."""
        payload = args[0] if args else None
        if event == "sos:status:update" and isinstance(payload, dict) and "sosId" not in payload:
            said = {"status": payload.get("status"), "timestamp": now_ms(), "updatedBy": self.people[sid].user}
            await self.send("sos:status:broadcast", said, self.room("undefined"))
        return await super().on_event(event, sid, *args)
