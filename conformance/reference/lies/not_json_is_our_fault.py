"""A body that is not JSON is answered with 500."""

from typing import Any

from starlette.requests import Request

from conformance.reference.guide import Bad
from conformance.reference.service import Service


class Lie(Service):
    """A body that is not JSON is answered with 500."""

    caught_by = "bad-calls-are-refused"

    async def body(self, request: Request) -> dict[str, Any]:
        """Fail on it."""
        try:
            return await super().body(request)
        except Bad as bad:
            raise Bad(bad.code, bad.message, status=500) from bad
