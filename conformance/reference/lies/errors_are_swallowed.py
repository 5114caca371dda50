"""Bad requests get no answer."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Bad requests get no answer."""

    caught_by = "bad-request-gets-an-error"

    async def complain(self, sid: str, payload: dict[str, Any]) -> None:
        """Say nothing."""
