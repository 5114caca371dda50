"""The schema of a summary: it accepts every sample, and says no more than the samples bear out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from conformance.inference.shapes import FORMATS, Shape

SURE = 5
"""Samples from which on a text is said to be never empty and to have a format, and a number to be whole."""
MANY = 15
"""Samples from which on few different texts are said to be all that there are."""
MOST_LISTED = 8
"""Different texts that make a list of values."""
MOST_SINGLE = 0.1
"""The share of samples that are the only one of their value, in a list of values: so likely the next is a new one
(the estimate of Good and Turing)."""
MOST_POSITIVE = 20
"""Samples from which on a number is said to be never negative."""

_WORD = re.compile(r"[A-Za-z][A-Za-z_:.-]*")
"""A text that may be one of a list of values: one word without digits, which ids have."""
_FREE = re.compile(
    r"(?i)(?:.*(?:id|key|uuid|name|text|title|token|path|url|uri|mail|phone|label)s?"
    r"|user|author|sender|owner|from|to|by|room|channel|topic|body|content|message|comment|note|description|summary)"
)
"""Names of fields whose values people choose, however few of them a recording has."""
_ORDER = ("object", "array", "string", "integer", "number", "boolean", "null")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taste:
    """How much a schema says."""

    free: frozenset[str] = frozenset()
    """Names of fields of which no list of values is made: they name rooms, users or sockets."""
    emitted: bool = False
    """Whether it is of what clients emit: a check plays what such a schema allows, so that it allows numbers, booleans
    and lists as they were seen alone. What a service sends may go beyond what was seen of it."""


def schema_of(shape: Shape, taste: Taste = Taste(), name: str = "") -> dict[str, Any]:
    """The schema of a summary, in the keywords that contracts have.

    Args:
        name: of the field whose values it sums up; empty for an argument.
    """
    if not shape.count or "deep" in shape.kinds:
        return {}
    kinds = _kinds(shape)
    if "binary" in kinds:
        rest = [kind for kind in kinds if kind != "binary"]
        data: dict[str, Any] = {"binary": True}
        return {"anyOf": [data, _plain(shape, rest, name, taste)]} if rest else data
    return _plain(shape, kinds, name, taste)


def _kinds(shape: Shape) -> list[str]:
    """The types of the samples; a number is whole only where enough samples are."""
    kinds = dict(shape.kinds)
    whole, broken = kinds.get("integer", 0), kinds.get("number", 0)
    if broken or (whole and whole < SURE):
        kinds.pop("integer", None)
        kinds["number"] = whole + broken
    return sorted(kinds, key=lambda kind: _ORDER.index(kind) if kind in _ORDER else -1)


def _plain(shape: Shape, kinds: list[str], name: str, taste: Taste) -> dict[str, Any]:
    made: dict[str, Any] = {"type": kinds[0] if len(kinds) == 1 else kinds}
    if "object" in kinds:
        made |= _object(shape, taste)
    if "array" in kinds:
        items = schema_of(shape.items, taste, name) if shape.items is not None else {}
        made |= {"items": items} if items else {}
        made |= {"minItems": shape.fewest} if taste.emitted and shape.fewest else {}
    if "string" in kinds:
        made |= _text(shape, kinds, name, taste)
    if {"integer", "number"} & set(kinds):
        made |= _range(shape, taste)
    if kinds == ["boolean"] and taste.emitted and shape.true in (0, shape.count):
        made = {"const": bool(shape.true)}
    return made


def _range(shape: Shape, taste: Taste) -> dict[str, Any]:
    """The range of numbers."""
    if taste.emitted:
        return {"minimum": _shown(shape.least), "maximum": _shown(shape.most)}
    count = shape.kinds.get("integer", 0) + shape.kinds.get("number", 0)
    return {"minimum": 0} if count >= MOST_POSITIVE and (shape.least or 0) >= 0 else {}


def _shown(number: float | None) -> float | None:
    return int(number) if isinstance(number, float) and number.is_integer() and abs(number) < 2**53 else number


def _object(shape: Shape, taste: Taste) -> dict[str, Any]:
    if shape.others is not None:
        others = schema_of(shape.others, taste)
        return {"additionalProperties": others} if others else {}
    required = [name for name, inner in sorted(shape.fields.items()) if inner.count == shape.kinds["object"]]
    properties = {name: schema_of(inner, taste, name) for name, inner in sorted(shape.fields.items())}
    return ({"required": required} if required else {}) | ({"properties": properties} if properties else {})


def _text(shape: Shape, kinds: list[str], name: str, taste: Taste) -> dict[str, Any]:
    count = shape.kinds["string"]
    if kinds == ["string"] and name not in taste.free and is_list(shape, name):
        return {"enum": sorted(shape.values or ())}
    if count >= SURE and shape.formats:
        return dict(FORMATS[next(one for one in FORMATS if one in shape.formats)])
    if count < SURE or not shape.shortest:
        return {}
    # A check sends the shortest text that may be emitted: one as short was taken.
    return {"minLength": 1} if not taste.emitted or shape.shortest == 1 else {}


def is_list(shape: Shape, name: str) -> bool:
    """Whether texts look like all that there are: few words, hardly one of which came once only."""
    values, count = shape.values or {}, shape.kinds.get("string", 0)
    return (
        2 <= len(values) <= MOST_LISTED
        and count >= MANY
        and count >= MANY // 5 * len(values)
        and sum(number for number in values.values() if number == 1) <= count * MOST_SINGLE
        and all(_WORD.fullmatch(text) for text in values)
        and not _FREE.fullmatch(name)
    )


def is_free(shape: Shape) -> bool:
    """Whether texts are free: nearly each of those that are counted differs from all others."""
    count = shape.kinds.get("string", 0)
    return count > 1 and (shape.values is None or len(shape.values) > count / 2)


def clashes(shape: Shape, path: str = "") -> Iterator[tuple[str, dict[str, int]]]:
    """(place, how often each type came) of what came in types that do not go together; null goes with each."""
    kinds = {("number" if kind == "integer" else kind): 0 for kind in shape.kinds if kind != "null"}
    for kind, count in shape.kinds.items():
        if kind != "null":
            kinds["number" if kind == "integer" else kind] += count
    if len(kinds) > 1:
        yield path, kinds
    for name, inner in sorted(shape.fields.items()):
        yield from clashes(inner, f"{path}.{name}" if path else name)
    for part, step in ((shape.others, ".*"), (shape.items, "[]")):
        if part is not None:
            yield from clashes(part, f"{path}{step}")
