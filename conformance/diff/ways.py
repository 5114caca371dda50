"""The ways in which a schema can be kept: references followed, `allOf` merged, one for each branch of `anyOf`. Pure.

A way may promise less than the schema: what cannot be merged stands in `also`. Whatever keeps the schema keeps one of
its ways, so that what is shown of every way holds for the schema.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from conformance.diff.prepared import Node, Prepared, same
from contracts.patterns import matches
from contracts.schema import kinds

MOST_WAYS = 32
"""Ways of one schema that are told apart: `anyOf` inside `anyOf` multiplies. Beyond, one way stands for anything."""

DEEPEST = 24
"""References and branches inside each other that are followed."""

TYPES = ("object", "array", "string", "number", "boolean", "null", "binary")
FEW = 64
"""Integers between two bounds that are tried one by one."""

FIELDS = ("properties", "patternProperties", "additionalProperties")
ITEMS = ("prefixItems", "items")
COMPOSED = ("$ref", "allOf", "anyOf", "oneOf", "not", "if", "then", "else")
GREATEST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minBytes")
LEAST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxBytes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Plain keywords that all hold, and what holds besides them."""

    plain: Mapping[str, Any]
    also: tuple[Mapping[str, Any], ...] = ()

    @property
    def is_exact(self) -> bool:
        """Whether the plain keywords say everything."""
        return not self.also

    def narrowed(self, **plain: Any) -> Way:
        """The same with other keywords."""
        return Way(plain={**self.plain, **plain}, also=self.also)

    def has_also(self, constraint: Mapping[str, Any]) -> bool:
        """Whether a constraint that cannot be merged holds."""
        return any(same(one, constraint) for one in self.also)

    @property
    def types(self) -> tuple[str, ...]:
        """The types that it allows."""
        if self.plain.get("binary"):
            return ("binary",)
        named = kinds(self.plain)
        if not named and "enum" in self.plain:
            named = tuple(dict.fromkeys(type_of(value) for value in self.plain["enum"]))
        return tuple(one for one in named if one != "integer" or "number" not in named) or TYPES

    @property
    def names(self) -> tuple[str, ...]:
        """The fields that it documents and that can be there."""
        properties = self.plain.get("properties", {})
        named = dict.fromkeys((*properties, *self.plain.get("required", ())))
        return tuple(name for name in named if properties.get(name) is not False)

    @property
    def required(self) -> set[str]:
        """The fields that have to be there, with those that these need."""
        found, needs = set[str](), self.plain.get("dependentRequired", {})
        left = list(self.plain.get("required", ()))
        while left:
            name = left.pop()
            if name not in found:
                found.add(name)
                left += needs.get(name, ())
        return found

    @property
    def others(self) -> Node | None:
        """The schema of fields that it does not document; None where nobody sends any.

        A field that no contract speaks of is not sent, unless `additionalProperties` says so or no field is documented.
        """
        extra = self.plain.get("additionalProperties")
        if extra is not None:
            return None if extra is False else extra
        free = not self.plain.get("properties") and not self.plain.get("patternProperties")
        return True if free or self.plain.get("minProperties", 0) > len(self.names) else None

    def field(self, name: str) -> Node:
        """The schema of a field."""
        return field_of(self.plain, name, otherwise=True)

    def item(self, place: int) -> Node:
        """The schema of an item of a list."""
        return item_of(self.plain, place)

    @property
    def most_items(self) -> float:
        """How many items a list can have."""
        most = float(self.plain.get("maxItems", math.inf))
        return min(most, len(self.plain.get("prefixItems", ()))) if self.plain.get("items") is False else most


ANYTHING = Way(plain={})
Ways: TypeAlias = tuple[list[Way], Prepared]
"""Ways, and the schema in which their parts refer."""


def ways(node: Node, schema: Prepared, depth: int = DEEPEST) -> list[Way]:
    """The ways in which a part of a schema can be kept; none where nothing keeps it."""
    if not isinstance(node, Mapping):
        return [ANYTHING] if node is not False else []
    found = [Way(plain={key: value for key, value in node.items() if key not in COMPOSED})]
    if depth <= 0:
        return [Way(plain=found[0].plain, also=(node,))]
    for branches in _branches(node, schema, depth):
        found = [made for base in found for other in branches if (made := merged(base, other)) is not None]
        if len(found) > MOST_WAYS:
            return [Way(plain={}, also=(node,))]
    return found


