"""History requests are never answered."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """History requests are never answered."""

    caught_by = "request-has-its-effect"

    async def history(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Answer nothing: the ack that every event gets carries no value."""
