"""The fields and listed values of a schema, and which of them a value has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from contracts.schema import shown

DEEPEST = 12
"""Objects and lists inside each other that are looked at; schemas may refer to themselves."""
PREFIX = "#/$defs/"
ALTERNATIVES = ("allOf", "anyOf", "oneOf")


def places_of(schema: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """(the fields, the listed values) of a schema, as paths such as `user.name` and `kind = "text"`."""
    fields: dict[str, None] = {}
    values: dict[str, None] = {}
    for path, shape in _shapes(schema, schema, "", DEEPEST):
        if path:
            fields[path] = None
        for value in _listed(shape):
            values[_valued(path, value)] = None
    return list(fields), list(values)


def places_in(schema: Mapping[str, Any], value: Any) -> Iterator[str]:
    """The fields and listed values of a schema that a value has."""
    yield from _of_value(schema, schema, value, "", DEEPEST)


def _valued(path: str, value: Any) -> str:
    return f"{path or 'payload'} = {shown(value)}"


def _listed(shape: Mapping[str, Any]) -> list[Any]:
    if "enum" in shape:
        return list(shape["enum"])
    return [True, False] if shape.get("type") == "boolean" and "const" not in shape else []


def _followed(shape: Any, root: Mapping[str, Any]) -> Mapping[str, Any]:
    at = shape.get("$ref") if isinstance(shape, dict) else None
    if isinstance(at, str) and at.startswith(PREFIX):
        found = root.get("$defs", {}).get(at.removeprefix(PREFIX), {})
        return {**found, **{name: value for name, value in shape.items() if name != "$ref"}}
    return shape if isinstance(shape, dict) else {}


def _branches(shape: Mapping[str, Any], root: Mapping[str, Any], depth: int) -> Iterator[Mapping[str, Any]]:
    """A schema and its alternatives."""
    shape = _followed(shape, root)
    yield shape
    if depth > 0:
        for keyword in ALTERNATIVES:
            for inner in shape.get(keyword, ()):
                yield from _branches(inner, root, depth - 1)


def _shapes(
    shape: Mapping[str, Any], root: Mapping[str, Any], path: str, depth: int
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(path, schema) of a schema and of everything in it."""
    if depth <= 0:
        return
    for branch in _branches(shape, root, depth):
        yield path, branch
        for name, inner in branch.get("properties", {}).items():
            yield from _shapes(inner, root, f"{path}.{name}" if path else name, depth - 1)
        if isinstance(branch.get("items"), dict):
            yield from _shapes(branch["items"], root, f"{path}[]", depth - 1)


def _of_value(shape: Mapping[str, Any], root: Mapping[str, Any], value: Any, path: str, depth: int) -> Iterator[str]:
    if depth <= 0:
        return
    if path:
        yield path
    for branch in _branches(shape, root, depth):
        for one in _listed(branch):
            if type(one) is type(value) and one == value:
                yield _valued(path, one)
        if isinstance(value, dict):
            for name, inner in branch.get("properties", {}).items():
                if name in value:
                    yield from _of_value(inner, root, value[name], f"{path}.{name}" if path else name, depth - 1)
        if isinstance(value, list) and isinstance(branch.get("items"), dict):
            for one in value:
                yield from _of_value(branch["items"], root, one, f"{path}[]", depth - 1)