def _branches(node: Mapping[str, Any], schema: Prepared, depth: int) -> Iterator[list[Way]]:
    """What holds besides the plain keywords: lists of ways, of which one holds each."""

    def of(inner: Node) -> list[Way]:
        return ways(inner, schema, depth - 1)

    if "$ref" in node:
        yield of(schema.followed(node))
    for inner in node.get("allOf", ()):
        yield of(inner)
    if "anyOf" in node:
        yield [way for inner in node["anyOf"] for way in of(inner)]
    if "oneOf" in node:
        branches = [of(inner) for inner in node["oneOf"]]
        pairs = ((one, other) for n, one in enumerate(branches) for other in branches[:n])
        apart = all(are_apart((one, schema), (other, schema)) for one, other in pairs)
        also = () if apart else ({"oneOf": node["oneOf"]},)
        yield [Way(plain=way.plain, also=(*way.also, *also)) for branch in branches for way in branch]
    if "not" in node:
        yield [Way(plain={}, also=({"not": node["not"]},))]
    if "if" in node:
        yield [Way(plain={}, also=(conditional(node),))]


def conditional(node: Mapping[str, Any]) -> dict[str, Any]:
    """The condition of a part by itself."""
    return {key: node[key] for key in ("if", "then", "else") if key in node}


def type_of(value: Any) -> str:
    """The JSON type of a value; an integer is a number."""
    match value:
        case bool():
            return "boolean"
        case None:
            return "null"
        case str():
            return "string"
        case int() | float():
            return "number"
        case list():
            return "array"
        case _:
            return "binary" if set(value) == {"$binary"} else "object"


def finite(way: Way, kind: str, schema: Prepared) -> list[Any] | None:
    """All values of a type that a way allows; None where they cannot be counted."""
    plain = way.plain
    if "enum" in plain:
        named = [value for value in plain["enum"] if type_of(value) == ("number" if kind == "integer" else kind)]
    elif kind in ("boolean", "null"):
        named = [True, False] if kind == "boolean" else [None]
    elif (
        kind == "integer"
        and {"minimum", "exclusiveMinimum"} & set(plain)
        and {"maximum", "exclusiveMaximum"} & set(plain)
    ):
        low, high = whole_bounds(plain)
        if not high - low < FEW:
            return None
        named = list(range(int(low), int(high) + 1))
    else:
        return None
    held = [schema.schema(one) for one in (plain, *way.also)]
    return [value for value in named if all(one.is_valid(value) for one in held)]


def whole_bounds(plain: Mapping[str, Any]) -> tuple[float, float]:
    """The least and the greatest integer within the bounds of a part."""
    low, low_open, high, high_open = bounds(plain)
    least = low if math.isinf(low) else math.floor(low) + 1 if low_open else math.ceil(low)
    most = high if math.isinf(high) else math.ceil(high) - 1 if high_open else math.floor(high)
    return least, most


def bounds(plain: Mapping[str, Any]) -> tuple[float, bool, float, bool]:
    """(lower bound, whether it is left out, upper bound, whether it is left out) of numbers."""
    low = max((plain.get("minimum", -math.inf), False), (plain.get("exclusiveMinimum", -math.inf), True))
    high = min((plain.get("maximum", math.inf), True), (plain.get("exclusiveMaximum", math.inf), False))
    return low[0], low[1], high[0], not high[1]


def field_of(plain: Mapping[str, Any], name: str, *, otherwise: Node) -> Node:
    """The schema of a field: that of its name, with those of the patterns that match it, or that of other fields."""
    own = [plain["properties"][name]] if name in plain.get("properties", {}) else []
    own += [inner for pattern, inner in plain.get("patternProperties", {}).items() if matches(pattern, name)]
    if not own:
        return plain.get("additionalProperties", otherwise)
    made: Node = own[0]
    for inner in own[1:]:
        made = both(made, inner)
    return made


