"""What a client emits as a message broadcast is relayed."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """What a client emits as a message broadcast is relayed."""

    caught_by = "client-cannot-forge-broadcast"

    def handlers(self) -> dict[str, Any]:
        """The requests that are handled."""
        return super().handlers() | {"message:broadcast": self.relay}

    async def relay(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Pass it on."""
        await self.send("message:broadcast", payload, self.room(sos))
