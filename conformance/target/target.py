"""Where a service is and how to reach it: addresses, TLS, identities, triggers, observers."""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias
from urllib.parse import urlsplit

from conformance.model.act import Token
from conformance.model.ids import FORMS, Form
from conformance.support.errors import UsageError
from conformance.support.template import written
from conformance.target.token_place import BEARER, IN_AUTH, NOTHING, Presented, TokenPlace
from conformance.target.triggers import DOCUMENTED, Triggers
from contracts.ids import number_of

TOKEN_LIFE_S = 3600
"""A minted token outlives any check; deployed services issue tokens of an hour."""

CONNECT_S = 10.0
"""How long a connection may take: Engine.IO's own upgrade limit (`upgradeTimeout`)."""

CALL_S = 10.0
"""How long an HTTP call may take before it counts as unanswered: the limit of common load balancers' health checks."""

GARBAGE_TOKEN = "not-a-token"
FORGER_KEY = "a key that no service was ever given, long enough for HS256"

CLAIMS: Mapping[str, Any] = {
    "sub": "{user_id}",
    "identity": {"userId": "{user_id}", "firebaseUid": "{user_id}", "role": "{role}"},
    "actor": {"type": "USER", "cityCode": "RC"},
}
"""What deployed services read of a token: the subject (RFC 7519, 4.1.2), or nested claims of identity and actor."""

CLAIM_NAMES = ["role", "sos_id", "user_id"]
"""What a template of claims, or the words of a command, may ask for."""

Parser: TypeAlias = Literal["default", "msgpack"]
"""How packets are written: as Socket.IO does by itself, or as socket.io-msgpack-parser does."""

