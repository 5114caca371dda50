"""A join is announced under a name that no document has."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """A join is announced under a name that no document has."""

    caught_by = "no-undocumented-event"

    async def join(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Join, and announce it."""
        await super().join(sid, sos, payload)
        await self.send("sos:room:joined", {"sosId": sos, "socketId": sid}, self.room(sos))
