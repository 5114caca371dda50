"""What a socket emits first is lost, and so is all that follows for a moment."""

import asyncio
from typing import Any

from conformance.reference.service import Service
from conformance.reference.store import Store

DEAF_S = 0.06


class Lie(Service):
    """What a socket emits first is lost, and so is all that follows for a moment.

    The moment begins with what is lost: one that begins with the connection may be over on a busy machine before
    anything has arrived.
    """

    caught_by = "what-is-emitted-on-connecting-is-heard"

    def __init__(self, store: Store, key: str | None = None) -> None:
        super().__init__(store, key)
        self.deaf: set[str] = set()
        self.listening: set[str] = set()

    async def on_event(self, event: str, sid: str, *args: Any) -> Any:
        """Handle what is heard."""
        if sid in self.listening:
            return await super().on_event(event, sid, *args)
        if sid not in self.deaf:
            self.deaf.add(sid)
            asyncio.get_running_loop().call_later(DEAF_S, self.listening.add, sid)
        return self.io.not_handled
