"""A schema as plain alternatives: references followed, `allOf` merged, one shape for each way of `anyOf` and its like.

Values are made from shapes and held against the whole schema afterwards, so that a shape may promise too much.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from itertools import islice
from typing import Any, TypeAlias

from contracts.schema import kinds

Shape: TypeAlias = Mapping[str, Any]

MOST_SHAPES = 16
"""Alternatives of one schema that are looked at: `anyOf` inside `anyOf` multiplies."""

MOST_REFERENCES = 24
"""References that lead to references before one counts as leading nowhere."""

KIND_OF: Mapping[str, str] = {
    **dict.fromkeys(("properties", "required", "patternProperties", "propertyNames", "minProperties"), "object"),
    **dict.fromkeys(("additionalProperties", "maxProperties", "dependentRequired"), "object"),
    **dict.fromkeys(("items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems"), "array"),
    **dict.fromkeys(("minLength", "maxLength", "pattern", "format"), "string"),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), "number"),
}
"""The type that a keyword speaks of, where a schema has no `type`."""


def shapes(schema: Any, root: Shape) -> Iterator[dict[str, Any]]:
    """The alternatives of a schema, in the order in which it writes them; none where it accepts nothing.

    Args:
        schema: a part of the root, or the root itself.
        root: where its references lead.
    """
    return islice(_shapes(schema, root, MOST_REFERENCES), MOST_SHAPES)


def _shapes(schema: Any, root: Shape, references: int) -> Iterator[dict[str, Any]]:
    if schema is True:
        yield {}
        return
    if not isinstance(schema, Mapping):
        return
    composed = ("$ref", "allOf", "anyOf", "oneOf", "if", "then", "else")
    found: list[dict[str, Any]] = [{name: value for name, value in schema.items() if name not in composed}]
    for part in _parts(schema, root):
        if references <= 0:
            return
        inner = [one for way in part for one in islice(_shapes(way, root, references - 1), MOST_SHAPES)]
        found = [made for base in found for other in inner if (made := merged(base, other)) is not None][:MOST_SHAPES]
    yield from found


def _parts(schema: Shape, root: Shape) -> Iterator[list[Any]]:
    """What holds besides the plain keywords: lists of which one has to hold."""
    if "$ref" in schema:
        yield [_referred(str(schema["$ref"]), root)]
    for part in schema.get("allOf", ()):
        yield [part]
    for name in ("anyOf", "oneOf"):
        if name in schema:
            yield list(schema[name])
    if "if" in schema:
        yield [{"allOf": [schema["if"], schema.get("then", True)]}, schema.get("else", True)]


def _referred(pointer: str, root: Any) -> Any:
    value = root
    for step in pointer.removeprefix("#").split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            value = value.get(step, False) if isinstance(value, Mapping) else False
    return value


GREATEST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minBytes")
LEAST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxBytes")


def merged(one: Shape, other: Shape) -> dict[str, Any] | None:
    """A shape that promises what both promise; None where no value can keep both."""
    made = {**one, **other}
    for name in one.keys() & other.keys():
        both = one[name], other[name]
        if name in GREATEST:
            made[name] = max(both)
        elif name in LEAST:
            made[name] = min(both)
        elif name == "required":
            made[name] = list(dict.fromkeys([*both[0], *both[1]]))
        elif name == "enum":
            made[name] = [value for value in both[0] if value in both[1]]
        elif name in ("properties", "patternProperties", "dependentRequired"):
            made[name] = {**both[0], **both[1], **_both_hold(*both)} if name == "properties" else {**both[0], **both[1]}
        elif name in ("items", "additionalProperties", "propertyNames", "contains") and both[0] != both[1]:
            made[name] = {"allOf": list(both)} if False not in both else False
    types = [set(kinds(shape)) for shape in (one, other) if kinds(shape)]
    if types:
        common = reduce(_common, types)
        if not common:
            return None
        made["type"] = [kind for kind in dict.fromkeys((*kinds(one), *kinds(other))) if kind in common]
    return None if made.get("enum") == [] else made


def _both_hold(one: Shape, other: Shape) -> dict[str, Any]:
    return {name: {"allOf": [one[name], other[name]]} for name in one.keys() & other.keys() if one[name] != other[name]}


def _common(one: set[str], other: set[str]) -> set[str]:
    """The types that both allow: an integer is a number."""
    whole = (
        {"integer"}
        if "integer" in one | other and {"number", "integer"} & one and {"number", "integer"} & other
        else set()
    )
    return (one & other) | whole


def types_of(shape: Shape) -> tuple[str, ...]:
    """The types that a shape allows, those that its other keywords speak of first; empty where any type is allowed."""
    if shape.get("binary"):
        return ("binary",)
    named = kinds(shape)
    if named:
        return named
    return tuple(dict.fromkeys(KIND_OF[name] for name in shape if name in KIND_OF))
