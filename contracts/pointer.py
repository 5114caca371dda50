"""Values at JSON pointers."""

from __future__ import annotations

from typing import Any


def pointed(document: Any, pointer: str) -> Any:
    """The value at a JSON pointer (RFC 6901, without escapes), or None where nothing is."""
    value = document
    for step in filter(None, pointer.split("/")):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value
