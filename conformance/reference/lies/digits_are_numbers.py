"""Ids of digits are taken for numbers."""

from conformance.reference.service import Service


class Lie(Service):
    """Ids of digits are taken for numbers."""

    caught_by = "similar-ids-do-not-mix"

    def room(self, sos: str) -> str:
        """Name a room by what a double keeps of the number."""
        return super().room(f"{float(sos):.0f}" if sos.isascii() and sos.isdigit() else sos)
