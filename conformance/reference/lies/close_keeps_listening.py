"""Who closes an SOS goes on hearing it."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Who closes an SOS goes on hearing it."""

    caught_by = "nothing-after-close"

    async def close(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Do nothing."""
