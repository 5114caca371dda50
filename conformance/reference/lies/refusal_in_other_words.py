"""A refused connection says so in other words."""

from typing import Any

import socketio

from conformance.reference.service import Service


class Lie(Service):
    """A refused connection says so in other words."""

    caught_by = "bad-token-is-refused"

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        """Refuse in other words."""
        try:
            await super().on_connect(sid, environ, auth)
        except socketio.exceptions.ConnectionRefusedError as refusal:
            raise socketio.exceptions.ConnectionRefusedError("Unauthorized") from refusal
