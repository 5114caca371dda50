"""The roster leaves out who joined first."""

from conformance.reference.service import Service


class Lie(Service):
    """The roster leaves out who joined first."""

    caught_by = "roster-is-true"

    def members(self, sos: str) -> list[str]:
        """Leave one out."""
        members = super().members(sos)
        return members[1:] if len(members) > 2 else members
