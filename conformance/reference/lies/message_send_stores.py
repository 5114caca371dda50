"""A message that is sent by socket is stored, if not broadcast."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """A message that is sent by socket is stored, if not broadcast."""

    caught_by = "retired-request-does-nothing"

    def handlers(self) -> dict[str, Any]:
        """The requests that are handled."""
        return super().handlers() | {"message:send": self.by_socket}

    async def by_socket(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Store what a socket sent."""
        self.store.add(sos, {"senderType": "citizen", "senderId": None, **self.checked_message(payload)})
