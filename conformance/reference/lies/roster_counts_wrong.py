"""The roster's count is one too many."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """The roster's count is one too many."""

    caught_by = "roster-is-true"

    async def answer(self, event: str, payload: Any, sid: str) -> Any:
        """Count one too many."""
        more = {"count": payload["count"] + 1} if "count" in payload else {}
        return await super().answer(event, {**payload, **more}, sid)
