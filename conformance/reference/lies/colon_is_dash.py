"""A colon is as good as a dash."""

from conformance.reference.service import Service


class Lie(Service):
    """A colon is as good as a dash."""

    caught_by = "similar-ids-do-not-mix"

    def room(self, sos: str) -> str:
        """Name a room."""
        return super().room(sos.replace(":", "-"))
