"""Who a socket or an HTTP caller is: the token that it shows, in the places in which the target says it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any, Literal, TypeAlias
from urllib.parse import parse_qs

import jwt

from conformance.target.target import Auth
from conformance.target.token_place import TokenEvent, TokenPlace
from contracts.pointer import pointed

Fault: TypeAlias = Literal["none", "garbage", "forged", "expired"]
"""What is wrong with a token, in the words of `contracts.refusal.REASONS`."""

UNVERIFIED = {"verify_signature": False, "verify_exp": False, "verify_aud": False, "verify_iss": False}


class Refused(Exception):
    """A connection or a call is refused for its token."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a connection or a call shows."""

    auth: Any = None
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """Names in lower case."""

    def at(self, place: TokenPlace) -> str | None:
        """The token in one place; None where there is none."""
        match place.at:
            case "auth":
                value = self.auth.get(place.name) if isinstance(self.auth, dict) else None
            case "query":
                value = self.query.get(place.name)
            case "header":
                value = self.headers.get(place.name.lower())
            case "cookie":
                value = _cookie(self.headers.get("cookie", ""), place.name)
            case "event":
                value = None
        if not isinstance(value, str) or not value:
            return None
        before, _, after = place.text.partition("{token}")
        if not value.lower().startswith(before.lower()) or not value.endswith(after):
            return None
        return value[len(before) : len(value) - len(after)] or None


def shown_by(environ: Mapping[str, Any], auth: Any) -> Shown:
    """What the handshake of a connection shows."""
    headers = {
        name[5:].replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_") and isinstance(value, str)
    }
    query = {name: values[0] for name, values in parse_qs(str(environ.get("QUERY_STRING", ""))).items()}
    return Shown(auth=auth, query=query, headers=headers)


def _cookie(header: str, name: str) -> str | None:
    try:
        found = SimpleCookie(header).get(name)
    except CookieError:
        return None
    return found.value if found else None


class Gate:
    """Verifies tokens as the settings of a target describe them; without credentials anybody is let in."""

    def __init__(self, auth: Auth) -> None:
        self.auth = auth
        self._fixed = {token for token in (auth.token, *auth.tokens.values()) if token is not None}
        self._key = _public(auth.key) if auth.key is not None else None
        self._at = next(_paths(auth.claims, "{user_id}"), "/sub")

    @property
    def demands(self) -> bool:
        """Whether a token has to be shown."""
        return self._key is not None or bool(self._fixed)

    @property
    def event(self) -> TokenEvent | None:
        """The event by which sockets show their token after connecting; None where the handshake has it."""
        return self.auth.socket_place.event if self.demands else None

    def user_by(self, payload: Any) -> str | None:
        """The user whose token the payload of that event shows; None where it names nobody.

        Raises:
            Refused: it is missing or bad.
        """
        event = self.auth.socket_place.event
        at = next(_paths(event.payload, "{token}"), None) if event is not None else None
        token = pointed(payload, at) if at is not None else None
        return self._verified(token if isinstance(token, str) and token else None)

    def user(self, shown: Shown, *, caller: bool = False) -> str | None:
        """The user whose token is shown; None where none is, or it names nobody.

        Raises:
            Refused: a token is demanded, and it is missing or bad.
        """
        own = (self.auth.socket_place, *self.auth.other_places)
        found = (shown.at(place) for place in ((self.auth.caller_place,) if caller else own))
        return self._verified(next(filter(None, found), None))

    def _verified(self, token: str | None) -> str | None:
        if self._fixed:
            if token not in self._fixed:
                raise Refused("none" if token is None else "forged")
            return None
        if token is None:
            if self.demands:
                raise Refused("none")
            return None
        return self._named(self._claims(token))

    def _claims(self, token: str) -> Any:
        if self._key is None:
            try:
                return jwt.decode(token, options=UNVERIFIED)  # type: ignore[arg-type]
            except jwt.PyJWTError:
                return {}
        auth = self.auth
        try:
            return jwt.decode(
                token,
                self._key,
                algorithms=[auth.algorithm],
                audience=auth.audience,
                issuer=auth.issuer,
                options={"require": ["exp"], "verify_aud": auth.audience is not None},
            )
        except jwt.ExpiredSignatureError as error:
            raise Refused("expired") from error
        except jwt.InvalidSignatureError as error:
            raise Refused("forged") from error
        except jwt.PyJWTError as error:
            raise Refused("garbage") from error

    def _named(self, claims: Any) -> str | None:
        value = pointed(claims, self._at)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return value if isinstance(value, str) and value else None


def _paths(template: Any, wanted: str, at: str = "") -> Iterator[str]:
    """Where a template of claims has a placeholder by itself, as pointers."""
    if template == wanted:
        yield at
    elif isinstance(template, Mapping):
        for name, inner in template.items():
            yield from _paths(inner, wanted, f"{at}/{name}")


def _public(key: str) -> Any:
    """What tokens of a key are verified with: the secret itself, or the public half of a PEM."""
    if "PRIVATE KEY" not in key:
        return key
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    return load_pem_private_key(key.encode(), None).public_key()
