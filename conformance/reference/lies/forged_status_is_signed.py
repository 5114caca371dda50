"""A forged status is relayed with the name of the client that forged it."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """A forged status is relayed with the name of the client that forged it."""

    caught_by = "client-cannot-forge-broadcast"

    def handlers(self) -> dict[str, Any]:
        """The requests that are handled."""
        return super().handlers() | {"sos:status:broadcast": self.relay}

    async def relay(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Keep nothing of it but the status."""
        said = {"sosId": sos, "status": payload.get("status"), "updatedBy": self.people[sid].user}
        await self.send("sos:status:broadcast", said, self.room(sos), but=sid)
