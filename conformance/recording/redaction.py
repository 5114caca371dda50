"""Finds the secrets in what clients and services send each other, so that they can be covered in what is written down.

A value is a secret by its name (`token`, `password`), by its place (`Authorization`, a cookie) or by its form (a JWT).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl

from conformance.target.secrets import Secrets

SECRET_NAME = re.compile(
    r"token|secret|passw|passphrase|authori[sz]ation|cookie|jwt|credential|api_?-?key|private_?-?key|access_?-?key"
    r"|csrf|xsrf|^auth$|session_?-?id|^sig(nature)?$|^otp$|^pin$",
    re.IGNORECASE,
)
"""Names of fields, headers and parameters whose texts are secrets."""

JWT = re.compile(r"eyJ[\w-]{8,}\.[\w-]+\.[\w-]*")
"""A JSON Web Token, wherever it stands."""

NO_SECRETS = frozenset(("eio", "transport", "sid", "t", "b64", "j"))
"""Parameters of Engine.IO itself."""

SECRET_HEADERS = frozenset(("authorization", "proxy-authorization", "cookie", "set-cookie"))

LEAST_COOKIE = 8
"""Shorter values of cookies are flags such as `lang=en`."""

MOST_DEPTH = 200
"""Of a value that is searched; what is deeper is no form that people write."""


def shows_token(value: Any) -> bool:
    """Whether anything in what a client presents may be a token."""
    return any(True for _ in secrets_in(value))


def secrets_in(value: Any, name: str = "") -> Iterator[str]:
    """The secrets in a JSON value: texts under the name of one, and JWTs."""
    waiting = [(value, name, 0)]
    while waiting:
        one, under, depth = waiting.pop()
        if isinstance(one, str):
            if SECRET_NAME.search(under):
                yield one.removeprefix("Bearer ")
            elif "eyJ" in one:
                yield from JWT.findall(one)
        elif depth < MOST_DEPTH and isinstance(one, dict):
            waiting += [(inner, key, depth + 1) for key, inner in one.items() if isinstance(key, str)]
        elif depth < MOST_DEPTH and isinstance(one, list | tuple):
            waiting += [(inner, under, depth + 1) for inner in one]


def secrets_of_query(query: str) -> Iterator[str]:
    """The secrets in the query of an address."""
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name.lower() not in NO_SECRETS:
            yield from secrets_in(value, name)


def secrets_of_headers(headers: Iterable[tuple[bytes, bytes]]) -> Iterator[str]:
    """The secrets in the headers of a request or an answer."""
    for raw_name, raw in headers:
        name, value = raw_name.decode("latin-1").lower(), raw.decode("utf-8", "replace")
        if name in ("cookie", "set-cookie"):
            pairs = value.split(";") if name == "cookie" else value.split(";")[:1]
            texts = (pair.partition("=")[2].strip().strip('"') for pair in pairs)
            yield from (text for text in texts if len(text) >= LEAST_COOKIE)
        elif name in SECRET_HEADERS:
            yield from _of_authorization(value)
        elif not name.startswith(("access-control-", "sec-websocket-")):
            yield from secrets_in(value, name)


def _of_authorization(value: str) -> Iterator[str]:
    scheme, _, rest = value.partition(" ")
    yield rest.strip() or scheme
    if scheme.lower() == "basic":
        try:
            yield base64.b64decode(rest).decode().partition(":")[2]
        except (binascii.Error, ValueError):
            return


def learn(secrets: Secrets, found: Iterable[str]) -> None:
    """Add what was found to the secrets that are covered."""
    secrets.add(*found)
