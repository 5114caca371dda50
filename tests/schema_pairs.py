"""Schemas made by chance, edits of them, and values that are right by a schema: what a comparison is held against.

Everything follows from a seed. Values are made from both schemas and by changes of such values, so that they do not
depend on what the comparison itself tries.
"""

import copy
import itertools
import random
from collections.abc import Callable, Iterator
from typing import Any

from contracts.invalid_values import invalid_values
from contracts.schema import Schema
from contracts.valid_values import valid_values

Node = dict[str, Any]
NAMES = "abcd"
PATTERNS = ("^[A-Z]{2}-[0-9]{4}$", "^(red|blue)$", "^[a-f]+$")
FORMATS = ("date-time", "date", "uuid")


def number(chance: random.Random) -> Node:
    low = chance.randint(-20, 20)
    made: Node = {"type": chance.choice(["integer", "number"])}
    if chance.random() < 0.6:
        made[chance.choice(["minimum", "exclusiveMinimum"])] = low
    if chance.random() < 0.6:
        made[chance.choice(["maximum", "exclusiveMaximum"])] = low + chance.randint(2, 200)
    if chance.random() < 0.15:
        made["multipleOf"] = chance.choice([1, 2, 0.5])
    return made


def text(chance: random.Random) -> Node:
    kind = chance.random()
    if kind < 0.12:
        return {"type": "string", "pattern": chance.choice(PATTERNS)}
    if kind < 0.24:
        return {"type": "string", "format": chance.choice(FORMATS)}
    made: Node = {"type": "string"}
    least = chance.randint(0, 4)
    if chance.random() < 0.6:
        made["minLength"] = least
    if chance.random() < 0.6:
        made["maxLength"] = least + chance.randint(0, 20)
    return made


def listed(chance: random.Random) -> Node:
    pool: list[Any] = ["x", "y", "z", 1, 2, None, True]
    return {"enum": chance.sample(pool, chance.randint(1, 4))}


def leaf(chance: random.Random) -> Node:
    return chance.choice([number, number, text, text, listed, lambda _: {"type": "boolean"},
                          lambda _: {"type": ["string", "null"]}, lambda _: {"const": "x"}, lambda _: {"type": "null"},
                          lambda _: {"binary": True, "maxBytes": 8}, lambda _: {}])(chance)  # fmt: skip


def fields(chance: random.Random, depth: int) -> Node:
    names = chance.sample(NAMES, chance.randint(1, 3))
    made: Node = {"type": "object", "properties": {name: schema(chance, depth - 1) for name in names}}
    required = [name for name in names if chance.random() < 0.5]
    if required:
        made["required"] = required
    if chance.random() < 0.25:
        made["additionalProperties"] = chance.choice([False, False, True, {"type": "string"}])
    if chance.random() < 0.08:
        made["dependentRequired"] = {names[0]: [names[-1]]}
    if chance.random() < 0.08:
        made["patternProperties"] = {"^x": leaf(chance)}
    if chance.random() < 0.06:
        made["minProperties"] = 1
    return made


def items(chance: random.Random, depth: int) -> Node:
    made: Node = {"type": "array"}
    if chance.random() < 0.3:
        heads = [schema(chance, depth - 1) for _ in range(chance.randint(1, 2))]
        return made | {"prefixItems": heads, "minItems": len(heads), "maxItems": len(heads)}
    made["items"] = schema(chance, depth - 1)
    if chance.random() < 0.4:
        made["minItems"] = chance.randint(0, 2)
    if chance.random() < 0.4:
        made["maxItems"] = chance.randint(2, 4)
    if chance.random() < 0.1:
        made["uniqueItems"] = True
    return made


def schema(chance: random.Random, depth: int = 3) -> Node:
    """A schema without references."""
    kind = chance.random()
    if depth <= 0 or kind < 0.3:
        return leaf(chance)
    if kind < 0.65:
        return fields(chance, depth)
    if kind < 0.8:
        return items(chance, depth)
    if kind < 0.9:
        return {chance.choice(["anyOf", "oneOf"]): [schema(chance, depth - 1) for _ in range(chance.randint(1, 3))]}
    if kind < 0.95:
        return {"allOf": [fields(chance, 1), fields(chance, 1)]}
    return chance.choice([
        {"not": leaf(chance), **text(chance)},
        {**fields(chance, 1), "if": fields(chance, 1), "then": fields(chance, 1)},
        {"type": "object", "properties": {"a": {"type": "string"}, "b": {"$ref": "#"}}},
    ])  # fmt: skip


