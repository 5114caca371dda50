"""Errors are told under the retired name."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Errors are told under the retired name."""

    caught_by = "retired-name-is-absent"

    async def complain(self, sid: str, payload: dict[str, Any]) -> None:
        """Use the retired name, and the documented one."""
        await self.io.emit("message:error", payload, to=sid)
        await super().complain(sid, payload)
