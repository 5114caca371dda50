"""Whatever a socket emits in its first moments is lost."""

import asyncio
from typing import Any

from conformance.reference.service import Service
from conformance.reference.store import Store

LATE_S = 0.06


class Lie(Service):
    """Whatever a socket emits in its first moments is lost."""

    caught_by = "what-is-emitted-on-connecting-is-heard"

    def __init__(self, store: Store, key: str | None = None) -> None:
        super().__init__(store, key)
        self.listening: set[str] = set()

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        """Let a socket in, and listen to it later."""
        await super().on_connect(sid, environ, auth)
        asyncio.get_running_loop().call_later(LATE_S, self.listening.add, sid)

    async def on_event(self, event: str, sid: str, *args: Any) -> Any:
        """Handle what is heard."""
        return await super().on_event(event, sid, *args) if sid in self.listening else self.io.not_handled
