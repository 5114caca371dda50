"""The retired way in is still open to messages in an envelope."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """The retired way in is still open to messages in an envelope."""

    caught_by = "retired-request-does-nothing"

    def handlers(self) -> dict[str, Any]:
        """The requests that are handled."""
        return super().handlers() | {"message:send": self.relay}

    async def relay(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Publish what is in the envelope, in capitals."""
        message = payload.get("data")
        if isinstance(message, dict) and isinstance(message.get("content"), str):
            said = {"sosId": sos, "text": message["content"].upper()}
            await self.send("message:sent", said, self.room(sos))
