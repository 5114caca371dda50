"""Requests are answered twice."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Requests are answered twice."""

    caught_by = "reply-comes-once"

    async def answer(self, event: str, payload: Any, sid: str) -> Any:
        """Answer twice."""
        await self.io.emit(event, payload, to=sid)
        return await super().answer(event, payload, sid)
