"""What follows a colon is no part of the room."""

from conformance.reference.service import Service


class Lie(Service):
    """What follows a colon is no part of the room."""

    caught_by = "similar-ids-do-not-mix"

    def room(self, sos: str) -> str:
        """Name a room."""
        return super().room(sos.split(":")[0])