def item_of(plain: Mapping[str, Any], place: int) -> Node:
    """The schema of an item of a list."""
    heads = plain.get("prefixItems", ())
    return heads[place] if place < len(heads) else plain.get("items", True)


def both(one: Node, other: Node) -> Node:
    """The schema of what keeps two."""
    if one is True or other is False:
        return other
    return one if other is True or one is False or same(one, other) else {"allOf": [one, other]}


def merged(one: Way, other: Way) -> Way | None:
    """What keeps both; None where nothing does."""
    made = dict(one.plain)
    left: list[Mapping[str, Any]] = []
    for key, value in other.plain.items():
        if key in (*FIELDS, *ITEMS):
            continue
        if key not in made or same(made[key], value):
            made[key] = value
        elif key in GREATEST or key in LEAST:
            made[key] = (max if key in GREATEST else min)(made[key], value)
        elif key == "required":
            made[key] = list(dict.fromkeys([*made[key], *value]))
        elif key == "enum":
            made[key] = [item for item in made[key] if any(same(item, its) for its in value)]
        elif key == "type":
            made[key] = _common(kinds(one.plain), kinds(other.plain))
        elif key == "uniqueItems":
            made[key] = True
        else:
            left.append({key: value})
    if made.get("enum") == [] or made.get("type") == []:
        return None
    _merge_fields(made, one.plain, other.plain, left)
    _merge_items(made, one.plain, other.plain)
    return Way(plain=made, also=(*one.also, *other.also, *left))


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> list[str]:
    """The types that both lists allow: an integer is a number."""
    found = [kind for kind in one if kind in other]
    for here, there in ((one, other), (other, one)):
        if "integer" in here and "number" in there and "integer" not in found:
            found.append("integer")
    return found


def _merge_fields(made: dict[str, Any], one: Mapping[str, Any], other: Mapping[str, Any], left: list[Any]) -> None:
    if not any(key in other for key in FIELDS):
        return
    if not any(key in one for key in FIELDS):
        made.update({key: other[key] for key in FIELDS if key in other})
        return
    names = dict.fromkeys((*one.get("properties", {}), *other.get("properties", {})))
    if names:
        made["properties"] = {
            name: both(field_of(one, name, otherwise=True), field_of(other, name, otherwise=True)) for name in names
        }
    patterns = {**one.get("patternProperties", {})}
    for pattern, inner in other.get("patternProperties", {}).items():
        patterns[pattern] = both(patterns.get(pattern, True), inner)
    if patterns:
        made["patternProperties"] = patterns
        left.append({key: other[key] for key in FIELDS if key in other})
        left.append({key: one[key] for key in FIELDS if key in one})
    extra = [part["additionalProperties"] for part in (one, other) if "additionalProperties" in part]
    if extra:
        made["additionalProperties"] = both(extra[0], extra[-1])


def _merge_items(made: dict[str, Any], one: Mapping[str, Any], other: Mapping[str, Any]) -> None:
    heads = max(len(part.get("prefixItems", ())) for part in (one, other))
    if heads:
        made["prefixItems"] = [both(item_of(one, place), item_of(other, place)) for place in range(heads)]
    if "items" in one or "items" in other:
        made["items"] = both(one.get("items", True), other.get("items", True))


def are_apart(some: Ways, others: Ways, depth: int = 3) -> bool:
    """Whether no value keeps a way of either, as far as types, listed values, bounds and required fields tell."""
    return all(_apart(one, some[1], other, others[1], depth) for one in some[0] for other in others[0])


def _apart(one: Way, schema: Prepared, other: Way, its: Prepared, depth: int) -> bool:
    common = set(_common(one.types, other.types))
    if not common or merged(one, other) is None:
        return True
    if common <= {"number", "integer"} and not _overlap(one, other):
        return True
    if common != {"object"} or depth <= 0:
        return False
    needed = {*one.plain.get("required", ()), *other.plain.get("required", ())}
    return any(
        are_apart((ways(one.field(name), schema), schema), (ways(other.field(name), its), its), depth - 1)
        for name in needed
    )


def _overlap(one: Way, other: Way) -> bool:
    low, _, high, _ = bounds(one.plain)
    its_low, _, its_high, _ = bounds(other.plain)
    return max(low, its_low) <= min(high, its_high)
