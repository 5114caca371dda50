"""A forged participant is told to the room under another name."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """A forged participant is told to the room under another name."""

    caught_by = "client-cannot-forge-broadcast"

    def handlers(self) -> dict[str, Any]:
        """The requests that are handled."""
        return super().handlers() | {"participant:joined:broadcast": self.relay}

    async def relay(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Tell it by the name that was built."""
        who = {name: payload.get(name, "") for name in ("userId", "userType", "displayName")}
        await self.send("participant:joined", {"sosId": sos, **who}, self.room(sos))
