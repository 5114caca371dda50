"""Where a service is and how to reach it, and the tokens that actors show it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from conformance.model import Token

TOKEN_LIFE_S = 3600
"""A minted token outlives any check; deployed services issue tokens of an hour."""

GARBAGE_TOKEN = "not-a-token"
FORGER_KEY = "a key that no service was ever given, long enough for HS256"


class UsageError(Exception):
    """What a person asked for cannot be done; the message says what, where, and what to do."""


class Unreachable(Exception):
    """The target does not answer as a Socket.IO service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Auth:
    """How actors authenticate: a shared HS256 key, from which each gets a token of its own, or one fixed token."""

    key: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)

    @property
    def demanded(self) -> bool:
        """Whether the target was given credentials to show."""
        return self.key is not None or self.token is not None

    def mint(self, user: str, role: str, kind: Token) -> str | None:
        """A token of that kind for a user; None where it is to be left away or cannot be made."""
        match kind:
            case "none":
                return None
            case "garbage":
                return GARBAGE_TOKEN
            case "own":
                return self.token if self.key is None else _signed(self.key, user, role, TOKEN_LIFE_S)
            case "forged":
                return _signed(FORGER_KEY, user, role, TOKEN_LIFE_S)
            case "expired":
                return None if self.key is None else _signed(self.key, user, role, -TOKEN_LIFE_S)

    def user_of(self, user: str) -> str | None:
        """The user id that the service will know a minted token's bearer by."""
        return user if self.key is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A running service."""

    url: str
    api_url: str
    auth: Auth = Auth()
    path: str = "/socket.io/"
    namespace: str = "/"


def target(
    url: str, api_url: str | None = None, auth: Auth | None = None, path: str = "/socket.io/", namespace: str = "/"
) -> Target:
    """Check the addresses and make a target of them.

    Raises:
        UsageError: an address is not an http or https URL.
    """
    return Target(
        url=_checked(url, "URL"),
        api_url=_checked(api_url or url, "--api-url"),
        auth=auth or Auth(),
        path=path,
        namespace=namespace,
    )


def _checked(url: str, what: str) -> str:
    try:
        parts = urlsplit(url)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        port_is_fine, parts = False, urlsplit("")
    odd = any(not letter.isprintable() or letter.isspace() for letter in url) or parts.query or parts.fragment
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_fine or odd:
        raise UsageError(f"{what}: expected an address such as http://127.0.0.1:4001, got {url!r}")
    if parts.username or parts.password:
        raise UsageError(f"{what}: credentials do not belong into an address; use --token or --jwt-key")
    return url.rstrip("/")


def _signed(key: str, user: str, role: str, life_s: int) -> str:
    """An HS256 token with the claims that deployed services read (identity and actor)."""
    import jwt

    now = int(time.time())
    claims: dict[str, Any] = {
        "identity": {"userId": user, "firebaseUid": user, "role": role},
        "actor": {"type": "USER", "cityCode": "RC"},
        "iat": now - TOKEN_LIFE_S * 2 if life_s < 0 else now,
        "exp": now + life_s,
    }
    return jwt.encode(claims, key, algorithm="HS256")
