"""Keeps secrets out of everything that is written: what a service echoes is covered before anybody reads it."""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64encode
from typing import Any
from urllib.parse import quote, quote_plus

import msgspec

from conformance.model.transcript import Transcript

COVER = "(secret)"
LEAST_CHARACTERS = 4
"""Shorter than this a text guards nothing, and covering it would spoil what has nothing to do with it."""

TOKEN = b"eyJ"
"""How every JWT begins: `{"` in base64."""

JWT = re.compile(r"(?<![A-Za-z0-9_-])(eyJ[A-Za-z0-9_-]{8,})\.(eyJ[A-Za-z0-9_-]{8,})\.([A-Za-z0-9_-]{16,})")
"""A signed token, whoever has made it. Head and claims are objects in base64url; 16 characters are half of the shortest
signature that is in use, so that a name with dots in it is none."""

UNKNOWN = "covered-"
"""What the claims of a covered token of somebody else begin with."""

TOKEN_TEXT = TOKEN.decode()

QUERY_SAFE = "!$'()*,/:?@"
"""What the HTTP client leaves as it is in the query of an address (RFC 3986 §3.4, less what separates parameters)."""


class Secrets:
    """The tokens, keys, passwords and header values of a run."""

    def __init__(self, *values: str | None) -> None:
        self._values: set[str] = set()
        self.add(*values)

    def add(self, *values: str | None) -> None:
        """Take more of them."""
        found = (value.strip() for value in values if value)
        for value in (value for value in found if len(value) >= LEAST_CHARACTERS):
            # An error of a client may show the address of a request, in whose query it is encoded.
            self._values.update({value, quote(value, safe=""), quote_plus(value), quote(value, safe=QUERY_SAFE)})

    def covered(self, text: str) -> str:
        """The text without secrets."""
        # The longest first: a key may be a part of a header's value.
        for value in sorted(filter(text.__contains__, self._values), key=len, reverse=True):
            text = text.replace(value, COVER)
        return JWT.sub(_of_others, text) if TOKEN_TEXT in text else text

    def cover(self, value: Any) -> Any:
        """A JSON value without secrets."""
        # Without comprehensions: their frames would halve the depth that a payload may have.
        match value:
            case str():
                return self.covered(value)
            case dict():
                fields = {}
                for key, inner in value.items():
                    fields[self.covered(str(key))] = self.cover(inner)
                return fields
            case list() | tuple():
                items = []
                for inner in value:
                    items.append(self.cover(inner))
                return items
            case _:
                return value

    def cover_transcript(self, transcript: Transcript) -> Transcript:
        """A transcript without secrets; itself where it has none, as almost all do."""
        try:
            encoded = msgspec.json.encode(transcript)
            # A run has a token for each actor: all of them are looked for only where there is any at all.
            tokens = TOKEN in encoded
            if not any(_in_json(v) in encoded for v in self._values if tokens or not v.startswith(TOKEN_TEXT)) and not (
                tokens and JWT.search(encoded.decode())
            ):
                return transcript
        except (UnicodeEncodeError, RecursionError):
            pass  # What JSON cannot hold is covered value by value.
        return msgspec.convert(self.cover(msgspec.to_builtins(transcript)), Transcript)


def _of_others(found: re.Match[str]) -> str:
    """In place of a token that the run did not make.

    Its head, which names the algorithm, and its lengths stay, and other tokens become other texts: a schema or a rule
    that the token keeps is kept by what stands for it.
    """
    head, claims, signature = found.groups()
    filling = urlsafe_b64encode(hashlib.sha256(found[0].encode()).digest()).decode().rstrip("=")
    covered = UNKNOWN + filling * (len(claims) // len(filling) + 1)
    return f"{head}.{covered[: len(claims)]}.{(filling * (len(signature) // len(filling) + 1))[: len(signature)]}"


def _in_json(text: str) -> bytes:
    return msgspec.json.encode(text)[1:-1]
