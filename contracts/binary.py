"""Binary values in documents that are JSON: `{"$binary": "AQL/"}`, an object with the one key `$binary` and base64.

Transcripts, journals, examples and messages write what travels as an attachment (or as MessagePack's `bin`) in this
form. An object of that very shape which travelled as JSON has one `$` more in its key, so that neither is taken for the
other: `{"$$binary": "AQL/"}`.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

KEY = "$binary"
"""The key of the form."""

LITERAL = re.compile(r"\$+binary")
"""Keys that are written with one `$` more where they travelled as JSON."""

NOT_THE_FORM = {"required": [KEY], "maxProperties": 1, "properties": {KEY: {"type": "string"}}}
"""The schema of the form: what is binary is no object."""


def binary(data: bytes | bytearray | memoryview) -> dict[str, str]:
    """The form of bytes."""
    return {KEY: base64.b64encode(data).decode()}


def is_binary(value: object) -> bool:
    """Whether a value has the form, whatever text is in it."""
    return isinstance(value, dict) and len(value) == 1 and isinstance(value.get(KEY), str)


def bytes_of(value: object) -> bytes | None:
    """The bytes of a value that has the form; None where it has not, or its text is no base64 as it is written here."""
    if not isinstance(value, dict) or not is_binary(value):
        return None
    try:
        data = base64.b64decode(value[KEY], validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if binary(data) == value else None


def holds_binary(value: object) -> bool:
    """Whether anything in a value has the form or that of a literal, at whatever depth."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            if len(one) == 1 and LITERAL.fullmatch(next(iter(one))):
                return True
            waiting += one.values()
        elif isinstance(one, list | tuple):
            waiting += one
    return False


def attachments_count(value: object) -> int:
    """How many attachments a value has."""
    waiting, count = [value], 0
    while waiting:
        one = waiting.pop()
        if is_binary(one):
            count += 1
        elif isinstance(one, Mapping):
            waiting += one.values()
        elif isinstance(one, list | tuple):
            waiting += one
    return count


def holds_no_base64(value: object) -> bool:
    """Whether anything in a value has the form with a text that is no base64, so that it cannot travel."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if is_binary(one):
            if bytes_of(one) is None:
                return True
        elif isinstance(one, Mapping):
            waiting += one.values()
        elif isinstance(one, list | tuple):
            waiting += one
    return False


def to_wire(value: Any) -> Any:
    """A value as it travels: bytes in place of the form, and literals with their own keys.

    Raises:
        ValueError: a text in the form is no base64.
    """
    if isinstance(value, dict):
        if is_binary(value):
            data = bytes_of(value)
            if data is None:
                raise ValueError(f"{KEY} holds no base64: {value[KEY][:40]!r}")
            return data
        made = {}
        for name, inner in value.items():
            made[name[1:] if _is_literal(value) else name] = to_wire(inner)
        return made
    if isinstance(value, list | tuple):
        items = []
        for inner in value:  # No comprehension: its frames would halve the depth that a value may have.
            items.append(to_wire(inner))
        return items
    return value


def from_wire(value: Any) -> Any:
    """A value that has travelled: the form in place of bytes, and texts as JSON has them in place of times."""
    if isinstance(value, dict):
        made = {}
        literal = _is_literal(value)
        for name, inner in value.items():
            made[f"${name}" if literal else name] = from_wire(inner)
        return made
    if isinstance(value, list | tuple):
        items = []
        for inner in value:
            items.append(from_wire(inner))
        return items
    if isinstance(value, bytes | bytearray | memoryview):
        return binary(value)
    return time_text(value) if isinstance(value, datetime) else value


def time_text(at: datetime) -> str:
    """A time as `JSON.stringify` writes it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _is_literal(value: Mapping[Any, Any]) -> bool:
    if len(value) != 1:
        return False
    ((name, inner),) = value.items()
    return isinstance(name, str) and LITERAL.fullmatch(name) is not None and isinstance(inner, str)


def described(value: object) -> str | None:
    """What a value is that stands in place of binary data, where that is known; None otherwise."""
    if isinstance(value, dict) and value.get("type") == "Buffer" and isinstance(value.get("data"), list):
        return "the JSON of a Node.js Buffer, not an attachment"
    if isinstance(value, str) and value:
        try:
            base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            return "a string, not an attachment"
        return "a base64 string, not an attachment"
    if isinstance(value, list) and value and all(isinstance(one, int) for one in value):
        return "an array of numbers, not an attachment"
    return None
