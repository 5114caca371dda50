"""Where a service reads the token: a key of the handshake's `auth`, a query parameter, a header, a cookie, an event."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias
from urllib.parse import urlencode

from conformance.support.errors import UsageError
from conformance.support.suggest import nearest
from conformance.support.template import unknown_name, written

At: TypeAlias = Literal["auth", "query", "header", "cookie", "event"]

PLACES: dict[str, At] = {"auth": "auth", "query": "query", "header": "header", "cookie": "cookie"}
"""What the first part of `token_in` may be. The event has a table of its own, `token_event`."""

FIELD_NAME = re.compile(r"[!#$%&'*+.^`|~\w-]+", re.ASCII)
"""What the name of a header or a cookie consists of (RFC 9110 §5.6.2, RFC 6265 §4.1.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """What a connection or a call shows of a token, and where."""

    auth: Mapping[str, Any] | None = field(default=None, repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)
    event: tuple[TokenEvent, Any] | None = field(default=None, repr=False)
    """The event that is emitted after connecting, with its payload."""
    place: str = ""
    """Where the token stands, as settings write it; empty where none is shown."""

    def beside(self, auth: Mapping[str, Any], query: Mapping[str, str]) -> Presented:
        """The same with further fields of `auth` and of the query."""
        if not auth and not query:
            return self
        return replace(self, auth={**(self.auth or {}), **auth} or None, query={**self.query, **query})

    def address(self, url: str) -> str:
        """An address with the query."""
        return f"{url}?{urlencode(self.query)}" if self.query else url

    def among(self, headers: Mapping[str, str]) -> dict[str, str]:
        """These headers and its own, which come in place of those of the same name; cookies of both are one header."""
        own = {name.lower() for name in self.headers}
        made = {name: value for name, value in headers.items() if name.lower() not in own} | dict(self.headers)
        if self.cookies:
            name = next((known for known in made if known.lower() == "cookie"), "Cookie")
            pairs = [f"{cookie}={value}" for cookie, value in self.cookies.items()]
            made[name] = "; ".join([made[name], *pairs] if name in made else pairs)
        return made


NOTHING = Presented()


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenEvent:
    """The event by which a client authenticates after connecting, and how the service answers it."""

    name: str
    payload: Any = None
    """A template with {token}."""
    taken: str | None = None
    """The event that says that the token was taken; the ack where None."""
    ack: Mapping[str, Any] = field(default_factory=dict)
    """Values that the ack's first argument has where the token was taken."""
    refused: str | None = None
    """The event that says that it was refused. A service that hangs up refuses it, too."""

    def is_taken(self, args: tuple[Any, ...]) -> bool:
        """Whether an ack with these arguments says that the token was taken."""
        said = args[0] if args else None
        return not self.ack or (
            isinstance(said, dict) and all(name in said and said[name] == value for name, value in self.ack.items())
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPlace:
    """Where a token stands, and in which words."""

    at: At = "auth"
    name: str = "token"
    text: str = "{token}"
    event: TokenEvent | None = None

    @property
    def setting(self) -> str:
        """The place as settings write it."""
        return f"{self.at}.{self.name}"

    @property
    def in_request(self) -> bool:
        """Whether the HTTP requests of the handshake show the token, before a namespace is entered."""
        return self.at in ("query", "header", "cookie")

    def presented(self, token: str | None) -> Presented:
        """What is shown for a token; nothing for none."""
        if token is None:
            return NOTHING
        text = str(written(self.text, {"token": token}))
        match self.at:
            case "auth":
                return Presented(auth={self.name: text}, place=self.setting)
            case "query":
                return Presented(query={self.name: text}, place=self.setting)
            case "header":
                return Presented(headers={self.name: text}, place=self.setting)
            case "cookie":
                return Presented(cookies={self.name: text}, place=self.setting)
            case "event":
                if self.event is None:
                    raise ValueError("an event has to be described")
                return Presented(event=(self.event, written(self.event.payload, {"token": token})), place=self.setting)


IN_AUTH = TokenPlace()
BEARER = TokenPlace(at="header", name="Authorization", text="Bearer {token}")
"""Where HTTP callers show their token unless settings say otherwise (RFC 6750 §2.1)."""


def place_of(text: str, where: str, words: str | None = None) -> TokenPlace:
    """The place that a setting or an option names.

    Args:
        text: `auth.NAME`, `query.NAME`, `header.NAME` or `cookie.NAME`.
        words: the template around the token, which is `Bearer {token}` in the header Authorization.

    Raises:
        UsageError: it names none.
    """
    first, _, name = text.partition(".")
    at = PLACES.get(first)
    if at is None or not name:
        hint = nearest(first, PLACES, "expected auth.NAME, query.NAME, header.NAME or cookie.NAME")
        raise UsageError(f"{where}: {text!r} names no place of a token; {hint}, such as query.token")
    if at in ("header", "cookie") and not FIELD_NAME.fullmatch(name):
        raise UsageError(f"{where}: {name!r} cannot be the name of a {at}")
    usual = BEARER.text if at == "header" and name.lower() == "authorization" else "{token}"
    made = words if words is not None else usual
    wrong = unknown_name(made, ["token"])
    if wrong or "{token}" not in made:
        raise UsageError(f"{where}: {wrong or f'{made!r} has no {{token}}'}")
    return TokenPlace(at=at, name=name, text=made)


def places_of(table: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Where the sockets and the HTTP callers of `[auth]` show their tokens, as arguments of `Auth`.

    Raises:
        UsageError: a place cannot be meant.
    """
    made: dict[str, Any] = {}
    for key, name, words in (
        ("socket_place", "token_in", "token_as"),
        ("caller_place", "caller_token_in", "caller_token_as"),
    ):
        if name in table:
            given = table[name] if isinstance(table[name], list) else [table[name]]
            first, *others = [place_of(one, f"{where}.{name}", table.get(words)) for one in given]
            made |= {key: first, "other_places": tuple(others)} if others else {key: first}
        elif words in table:
            raise UsageError(f"{where}.{words}: says nothing without {name}")
    if made.get("caller_place", BEARER).at == "auth":
        raise UsageError(f"{where}.caller_token_in: an HTTP call has no auth; expected query, header or cookie")
    if "token_event" in table:
        if "token_in" in table:
            raise UsageError(f"{where}: token_in and token_event: give one of them")
        made["socket_place"] = _of_event(table["token_event"], f"{where}.token_event")
    return made


def _of_event(table: Mapping[str, Any], where: str) -> TokenPlace:
    payload = table.get("payload", {"token": "{token}"})
    wrong = unknown_name(payload, ["token"])
    if wrong or "{token}" not in repr(payload):
        raise UsageError(f"{where}.payload: {wrong or 'it has no {token}'}")
    if "taken" in table and "ack" in table:
        raise UsageError(f"{where}: taken and ack: the service answers by an event or by an ack; give one of them")
    event = TokenEvent(
        name=table["event"],
        payload=payload,
        taken=table.get("taken"),
        ack=table.get("ack", {}),
        refused=table.get("refused"),
    )
    return TokenPlace(at="event", name=event.name, event=event)
