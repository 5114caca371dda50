"""Ids that differ in case share a room."""

from conformance.reference.service import Service


class Lie(Service):
    """Ids that differ in case share a room."""

    caught_by = "similar-ids-do-not-mix"

    def room(self, sos: str) -> str:
        """Name a room."""
        return super().room(sos.lower())
