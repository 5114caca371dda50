"""A join is acknowledged at once, and takes place a moment later."""

import asyncio
from collections.abc import Mapping
from typing import Any, ClassVar

from conformance.reference.service import Service

LATE_S = 0.1


class Lie(Service):
    """A join is acknowledged at once, and takes place a moment later."""

    caught_by = "answer-to-a-join-means-membership"
    acknowledges: ClassVar[Mapping[str, dict[str, Any]]] = {
        "sos:room:join": {"type": "object", "required": ["joined"], "properties": {"joined": {"const": True}}}
    }

    async def join(self, sid: str, sos: str, payload: dict[str, Any]) -> Any:
        """Acknowledge, then join."""
        joining = super().join(sid, sos, payload)
        asyncio.get_running_loop().call_later(LATE_S, lambda: asyncio.ensure_future(joining))
        return {"joined": True}
