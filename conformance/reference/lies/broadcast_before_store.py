"""Messages are broadcast before they are stored."""

import asyncio
import contextlib
import sqlite3
import uuid
from typing import Any

from conformance.reference.service import Service
from conformance.reference.store import now_iso

LATE_S = 1.5


class Lie(Service):
    """Messages are broadcast before they are stored."""

    caught_by = "stored-before-broadcast"

    async def publish(self, sos: str, fields: dict[str, Any]) -> dict[str, Any]:
        """Broadcast, and store after a while."""
        message = {"id": uuid.uuid4().hex, "sosId": sos, **fields, "createdAt": now_iso()}
        await self.send("message:broadcast", message, self.room(sos))
        asyncio.get_running_loop().call_later(LATE_S, self.store_late, message)
        return message

    def store_late(self, message: dict[str, Any]) -> None:
        """Store it, unless the service has stopped in the meantime."""
        with contextlib.suppress(sqlite3.ProgrammingError):
            self.store.put(message)
