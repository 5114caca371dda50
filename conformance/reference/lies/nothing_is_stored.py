"""A message is confirmed and broadcast, and not stored."""

import uuid
from typing import Any

from conformance.reference.service import Service
from conformance.reference.store import now_iso


class Lie(Service):
    """A message is confirmed and broadcast, and not stored."""

    caught_by = "created-is-stored-and-read-back"

    async def publish(self, sos: str, fields: dict[str, Any]) -> dict[str, Any]:
        """Broadcast only."""
        message = {"id": uuid.uuid4().hex, "sosId": sos, **fields, "createdAt": now_iso()}
        await self.send("message:broadcast", message, self.room(sos))
        return message
