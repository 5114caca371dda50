"""Rooms are named with a dash, as they used to be."""

from conformance.reference.service import Service


class Lie(Service):
    """Rooms are named with a dash, as they used to be."""

    caught_by = "room-is-named-as-documented"

    def room(self, sos: str) -> str:
        """Name a room."""
        return f"sos-{sos}"