def document(chance: random.Random) -> Node:
    """A whole schema: mostly an object, and now and then one that refers to itself."""
    made = fields(chance, 3) if chance.random() < 0.8 else schema(chance)
    if chance.random() < 0.15:
        inner = fields(chance, 1)
        inner["properties"]["d"] = {"type": "array", "items": {"$ref": "#/$defs/t"}}
        made = {**made, "$defs": {"t": inner}}
        if "properties" in made:
            made["properties"] = {**made["properties"], "d": {"$ref": "#/$defs/t"}}
    return made


# --- edits ---------------------------------------------------------------------------------------------------------


def places(node: Any) -> Iterator[Node]:
    """A schema and all schemas inside it."""
    if not isinstance(node, dict):
        return
    yield node
    for key in ("properties", "patternProperties", "$defs"):
        for inner in node.get(key, {}).values():
            yield from places(inner)
    for key in ("anyOf", "oneOf", "allOf", "prefixItems"):
        for inner in node.get(key, ()):
            yield from places(inner)
    for key in ("items", "additionalProperties", "not", "if", "then"):
        yield from places(node.get(key))


def edited(made: Node, chance: random.Random) -> Node:
    """The schema with a few changes of any kind."""
    made = copy.deepcopy(made)
    for _ in range(chance.randint(1, 3)):
        place = chance.choice(list(places(made)))
        _change(place, chance)
    return made


def _change(place: Node, chance: random.Random) -> None:
    kind = chance.randrange(9)
    numbers = [key for key, value in place.items() if isinstance(value, int | float) and not isinstance(value, bool)]
    if kind < 3 and numbers:
        key = chance.choice(numbers)
        place[key] = max(0, place[key] + chance.choice([-3, -1, 1, 3])) if key[-6:] in ("Length", "mItems") else (
            place[key] + chance.choice([-3, -1, 1, 3]))  # fmt: skip
        if place[key] <= 0 and key in ("multipleOf", "minItems", "maxItems", "minProperties", "maxBytes"):
            del place[key]
    elif kind == 3 and "enum" in place:
        place["enum"] = (
            place["enum"][1:] if len(place["enum"]) > 1 and chance.random() < 0.5 else [*place["enum"], "new"]
        )
    elif kind == 4 and "properties" in place:
        place["properties"][chance.choice(NAMES)] = leaf(chance)
    elif kind == 5 and "properties" in place and len(place["properties"]) > 1:
        gone = chance.choice(list(place["properties"]))
        del place["properties"][gone]
        place["required"] = [name for name in place.get("required", ()) if name != gone]
    elif kind == 6 and "properties" in place:
        place["required"] = chance.sample(sorted(place["properties"]), chance.randint(0, len(place["properties"])))
    elif kind == 7 and place.get("type") in ("integer", "string"):
        place["type"] = {"integer": "number", "string": ["string", "null"]}[place["type"]]
    elif kind == 8 and len(place) > 1:
        place.pop(chance.choice([key for key in place if key not in ("$defs", "type")] or ["title"]), None)


def broken(made: Node, chance: random.Random) -> Node | None:
    """The schema with one change by which something that was allowed is not; None where no such change fits."""
    made = copy.deepcopy(made)
    ways = [change for place in live(made) for change in _breaks(place)]
    if not ways:
        return None
    chance.choice(ways)()
    return made


def live(node: Node) -> Iterator[Node]:
    """The parts of a schema that a value can be held against by themselves."""
    yield node
    if node.get("type") == "object":
        for inner in node.get("properties", {}).values():
            yield from live(inner)
    if node.get("type") == "array" and node.get("maxItems", 1) > 0 and isinstance(node.get("items"), dict):
        yield from live(node["items"])


