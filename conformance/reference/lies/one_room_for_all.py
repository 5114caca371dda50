"""All share one room."""

from conformance.reference.service import Service


class Lie(Service):
    """All share one room."""

    caught_by = "rooms-are-isolated"

    def room(self, sos: str) -> str:
        """Name a room."""
        return super().room("all")
