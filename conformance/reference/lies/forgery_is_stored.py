"""A forged message is stored, and told to whoever asks for messages."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """A forged message is stored, and told to whoever asks for messages."""

    caught_by = "client-cannot-forge-broadcast"

    def handlers(self) -> dict[str, Any]:
        """The requests that are handled."""
        return super().handlers() | {"message:broadcast": self.relay}

    async def relay(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Store it, and tell nobody."""
        if isinstance(payload.get("content"), str):
            self.store.add(sos, {name: value for name, value in payload.items() if name != "sosId"})