Kind: TypeAlias = Literal["none", "token", "command", "jwt"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who a token is for; `sos` is the room's subject that the holder is concerned with."""

    user: str
    role: str
    sos: str = ""
    has_number: bool = False
    """Whether tokens name the user by an integer, of which `user` is the digits."""

    def fields(self) -> dict[str, Any]:
        """What templates may ask for."""
        user = number_of(self.user) if self.has_number else self.user
        return {"user_id": user, "role": self.role, "sos_id": self.sos}


@dataclass(frozen=True, slots=True, kw_only=True)
class Auth:
    """How actors authenticate: minted tokens of a key, fixed ones, or those that a command prints."""

    key: str | None = field(default=None, repr=False)
    """The shared secret, or the PEM private key, that tokens are minted with."""
    token: str | None = field(default=None, repr=False)
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Fixed tokens by role."""
    command: tuple[str, ...] = ()
    algorithm: str = "HS256"
    claims: Mapping[str, Any] = field(default_factory=lambda: CLAIMS)
    key_id: str | None = None
    issuer: str | None = None
    audience: str | None = None
    life_s: int = TOKEN_LIFE_S
    socket_role: str | None = None
    caller_role: str | None = None
    socket_place: TokenPlace = IN_AUTH
    """Where sockets show their token."""
    other_places: tuple[TokenPlace, ...] = ()
    """Further places in which sockets may show theirs: each does so in one of them."""
    caller_place: TokenPlace = BEARER
    """Where HTTP callers show theirs."""

    def place_of(self, turn: int) -> TokenPlace:
        """The place in which a socket shows its token, of all that there are by turns."""
        places = (self.socket_place, *self.other_places)
        return places[turn % len(places)]

    @property
    def kind(self) -> Kind:
        """Which way tokens are come by."""
        if self.key is not None:
            return "jwt"
        if self.command:
            return "command"
        return "token" if self.token is not None or self.tokens else "none"

    @property
    def demanded(self) -> bool:
        """Whether the target was given credentials to show."""
        return self.kind != "none"

    @property
    def of_each_room(self) -> bool:
        """Whether a token speaks of one room's subject."""
        return "{sos_id}" in repr(self.claims) or any("{sos_id}" in word for word in self.command)

    def fixed(self, role: str) -> str | None:
        """The fixed token of a role."""
        found = {name.upper(): token for name, token in self.tokens.items()}
        return found.get(role.upper(), self.token)

    def is_fresh(self, minted_s: float) -> bool:
        """Whether a token that was minted at a Unix time can be shown for a while, by the clock as it is now."""
        return self.kind != "jwt" or 0 <= time.time() - minted_s < self.life_s / 2

    def signed(self, person: Person, key: Any, kind: Token = "own") -> str:
        """A token with the claims of the template, living or expired."""
        import jwt

        now = int(time.time())
        life_s = -self.life_s if kind == "expired" else self.life_s
        claims: dict[str, Any] = written(dict(self.claims), person.fields())
        if self.claims == CLAIMS:
            claims["sub"] = person.user  # A text, even where users are numbers (RFC 7519, 4.1.2).
        claims |= {"iat": now - 2 * self.life_s if life_s < 0 else now, "exp": now + life_s}
        claims |= {"iss": self.issuer} if self.issuer else {}
        claims |= {"aud": self.audience} if self.audience else {}
        return jwt.encode(claims, key, algorithm=self.algorithm, headers={"kid": self.key_id} if self.key_id else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A running service: one node or several, and an HTTP API at each of them or elsewhere."""

    urls: tuple[str, ...]
    api_url: str | None = None
    """None where the API is at the nodes."""
    auth: Auth = Auth()
    path: str = "/socket.io/"
    namespace: str = "/"
    parser: Parser = "default"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    triggers: Triggers = DOCUMENTED
    observers: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The settings of observers; each reads its own."""
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    connect_s: float = CONNECT_S
    call_s: float = CALL_S
    wait_for_s: float = 0.0
    deadlines: Mapping[str, int] = field(default_factory=dict)
    """Milliseconds in place of the contracts' deadlines, by event."""
    name: str = ""
    """Its name in the settings."""
    trigger_headers: tuple[str, ...] = ()
    """Names of headers that triggers need, and nothing else gets: an internal secret would open other doors."""
    gates: tuple[str, ...] = ()
    """What a load must keep."""
    id_forms: tuple[Form, ...] = FORMS
    """The forms of room ids that are tried besides `RC-...`."""
    knock: Presented = field(default=NOTHING, repr=False)
    """What the requests of a handshake show that enters no namespace: the token, where it stands in requests."""
    direct: bool = False
    """Whether proxies of the environment are passed by: what this process serves itself is never behind one."""

    @property
    def url(self) -> str:
        """The address of the first node."""
        return self.urls[0]

    @property
    def where(self) -> str:
        """The table of the settings that describes it, or could."""
        return f"targets.{self.name or 'NAME'}"

    @property
    def api_urls(self) -> tuple[str, ...]:
        """Where HTTP calls can be made."""
        return (self.api_url,) if self.api_url else self.urls

    def common_headers(self) -> dict[str, str]:
        """The headers that go with every request: all but those that a trigger alone needs."""
        own = {name.lower() for name in self.trigger_headers}
        return {name: value for name, value in self.headers.items() if name.lower() not in own}


def target(
    url: str, api_url: str | None = None, auth: Auth | None = None, path: str = "/socket.io/", namespace: str = "/"
) -> Target:
    """Check the addresses and make a target of them.

    Raises:
        UsageError: an address is not an http or https URL.
    """
    return Target(
        urls=(address(url, "URL"),),
        api_url=address(api_url, "--api-url") if api_url else None,
        auth=auth or Auth(),
        path=path,
        namespace=namespace,
    )


def _without_secrets(url: str) -> str:
    """An address that is wrong, as it can be shown: credentials and a query may be secrets."""
    place = re.split("[?#]", re.sub(r"//[^/]*@", "//...@", url), maxsplit=1)[0]
    return place if place == url else f"{place}..."


def address(url: str, what: str) -> str:
    """An address, checked.

    Raises:
        UsageError: it is none, or holds credentials.
    """
    try:
        parts = urlsplit(url)
        place_is_fine = parts.port is None or parts.port > 0
        (parts.hostname or "").encode("idna")  # Which refuses a part of the name that is empty or too long.
    except ValueError:
        place_is_fine, parts = False, urlsplit("")
    odd = any(not letter.isprintable() or letter.isspace() for letter in url) or parts.query or parts.fragment
    if parts.username or parts.password:
        raise UsageError(f"{what}: credentials are not allowed in an address; use a token, or [auth] of the settings")
    if parts.scheme not in ("http", "https") or not parts.hostname or not place_is_fine or odd:
        raise UsageError(f"{what}: expected an address such as http://127.0.0.1:4001, got {_without_secrets(url)!r}")
    return url.rstrip("/")
