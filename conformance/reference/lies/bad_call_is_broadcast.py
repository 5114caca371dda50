"""A message that is refused is broadcast all the same."""

from starlette.requests import Request
from starlette.responses import Response

from conformance.reference.guide import Bad
from conformance.reference.service import Service
from conformance.reference.store import now_iso


class Lie(Service):
    """A message that is refused is broadcast all the same."""

    caught_by = "bad-calls-are-refused"

    async def http_create(self, request: Request) -> Response:
        """Broadcast what is then refused."""
        try:
            return await super().http_create(request)
        except Bad:
            sos = request.path_params["sos"]
            said = {"id": "0", "sosId": sos, "content": "refused", "createdAt": now_iso()}
            await self.send("message:broadcast", said, self.room(sos))
            raise
