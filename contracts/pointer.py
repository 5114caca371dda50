"""Values at JSON pointers."""

from __future__ import annotations

import difflib
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


def lacking(document: Any, at: str) -> str | None:
    """What a schema lacks of a pointer; None where it has all of it."""
    for step in at.split("/")[1:]:
        known = document.get("properties", {}) if isinstance(document, dict) else {}
        if step not in known:
            near = difflib.get_close_matches(step, sorted(known), n=1)
            return f"has no field `{step}`" + (f"; did you mean `{near[0]}`?" if near else "")
        document = known[step]
    return None
