"""What a token that somebody else has signed says of its bearer."""

from __future__ import annotations

from typing import Any


def names(token: str, user: str) -> bool:
    """Whether a JWT names the user anywhere in its claims, so that the service will know its bearer by it."""
    import jwt

    try:
        claims: Any = jwt.decode(token, options={"verify_signature": False})
    except jwt.PyJWTError:
        return False
    return _holds(claims, user)


def _holds(value: Any, wanted: str) -> bool:
    if isinstance(value, dict):
        return any(_holds(inner, wanted) for inner in value.values())
    if isinstance(value, list):
        return any(_holds(inner, wanted) for inner in value)
    return bool(value == wanted)
