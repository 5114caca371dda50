"""Who has no token is let in."""

from typing import Any

from conformance.reference.service import Person, Service


class Lie(Service):
    """Who has no token is let in."""

    caught_by = "bad-token-is-refused"

    def person(self, token: Any, otherwise: str) -> Person:
        """Tell who shows a token."""
        return Person(user=otherwise) if token is None else super().person(token, otherwise)
