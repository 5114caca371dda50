"""What plain keywords of the same type say of each other: bounds, lengths, patterns, sizes, numbers of fields. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from conformance.diff.ways import Way, bounds, whole_bounds
from contracts.schema import shown

WORDS: Mapping[str, str] = {
    **dict.fromkeys(("minimum", "minLength", "minItems", "minProperties", "minBytes"), "at least"),
    **dict.fromkeys(("maximum", "maxLength", "maxItems", "maxProperties", "maxBytes"), "at most"),
    "exclusiveMinimum": "more than",
    "exclusiveMaximum": "less than",
    "multipleOf": "a multiple of",
    "format": "a",
    "pattern": "like",
}
"""How a keyword is said, before its value."""

ABSENT = {"enum": "not listed", "pattern": "any text", "format": "any text", "multipleOf": "any number"}
"""How it is said that a keyword is not there; where it bounds something, there is no limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A keyword of the receiver that the sender need not keep."""

    keyword: str
    sent: str
    taken: str
    why: str = ""
    """Why it cannot be told; empty where it can."""
    inside: tuple[str, ...] = ()


def types_in_words(types: Iterable[str]) -> str:
    """Types as people write them."""
    listed = ["binary data" if one == "binary" else one for one in types]
    return "any type" if len(listed) > 5 else " or ".join(listed)


def said(schema: Any, keyword: str) -> str:
    """What a schema says by a keyword, in words."""
    value = schema.get(keyword) if isinstance(schema, Mapping) else None
    if value is None:
        return ABSENT.get(keyword, "no limit" if keyword in WORDS else "anything")
    match keyword:
        case "type":
            return types_in_words([value] if isinstance(value, str) else value)
        case "enum":
            return ", ".join(map(shown, value))
        case "required":
            return "required: " + ", ".join(value)
        case "anyOf" | "oneOf":
            return "one of the alternatives"
        case _:
            return f"{WORDS[keyword]} {value}" if keyword in WORDS else shown(value)


def is_allowed(way: Way, kind: str, allowed: tuple[str, ...]) -> bool:
    """Whether values of a type are of one of those that are allowed: an integer is a number."""
    if kind in allowed or (kind == "integer" and "number" in allowed):
        return True
    step = way.plain.get("multipleOf")
    return kind == "number" and "integer" in allowed and step is not None and float(step).is_integer()


def of_sizes(way: Way, taken: Mapping[str, Any], least: str, most: str, why: str = "") -> Iterator[Found]:
    """Sizes between two keywords: characters, items, fields, bytes."""
    if way.plain.get(least, 0) < taken.get(least, 0):
        yield Found(keyword=least, sent=said(way.plain, least), taken=said(taken, least), why=why)
    if way.plain.get(most, math.inf) > taken.get(most, math.inf):
        yield Found(keyword=most, sent=said(way.plain, most), taken=said(taken, most), why=why)


def of_texts(way: Way, taken: Mapping[str, Any]) -> Iterator[Found]:
    """Lengths, pattern and format of texts."""
    shaped = "a pattern or a format says something of the length, too" if {"pattern", "format"} & set(way.plain) else ""
    yield from of_sizes(way, taken, "minLength", "maxLength", shaped)
    pattern, form = taken.get("pattern"), taken.get("format")
    if pattern is not None and way.plain.get("pattern") != pattern and not way.has_also({"pattern": pattern}):
        why = "patterns cannot be compared"
        yield Found(keyword="pattern", sent=said(way.plain, "pattern"), taken=said(taken, "pattern"), why=why)
    if form is not None and way.plain.get("format") != form and not way.has_also({"format": form}):
        why = "a pattern may say the same" if "pattern" in way.plain and "format" not in way.plain else ""
        yield Found(keyword="format", sent=said(way.plain, "format"), taken=said(taken, "format"), why=why)


def of_numbers(way: Way, kind: str, taken: Mapping[str, Any]) -> Iterator[Found]:
    """Bounds and steps of numbers."""
    if kind == "integer":
        (low, high), (least, most) = whole_bounds(way.plain), whole_bounds(taken)
        below, above = low < least, high > most
    else:
        low, low_open, high, high_open = bounds(way.plain)
        least, least_open, most, most_open = bounds(taken)
        below = low < least or (low == least and least_open and not low_open)
        above = high > most or (high == most and most_open and not high_open)
    if below:
        yield _bound("minimum", "exclusiveMinimum", way.plain, taken)
    if above:
        yield _bound("maximum", "exclusiveMaximum", way.plain, taken)
    step = taken.get("multipleOf")
    if step is None:
        return
    own = way.plain.get("multipleOf", 1 if kind == "integer" else None)
    if own is None or Fraction(str(own)) % Fraction(str(step)):
        yield Found(keyword="multipleOf", sent=said(way.plain, "multipleOf"), taken=said(taken, "multipleOf"))


def _bound(plain: str, exclusive: str, own: Mapping[str, Any], taken: Mapping[str, Any]) -> Found:
    """The bound that is told: the one that is written."""
    its = exclusive if exclusive in taken and plain not in taken else plain
    mine = exclusive if exclusive in own and plain not in own else plain
    return Found(keyword=its, sent=said(own, mine), taken=said(taken, its))


def of_lists(way: Way, taken: Mapping[str, Any]) -> Iterator[Found]:
    """Numbers of items, and whether they differ."""
    if way.plain.get("minItems", 0) < taken.get("minItems", 0):
        yield Found(keyword="minItems", sent=said(way.plain, "minItems"), taken=said(taken, "minItems"))
    if way.most_items > taken.get("maxItems", math.inf):
        yield Found(keyword="maxItems", sent=said(way.plain, "maxItems"), taken=said(taken, "maxItems"))
    if taken.get("uniqueItems") and not way.plain.get("uniqueItems") and way.most_items > 1:
        yield Found(keyword="uniqueItems", sent="items may be the same", taken="no two items are the same")


def of_objects(way: Way, taken: Mapping[str, Any]) -> Iterator[Found]:
    """Numbers of fields, and those that need others."""
    required = way.required
    if max(way.plain.get("minProperties", 0), len(required)) < taken.get("minProperties", 0):
        yield Found(keyword="minProperties", sent=said(way.plain, "minProperties"), taken=said(taken, "minProperties"))
    closed = way.others is None and "patternProperties" not in way.plain
    most = min(way.plain.get("maxProperties", math.inf), len(way.names) if closed else math.inf)
    if most > taken.get("maxProperties", math.inf):
        yield Found(keyword="maxProperties", sent=said(way.plain, "maxProperties"), taken=said(taken, "maxProperties"))
    own = way.plain.get("dependentRequired", {})
    for name, needed in taken.get("dependentRequired", {}).items():
        left = set(needed) - required - set(own.get(name, ())) - {name}
        if left and (name in way.names or not closed):
            words = f"needs {', '.join(sorted(left))}"
            yield Found(
                keyword="dependentRequired", sent=f"`{name}` may be alone", taken=f"`{name}` {words}", inside=(name,)
            )
