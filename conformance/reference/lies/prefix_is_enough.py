"""An id that ends in 2 shares the room of what is before it."""

from conformance.reference.service import Service


class Lie(Service):
    """An id that ends in 2 shares the room of what is before it."""

    caught_by = "similar-ids-do-not-mix"

    def room(self, sos: str) -> str:
        """Name a room."""
        return super().room(sos.removesuffix("2"))
