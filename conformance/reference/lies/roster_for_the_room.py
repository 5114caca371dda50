"""The roster is told to the whole room."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """The roster is told to the whole room."""

    caught_by = "replies-go-to-the-requester-alone"

    async def answer(self, event: str, payload: Any, sid: str) -> Any:
        """Tell everyone."""
        if event == "participants:active:response":
            await self.io.emit(event, payload, room=self.room(payload["sosId"]))
            return payload
        return await super().answer(event, payload, sid)
