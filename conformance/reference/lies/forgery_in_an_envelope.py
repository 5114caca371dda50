"""A forged message is relayed if it comes in an envelope."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """A forged message is relayed if it comes in an envelope."""

    caught_by = "client-cannot-forge-broadcast"

    def handlers(self) -> dict[str, Any]:
        """The requests that are handled."""
        return super().handlers() | {"message:broadcast": self.relay}

    async def relay(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Pass on what is in the envelope."""
        message = payload.get("message")
        if isinstance(message, dict):
            await self.send("message:broadcast", {**message, "sosId": sos}, self.room(sos))
