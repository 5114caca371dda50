"""References of a schema that lead to no schema: by `$ref` alone back to themselves, or to what is not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Where = tuple[str | int, ...]
PREFIX = "#/$defs/"
IN_PLACE = ("allOf", "anyOf", "oneOf")
"""Keywords whose schemas are about the same value."""

DATA = ("examples", "enum", "const", "default")
"""Keys whose values are no schemas."""


def reference_faults(node: Any, where: Where = (), defs: dict[str, Any] | None = None) -> Iterator[tuple[Where, str]]:
    """Where a reference leads nowhere, and why."""
    if isinstance(node, list):
        for number, inner in enumerate(node):
            yield from reference_faults(inner, (*where, number), defs)
    if not isinstance(node, dict):
        return
    known = node["$defs"] if isinstance(node.get("$defs"), dict) else defs or {}
    name = _named(node)
    if name is not None and name not in known:
        yield (*where, "$ref"), f"`{PREFIX}{name}` is not there{_hint(known)}"
    elif name is not None and "$defs" not in where and _leads_to(known, known[name], name, set()):
        message = f"`{PREFIX}{name}` refers to itself and to nothing else: a reference has to lead to a schema"
        yield (*where, "$ref"), message
    for key, inner in node.items():
        if key not in DATA:
            yield from reference_faults(inner, (*where, key), known)


def _named(node: dict[str, Any]) -> str | None:
    """The name in `$defs` that a schema refers to."""
    at = node.get("$ref")
    return at.removeprefix(PREFIX) if isinstance(at, str) and at.startswith(PREFIX) else None


def _leads_to(defs: dict[str, Any], node: Any, wanted: str, seen: set[str]) -> bool:
    """Whether a schema refers to a name without a step into the value in between."""
    if not isinstance(node, dict):
        return False
    name = _named(node)
    if name == wanted:
        return True
    inner = [one for key in IN_PLACE for one in node.get(key, ()) if isinstance(node.get(key), list)]
    if name is not None and name not in seen:
        seen.add(name)
        inner.append(defs.get(name))
    return any(_leads_to(defs, one, wanted, seen) for one in inner)


def _hint(known: dict[str, Any]) -> str:
    return f"; known here: {', '.join(known)}" if known else "; the schema has no `$defs`"
