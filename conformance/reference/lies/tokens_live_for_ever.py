"""An expired token is believed."""

from typing import Any

import jwt

from conformance.reference.service import TYPE_OF_ROLE, Person, Service


class Lie(Service):
    """An expired token is believed."""

    caught_by = "bad-token-is-refused"

    def person(self, token: Any, otherwise: str) -> Person:
        """Tell who shows a token."""
        try:
            claims = jwt.decode(str(token), self.key or "", algorithms=["HS256"], options={"verify_exp": False})
        except jwt.PyJWTError:
            return super().person(token, otherwise)
        return Person(user=claims["identity"]["userId"], kind=TYPE_OF_ROLE[claims["identity"]["role"]])
