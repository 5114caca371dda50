"""A forged message is relayed to everybody but its room."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """A forged message is relayed to everybody but its room."""

    caught_by = "client-cannot-forge-broadcast"

    def handlers(self) -> dict[str, Any]:
        """The requests that are handled."""
        return super().handlers() | {"message:broadcast": self.relay}

    async def relay(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Pass it on to whoever is not in the room."""
        inside = self.members(sos)
        for other in [one for one in self.people if one not in inside]:
            await self.io.emit("message:broadcast", payload, to=other)
