"""A join is acknowledged at once, and takes place after the next broadcast of its room."""

from collections.abc import Mapping
from typing import Any, ClassVar

from conformance.reference.guide import Bad
from conformance.reference.service import Service
from conformance.reference.store import Store


class Lie(Service):
    """A join is acknowledged at once, and takes place after the next broadcast of its room, or once it is listed.

    What ends the gap is an event, not a time: on a busy machine any short time may be over before the first broadcast.
    """

    caught_by = "answer-to-a-join-means-membership"
    acknowledges: ClassVar[Mapping[str, dict[str, Any]]] = {
        "sos:room:join": {"type": "object", "required": ["joined"], "properties": {"joined": {"const": True}}}
    }

    def __init__(self, store: Store, key: str | None = None) -> None:
        super().__init__(store, key)
        self.joining: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}

    async def join(self, sid: str, sos: str, payload: dict[str, Any]) -> Any:
        """Acknowledge, and keep the join for later."""
        self.joining.setdefault(self.room(sos), []).append((sid, sos, payload))
        return {"joined": True}

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast, then let those join who have been told that they had."""
        await super().send(event, payload, room, but)
        await self.let_join(room)

    async def active(self, sid: str, sos: str, payload: dict[str, Any]) -> Any:
        """List those as well who have been told that they had joined."""
        await self.let_join(self.room(sos))
        return await super().active(sid, sos, payload)

    async def let_join(self, room: str) -> None:
        """Carry out the joins that were kept."""
        for sid, sos, payload in [kept for kept in self.joining.pop(room, []) if kept[0] in self.people]:
            try:
                await super().join(sid, sos, payload)
            except Bad as bad:
                await self.complain(sid, {"code": bad.code, "message": bad.message})
