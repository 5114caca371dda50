"""A user who comes back is put into the rooms of before."""

from typing import Any

from conformance.reference.service import Service
from conformance.reference.store import Store


class Lie(Service):
    """A user who comes back is put into the rooms of before."""

    caught_by = "reconnected-socket-is-in-no-room"

    def __init__(self, store: Store, key: str | None = None) -> None:
        super().__init__(store, key)
        self.rooms_of: dict[str, set[str]] = {}

    async def join(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Remember the user's rooms."""
        await super().join(sid, sos, payload)
        self.rooms_of.setdefault(self.people[sid].user, set()).add(self.room(sos))

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        """Put the user into the rooms of before."""
        await super().on_connect(sid, environ, auth)
        for room in self.rooms_of.get(self.people[sid].user, ()):
            await self.io.enter_room(sid, room)
