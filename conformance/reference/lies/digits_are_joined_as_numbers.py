"""Ids of digits are joined as numbers and sent to as texts."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Ids of digits are joined as numbers and sent to as texts."""

    caught_by = "similar-ids-do-not-mix"

    async def join(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """The socket joins the room of the number."""
        if sos.isascii() and sos.isdigit():
            await self.io.enter_room(sid, int(sos))
        else:
            await super().join(sid, sos, payload)
