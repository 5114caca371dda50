"""The code of errors is a number."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """The code of errors is a number."""

    caught_by = "payload-keeps-its-schema"

    async def complain(self, sid: str, payload: dict[str, Any]) -> None:
        """Say it with a number."""
        await super().complain(sid, {**payload, "code": 400})