def _breaks(place: Node) -> Iterator[Callable[[], Any]]:
    kind, setting = place.get("type"), place.update
    if kind == "object" and not {"minProperties", "dependentRequired"} & set(place):
        yield lambda: setting(
            required=[*place.get("required", ()), "new"], properties={**place["properties"], "new": {}}
        )
        free = [name for name in place["properties"] if name not in place.get("required", ())]
        if free and place.get("additionalProperties") is not False:
            yield lambda: setting(required=[*place.get("required", ()), free[0]])
    if kind == "string" and not {"pattern", "format", "enum"} & set(place) and place.get("maxLength", 9) > 1:
        yield lambda: setting(maxLength=max(0, place.get("maxLength", 9) - 1), minLength=0)
        yield lambda: setting(enum=["red"])
        yield lambda: setting(type="integer")
        yield lambda: setting(format="uuid")
        yield lambda: setting(pattern="^q{30}$")
    if kind in ("integer", "number") and "multipleOf" not in place:
        yield lambda: setting(type="string")
        if "maximum" in place:
            yield lambda: setting(maximum=place["maximum"] - 1)
        if "minimum" in place:
            yield lambda: setting(minimum=place["minimum"] + 1)
    if kind == "array" and "prefixItems" not in place and place.get("items"):
        yield lambda: setting(maxItems=0, minItems=0)
        yield lambda: setting(type="object")
    if len(place.get("enum", ())) > 1:
        yield lambda: setting(enum=place["enum"][1:])
    if kind == ["string", "null"]:
        yield lambda: setting(type="string")
    if kind == "boolean":
        yield lambda: setting(enum=[True])


# --- values --------------------------------------------------------------------------------------------------------


def closed(node: Any, names: frozenset[str] = frozenset()) -> Any:
    """A schema of which undocumented fields are no values: nobody sends what no contract speaks of."""
    if not isinstance(node, dict):
        return node
    own = names | set(node.get("properties", {})) | set(node.get("required", ()))
    own |= {name for part in node.get("allOf", ()) for name in (*part.get("properties", {}), *part.get("required", ()))}
    made = dict(node)
    for key in ("properties", "patternProperties", "$defs"):
        if key in node:
            made[key] = {name: closed(inner) for name, inner in node[key].items()}
    for key in ("anyOf", "oneOf", "allOf"):
        if key in node:
            made[key] = [closed(inner, own) for inner in node[key]]
    for key in ("items", "additionalProperties"):
        if key in node:
            made[key] = closed(node[key])
    if "prefixItems" in node:
        made["prefixItems"] = [closed(inner) for inner in node["prefixItems"]]
    free = not node.get("properties") and not node.get("patternProperties")
    if "additionalProperties" not in node and not free and node.get("minProperties", 0) <= len(own):
        made["properties"] = {**dict.fromkeys(own, True), **made.get("properties", {})}
        made["additionalProperties"] = False
    return made


def values(sent: Node, taken: Node, chance: random.Random, most: int = 20) -> list[Any]:
    """Values that keep a schema, documented fields alone: made from either schema, and by changes of such values."""
    right, is_sent = Schema(sent), Schema(closed(sent))
    made = list(valid_values(sent, most)) + list(valid_values(taken, most // 2))
    made += [one.payload for one in invalid_values(taken, tuple(made[:3]))] if made else []
    made += [changed(copy.deepcopy(value), chance) for value in list(made) for _ in range(2)]
    return [value for value in made if right.is_valid(value) and is_sent.is_valid(value)]


def changed(value: Any, chance: random.Random) -> Any:
    """A value with one of its parts left out or replaced."""
    if isinstance(value, dict) and value and set(value) != {"$binary"}:
        name = chance.choice(sorted(value))
        if chance.random() < 0.4:
            del value[name]
        else:
            value[name] = changed(value[name], chance)
        return value
    if isinstance(value, list) and value:
        if chance.random() < 0.4:
            return chance.choice([value[:-1], value + value[-1:]])
        place = chance.randrange(len(value))
        value[place] = changed(value[place], chance)
        return value
    others: list[Any] = [0, 1, -1, 1.5, 21, 300, "", "x", "y", "new", "red", "2026-01-02", None, True, [], {}]
    if isinstance(value, int | float) and not isinstance(value, bool):
        others += [value + 1, value - 1] * 6
    if isinstance(value, str):
        others += [value + "a", value[:-1]] * 6
    return chance.choice(others)


def pair(seed: int) -> tuple[Node, Node, random.Random]:
    """Two schemas: one edited into the other, or two that have nothing to do with each other."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    one = document(chance)
    other = document(chance) if chance.random() < 0.15 else edited(one, chance)
    return (one, other, chance) if chance.random() < 0.5 else (other, one, chance)


def usable(seeds: Iterator[int], count: int) -> Iterator[tuple[Node, Node, random.Random]]:
    """So many pairs of schemas that both have values."""
    made = (pair(seed) for seed in seeds)
    yield from itertools.islice((one for one in made if valid_values(one[0], 1) and valid_values(one[1], 1)), count)
