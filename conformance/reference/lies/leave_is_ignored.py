"""Leaving does nothing."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Leaving does nothing."""

    caught_by = "nothing-after-leave"

    async def leave(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Do nothing."""
