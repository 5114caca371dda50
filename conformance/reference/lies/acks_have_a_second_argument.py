"""An ack carries a second argument."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """An ack carries a second argument."""

    caught_by = "payload-is-one-argument"

    async def answer(self, event: str, payload: Any, sid: str) -> Any:
        """Answer a requester."""
        return await super().answer(event, payload, sid), {"event": event}
