"""A token that somebody else signed is believed."""

import time
from typing import Any

import jwt

from conformance.reference.service import TYPE_OF_ROLE, Person, Service


class Lie(Service):
    """A token that somebody else signed is believed."""

    caught_by = "bad-token-is-refused"

    def person(self, token: Any, otherwise: str) -> Person:
        """Tell who shows a token."""
        try:
            claims = jwt.decode(str(token), options={"verify_signature": False})
        except jwt.PyJWTError:
            return super().person(token, otherwise)
        if claims["exp"] < time.time():
            return super().person(token, otherwise)
        return Person(user=claims["identity"]["userId"], kind=TYPE_OF_ROLE[claims["identity"]["role"]])
