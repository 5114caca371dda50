"""HTTP calls need no token."""

from starlette.requests import Request

from conformance.reference.guide import Bad
from conformance.reference.service import Person, Service


class Lie(Service):
    """HTTP calls need no token."""

    caught_by = "bad-token-is-401"

    def caller(self, request: Request) -> Person:
        """Let everybody call."""
        try:
            return super().caller(request)
        except Bad:
            return Person(user="anonymous")
