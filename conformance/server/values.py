"""Values for what the service sends: what is known of its cause, laid over an example or a generated payload."""

from __future__ import annotations

import base64
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from contracts.binary import KEY, is_binary, time_text
from contracts.ids import matching
from contracts.pointer import pointed
from contracts.schema import Schema, kinds

CHANCE = random.Random(0)  # noqa: S311 - values of answers, the same in every run
"""Generated texts need not be hard to guess."""

DEEPEST = 12
"""How deep generated values nest at most: a schema may refer to itself."""


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
    first: Any = None
    tried = False
    for base in (*examples, *_lazily(root)):
        for sparse in (True, False):
            candidate = _laid(root, root, base, known, gone, sparse=sparse)
            if schema.is_valid(candidate):
                return candidate
            first, tried = (first if tried else candidate), True
    return first


def _lazily(document: Mapping[str, Any]) -> Iterator[Any]:
    yield generated(document, document)


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
    if not isinstance(base, dict) or is_binary(base):
        allows = not kinds(shape) or "object" in kinds(shape)
        if not (allows and known.keys() & properties.keys()) or base is not None:
            return base
        base = generated({**shape, "type": "object"}, root)
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
    for _ in range(DEEPEST):
        at = shape.get("$ref") if isinstance(shape, dict) else None
        if not isinstance(at, str):
            break
        shape = pointed(root, at.removeprefix("#"))
    return shape if isinstance(shape, dict) else {}


def generated(shape: Any, root: Mapping[str, Any], depth: int = 0) -> Any:
    """A value that keeps a schema, as far as that can be said keyword by keyword."""
    shape = followed(shape, root)
    for key in ("const", "default"):
        if key in shape:
            return shape[key]
    if shape.get("enum"):
        return shape["enum"][0]
    if shape.get("examples"):
        return shape["examples"][0]
    if shape.get("binary"):
        return {KEY: base64.b64encode(bytes(max(1, shape.get("minBytes", 1)))).decode()}
    for several in ("allOf", "anyOf", "oneOf"):
        if several in shape and depth < DEEPEST:
            some = shape[several] if several == "allOf" else shape[several][:1]
            whole = {name: value for name, value in shape.items() if name != several}
            return generated(_merged([whole, *(followed(one, root) for one in some)]), root, depth + 1)
    return _of_type(shape, root, depth)


def _merged(shapes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for shape in shapes:
        for name, value in shape.items():
            if name == "required":
                found[name] = [*found.get(name, ()), *value]
            elif name == "properties":
                found[name] = {**found.get(name, {}), **value}
            else:
                found[name] = value
    return found


def _of_type(shape: Mapping[str, Any], root: Mapping[str, Any], depth: int) -> Any:
    named = kinds(shape)
    kind = named[0] if named else _guessed(shape)
    match kind:
        case "null":
            return None
        case "boolean":
            return True
        case "integer" | "number":
            return _number(shape, whole=kind == "integer")
        case "string":
            return _text(shape)
        case "array":
            least = int(shape.get("minItems", 0)) if depth < DEEPEST else 0
            leading = shape.get("prefixItems", [])
            items = [*leading, *[shape.get("items", {})] * max(0, least - len(leading))]
            return [generated(one, root, depth + 1) for one in items]
        case _:
            properties = shape.get("properties", {}) if depth < DEEPEST else {}
            required = shape.get("required", ())
            return {name: generated(properties.get(name, {}), root, depth + 1) for name in required}


def _guessed(shape: Mapping[str, Any]) -> str:
    if {"minLength", "maxLength", "pattern", "format"} & shape.keys():
        return "string"
    if {"minimum", "maximum"} & shape.keys():
        return "number"
    return "array" if {"items", "prefixItems", "minItems"} & shape.keys() else "object"


def _number(shape: Mapping[str, Any], *, whole: bool) -> Any:
    least, most = shape.get("minimum", shape.get("exclusiveMinimum")), shape.get("maximum")
    value = least if least is not None else min(0, most) if most is not None else 0
    if "exclusiveMinimum" in shape and "minimum" not in shape:
        value += 1 if whole or most is None else (most - value) / 2
    step = shape.get("multipleOf")
    if step:
        value = -(-value // step) * step
    return int(value) if whole else value


def _text(shape: Mapping[str, Any]) -> str:
    match shape.get("format"):
        case "date-time":
            return str(now("date-time"))
        case "date":
            return str(now("date-time"))[:10]
        case "uuid":
            return "00000000-0000-4000-8000-000000000000"
        case "email":
            return "somebody@example.org"
        case "uri" | "url":
            return "https://example.org/"
        case _:
            pass
    if "pattern" in shape:
        return matching(str(shape["pattern"]), CHANCE) or ""
    text, least, most = "text", int(shape.get("minLength", 0)), shape.get("maxLength")
    text = text if len(text) >= least else text + "x" * (least - len(text))
    return text if most is None else text[: int(most)]
