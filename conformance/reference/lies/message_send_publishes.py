"""A message can be sent by socket."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """A message can be sent by socket."""

    caught_by = "retired-request-does-nothing"

    def handlers(self) -> dict[str, Any]:
        """The requests that are handled."""
        return super().handlers() | {"message:send": self.by_socket}

    async def by_socket(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Publish what a socket sent."""
        await self.publish(sos, {"senderType": "citizen", "senderId": None, **self.checked_message(payload)})
