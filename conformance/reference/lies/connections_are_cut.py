"""Whoever has asked three times is hung up on."""

from collections import Counter
from typing import Any

from conformance.reference.service import Service
from conformance.reference.store import Store

MOST_EVENTS = 3


class Lie(Service):
    """Whoever has asked three times is hung up on."""

    caught_by = "connection-stays-open"

    def __init__(self, store: Store, key: str | None = None) -> None:
        super().__init__(store, key)
        self.asked: Counter[str] = Counter()

    async def on_event(self, event: str, sid: str, *args: Any) -> Any:
        """Count, answer, and end the connection."""
        answer = await super().on_event(event, sid, *args)
        self.asked[sid] += 1
        if self.asked[sid] == MOST_EVENTS:
            await self.io.disconnect(sid)
        return answer
