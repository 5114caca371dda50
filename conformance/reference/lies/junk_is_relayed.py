"""What is not understood is passed on to the room."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """What is not understood is passed on to the room."""

    caught_by = "junk-reaches-nobody"

    async def on_event(self, event: str, sid: str, *args: Any) -> Any:
        """Pass junk on."""
        if args and not isinstance(args[0], dict) and event.startswith("message:typing:"):
            for room in set(self.io.rooms(sid)) - {sid}:
                await self.send(event, args[0], room, but=sid)
        return await super().on_event(event, sid, *args)
