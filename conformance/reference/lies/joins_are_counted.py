"""Who joined twice hears everything twice."""

from typing import Any

from conformance.reference.service import Service
from conformance.reference.store import Store


class Lie(Service):
    """Who joined twice hears everything twice."""

    caught_by = "joining-twice-delivers-once"

    def __init__(self, store: Store, key: str | None = None) -> None:
        super().__init__(store, key)
        self.again: set[tuple[str, str]] = set()

    async def join(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Remember who joined again."""
        if sid in self.members(sos):
            self.again.add((sid, self.room(sos)))
        await super().join(sid, sos, payload)

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        await super().send(event, payload, room, but)
        for sid, joined in self.again:
            if joined == room and sid != but and sid in self.people:
                await self.io.emit(event, payload, to=sid)
