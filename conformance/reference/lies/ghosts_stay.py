"""Sockets that disconnected stay on the roster."""

from typing import Any

from conformance.reference.service import Service
from conformance.reference.store import Store


class Lie(Service):
    """Sockets that disconnected stay on the roster."""

    caught_by = "disconnected-socket-is-gone"

    def __init__(self, store: Store, key: str | None = None) -> None:
        super().__init__(store, key)
        self.ghosts: dict[str, set[str]] = {}

    async def join(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Remember who joined."""
        await super().join(sid, sos, payload)
        self.ghosts.setdefault(sos, set()).add(sid)

    async def leave(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Forget who left."""
        await super().leave(sid, sos, payload)
        self.ghosts.get(sos, set()).discard(sid)

    async def on_disconnect(self, sid: str, reason: str = "") -> None:
        """Forget nobody."""

    def members(self, sos: str) -> list[str]:
        """List who was there."""
        return [*dict.fromkeys([*super().members(sos), *self.ghosts.get(sos, ())])]
