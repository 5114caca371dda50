"""A location is passed on unchecked."""

from typing import Any

from conformance.reference.service import Service
from conformance.reference.store import now_ms


class Lie(Service):
    """A location is passed on unchecked."""

    caught_by = "bad-request-has-no-effect"

    async def location(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Tell the room where a device says that it is."""
        place = {name: payload.get(name) for name in ("latitude", "longitude", "accuracy")}
        said = {"sosId": sos, "userId": self.people[sid].user, **place, "timestamp": now_ms()}
        await self.send("location:broadcast", said, self.room(sos))
