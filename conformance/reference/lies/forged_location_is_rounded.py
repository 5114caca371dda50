"""A forged location is relayed in round figures."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """A forged location is relayed in round figures."""

    caught_by = "client-cannot-forge-broadcast"

    def handlers(self) -> dict[str, Any]:
        """The requests that are handled."""
        return super().handlers() | {"location:broadcast": self.relay}

    async def relay(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Keep nothing of it but the place."""
        if isinstance(payload.get("latitude"), float) and isinstance(payload.get("longitude"), float):
            place = {"latitude": round(payload["latitude"], 4), "longitude": round(payload["longitude"], 4)}
            said = {"sosId": sos, "userId": self.people[sid].user, **place, "accuracy": 1}
            await self.send("location:broadcast", said, self.room(sos), but=sid)
