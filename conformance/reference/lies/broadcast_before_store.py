"""Messages are broadcast before they are stored."""

import uuid
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from conformance.reference.guide import Bad, segment
from conformance.reference.service import Service
from conformance.reference.store import now_iso


class Lie(Service):
    """Messages are broadcast before they are stored."""

    caught_by = "stored-before-broadcast"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.unstored: dict[str, dict[str, Any]] = {}
        """The messages that nobody has asked for yet."""

    async def publish(self, sos: str, fields: dict[str, Any]) -> dict[str, Any]:
        """Broadcast, and store once it is asked for: whoever asks first comes too early, on any machine."""
        message = {"id": uuid.uuid4().hex, "sosId": sos, **fields, "createdAt": now_iso()}
        self.unstored[message["id"]] = message
        await self.send("message:broadcast", message, self.room(sos))
        return message

    async def http_read(self, request: Request) -> Response:
        """One message, unless it is asked for the first time."""
        late = self.unstored.pop(segment(request, "message"), None)
        if late is None:
            return await super().http_read(request)
        self.store.put(late)
        raise Bad("NOT_FOUND", "no such message", status=404)

    def page(self, sos: str, skip: int, limit: int) -> tuple[list[dict[str, Any]], int]:
        """A page, with all that was broadcast by then."""
        for message in [one for one in self.unstored.values() if one["sosId"] == sos]:
            self.store.put(self.unstored.pop(message["id"]))
        return super().page(sos, skip, limit)
