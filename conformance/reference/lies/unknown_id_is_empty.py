"""An unknown id is answered with an empty message."""

from starlette.requests import Request
from starlette.responses import Response

from conformance.reference.guide import Bad
from conformance.reference.service import Service

NOT_FOUND = 404


class Lie(Service):
    """An unknown id is answered with an empty message."""

    caught_by = "unknown-id-is-not-found"

    async def http_bad(self, request: Request, bad: Bad) -> Response:
        """Answer an unknown id with nothing."""
        return self.done({}) if bad.status == NOT_FOUND else await super().http_bad(request, bad)
