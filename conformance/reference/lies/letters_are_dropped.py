"""Letters that are not Latin are dropped."""

from conformance.reference.service import Service


class Lie(Service):
    """Letters that are not Latin are dropped."""

    caught_by = "similar-ids-do-not-mix"

    def room(self, sos: str) -> str:
        """Name a room."""
        return super().room(sos.encode("ascii", "ignore").decode())
