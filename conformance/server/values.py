"""Values for what the service sends: what is known of its cause, laid over an example or a generated payload."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from contracts.binary import is_binary, time_text
from contracts.pointer import pointed
from contracts.schema import Schema, kinds
from contracts.valid_values import valid_values

MOST_SCHEMAS = 4096
"""How many schemas are kept with what was made of them: more than any bundle has."""

NOTES = {"title", "description", "$comment"}
"""Keywords that say nothing of a value."""

MOST_REFERENCES = 12
"""How many references are followed one after the other: a schema may refer to itself."""


def now(unit: str) -> Any:
    """The time as a clock field tells it."""
    return int(time.time() * 1000) if unit == "unix-ms" else time_text(datetime.now(UTC))


def made(schema: Schema, examples: Sequence[Any], known: Mapping[str, Any], gone: frozenset[str] = frozenset()) -> Any:
    """A payload with what is known in it, and examples or generated values for the rest.

    Args:
        known: values by field; those that the schema has no field for are left out.
        gone: fields that are left out unless they are required: they would have come from the cause, and did not.

    Returns:
        The first candidate that keeps the schema: with the required and the known fields alone, or else with all
        fields of an example. The first of all where none keeps it.
    """
    root = schema.document
    candidates: list[Any] = []
    for base in _bases(root, examples):
        for sparse in (True, False):
            candidate = _laid(root, root, base, known, gone, sparse=sparse)
            if schema.is_valid(candidate):
                return candidate
            candidates.append(candidate)
    return candidates[0] if candidates else None


def _bases(document: Mapping[str, Any], examples: Sequence[Any]) -> Iterator[Any]:
    """The examples, and generated values after them."""
    yield from examples
    yield from copy.deepcopy(generated(document))


def generated(document: Mapping[str, Any]) -> tuple[Any, ...]:
    """A full and a small value of a schema; none where none can be made."""
    return _generated(json.dumps(document))


@lru_cache(MOST_SCHEMAS)
def _generated(text: str) -> tuple[Any, ...]:
    document = json.loads(text)
    # Where a contract leaves open what comes, an object without fields says least.
    return valid_values(document, 2) if document.keys() - NOTES else ({},)


def compiled(document: Mapping[str, Any]) -> Schema:
    """The schema of a document that is a part of a contract: compiled once, since each answer needs it."""
    return _compiled(json.dumps(document))


@lru_cache(MOST_SCHEMAS)
def _compiled(text: str) -> Schema:
    return Schema(json.loads(text))


def _laid(
    shape: Mapping[str, Any],
    root: Mapping[str, Any],
    base: Any,
    known: Mapping[str, Any],
    gone: frozenset[str],
    *,
    sparse: bool,
) -> Any:
    """A value of an example with known fields over its own, at whatever depth its schema has these."""
    shape = followed(shape, root)
    properties = shape.get("properties", {})
    if base is None and known.keys() & properties.keys() and "object" in kinds(shape):
        whole = {**shape, "type": "object", "$defs": root.get("$defs", {})}
        base = next(iter(copy.deepcopy(generated(whole))), {})
    if not isinstance(base, dict) or is_binary(base):
        return base
    required = set(shape.get("required", ()))
    names = [name for name in properties if name in base or name in known]
    names += [name for name in base if name not in properties]
    found: dict[str, Any] = {}
    for name in names:
        if name in known and name in properties:
            found[name] = known[name]
        elif name in required or not (sparse or name in gone):
            found[name] = _laid(properties.get(name, {}), root, base[name], known, gone, sparse=sparse)
    return found


def followed(shape: Any, root: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema, or what it refers to by `$ref`."""
    for _ in range(MOST_REFERENCES):
        at = shape.get("$ref") if isinstance(shape, dict) else None
        if not isinstance(at, str):
            break
        shape = pointed(root, at.removeprefix("#"))
    return shape if isinstance(shape, dict) else {}
