"""Values that keep a schema, made from it: a full one, a small one, and those at its edges. Nothing is left to chance.

Whatever is made is held against the schema, and what it rejects is not given.
"""

from __future__ import annotations

import json
import random
import string
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any

from contracts.binary import binary
from contracts.ids import matching
from contracts.schema import Schema
from contracts.shapes import Shape, merged, shapes, types_of

USUAL = 5
"""How many values stand in for the valid examples that a contract leaves out: a full one, a small one, some edges."""

MOST_TRIED = 400
"""Candidates that are held against a schema before it counts as one of which no further value can be made."""

DEEPEST = 6
"""Objects and lists inside each other that are made of a schema: one that refers to itself has no end."""

DEEPEST_TREE = 14
"""The same of a schema without references, where nothing less deep keeps it: recordings show such."""

LONGEST = 10_000
"""Characters of the longest text and bytes of the longest data that are made."""

MOST_ITEMS = 100
"""Items of the longest list that is made."""

MOST_FIELDS = 1_000
"""Fields of the largest object that is made."""

LARGEST = 1_000_000
"""Characters and values in one that is made: lists inside lists multiply."""

UNMADE = object()
"""Stands for a value that could not be made."""

PATTERNED = 8
"""Texts of one pattern that are tried: some of its repetitions may be longer than `maxLength` allows."""

INSIDE = 1e-6
"""How far inside an exclusive bound a number is: a step that a double keeps up to 10^9."""

FORMATS: Mapping[str, tuple[str, ...]] = {
    "date-time": ("2026-01-02T03:04:05.000Z", "2024-02-29T23:59:59+05:30"),
    "date": ("2026-01-02", "2024-02-29"),
    "uuid": ("3f2b8c1e-5a4d-4e6f-8b7a-9c0d1e2f3a4b", "7d9e0f1a-2b3c-4d5e-9f60-718293a4b5c6"),
}
"""Texts of each format that contracts may name."""


def valid_values(document: Shape, most: int = USUAL) -> tuple[Any, ...]:
    """Values that a schema accepts, none twice: one with every field first, then one with the required fields alone.

    After them come the edges, one field at a time: bounds, lengths, each value of an enumeration, each alternative.

    Args:
        document: a JSON Schema as contracts write them.
        most: how many are made at most. Fewer, or none, where the schema has no more that can be made.
    """
    schema = Schema(dict(document))
    found: dict[str, Any] = {}
    for depth in (DEEPEST, DEEPEST_TREE):
        for value in islice(candidates(document, document, depth), MOST_TRIED):
            if len(found) >= most:
                break
            if _size(value, {}) <= LARGEST and schema.is_valid(value):
                found.setdefault(look(value), value)
        if found or "$ref" in str(document):
            break
    return tuple(found.values())


def look(value: Any) -> str:
    """What tells values apart: in JSON, unlike in Python, true is not 1."""
    return json.dumps(value, sort_keys=True)


def _size(value: Any, known: dict[int, int]) -> int:
    """Characters and values in a value. Lists repeat one item, which is counted once and multiplied."""
    if isinstance(value, str):
        return 1 + len(value)
    if not isinstance(value, dict | list):
        return 1
    if id(value) not in known:
        inner = value.values() if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_size(one, known) for one in inner)
    return known[id(value)]


def candidates(schema: Any, root: Shape, depth: int = DEEPEST) -> Iterator[Any]:
    """Values that are likely to keep a schema: the usual ones of each alternative first, then their edges."""
    made = [_of_shape(shape, root, depth) for shape in shapes(schema, root)]
    yield from chain.from_iterable(islice(each, 2) for each in made)
    yield from chain.from_iterable(made)


def _of_shape(shape: Shape, root: Shape, depth: int) -> Iterator[Any]:
    if "const" in shape:
        yield shape["const"]
        return
    if "enum" in shape:
        yield from shape["enum"]
        return
    if depth <= 0:
        return
    types = types_of(shape) or ("string", "number", "boolean", "object")
    makers = [_makers(kind, shape, root, depth) for kind in types]
    yield from chain.from_iterable(islice(each, 1) for each in makers)
    yield from chain.from_iterable(makers)


def _makers(kind: str, shape: Shape, root: Shape, depth: int) -> Iterator[Any]:
    match kind:
        case "object":
            return _objects(shape, root, depth)
        case "array":
            return _lists(shape, root, depth)
        case "string":
            return texts(shape)
        case "number" | "integer":
            return _numbers(shape, whole=kind == "integer")
        case "boolean":
            return iter((True, False))
        case "binary":
            return _data(shape)
        case _:
            return iter((None,))


# --- texts, numbers, data ------------------------------------------------------------------------------------------


def texts(shape: Shape) -> Iterator[str]:
    """Texts of a shape: one of ordinary length, then the shortest and the longest."""
    if "format" in shape:
        yield from FORMATS[shape["format"]]
        return
    least, most = int(shape.get("minLength", 0)), int(shape.get("maxLength", LONGEST))
    if least > LONGEST:
        return
    if "pattern" in shape:
        chance = random.Random(str(shape["pattern"]))  # noqa: S311 - the same texts every time
        for _ in range(PATTERNED):
            text = matching(str(shape["pattern"]), chance)
            if text is not None:
                yield from (text, text[:most], text.ljust(least, "a"))
        return
    for length in (max(least, min(6, most)), least, most if "maxLength" in shape else least + 1):
        if length <= min(most, LONGEST):
            yield ("sample" + string.ascii_lowercase * (length // 26 + 1))[:length]


def _numbers(shape: Shape, *, whole: bool) -> Iterator[float]:
    low, high = shape.get("minimum"), shape.get("maximum")
    step = shape.get("multipleOf", 1 if whole else INSIDE)
    if "exclusiveMinimum" in shape:
        inside = _step_up(shape["exclusiveMinimum"], step)
        low = inside if low is None else max(low, inside)
    if "exclusiveMaximum" in shape:
        inside = -_step_up(-shape["exclusiveMaximum"], step)
        high = inside if high is None else min(high, inside)
    middle = (low + high) / 2 if low is not None and high is not None else None
    for value in (
        1,
        2,
        middle,
        low,
        high,
        0,
        None if low is None else low + step,
        None if high is None else high - step,
    ):
        if value is None:
            continue
        fit = round(value / step) * step if whole or "multipleOf" in shape else value
        fit = int(fit) if whole or float(fit).is_integer() else fit
        if (low is None or fit >= low) and (high is None or fit <= high):
            yield fit


def _step_up(bound: float, step: float) -> float:
    """The next multiple of a step above a bound; just inside it where the step is that of any number."""
    return bound + step if step == INSIDE else (bound // step + 1) * step


def _data(shape: Shape) -> Iterator[Any]:
    least, most = int(shape.get("minBytes", 0)), int(shape.get("maxBytes", LONGEST))
    for length in (max(least, min(4, most)), least, most if "maxBytes" in shape else least + 1):
        if length <= min(most, LONGEST):
            yield binary(bytes(n * 37 % 256 for n in range(length)))


# --- lists and objects ---------------------------------------------------------------------------------------------


def _lists(shape: Shape, root: Shape, depth: int) -> Iterator[list[Any]]:
    heads = [list(islice(candidates(one, root, depth - 1), 8)) for one in shape.get("prefixItems", ())]
    least, most = int(shape.get("minItems", 0)), int(shape.get("maxItems", MOST_ITEMS))
    heads = heads[:most]
    if least > MOST_ITEMS or not all(heads[:least]):
        return
    heads = heads[: next((n for n, head in enumerate(heads) if not head), len(heads))]
    own = shape.get("items", shape.get("contains", "prefixItems" not in shape))
    items = list(islice(candidates(own, root, depth - 1), 8)) if own is not False else []
    if "contains" in shape:
        items = [*islice(candidates(shape["contains"], root, depth - 1), 1), *items]
    plain = [head[0] for head in heads]
    usual_length = max(least, min(most, len(heads) + (1 if items and "prefixItems" not in shape else 0)))
    lengths = (usual_length, max(least, 0), most if "maxItems" in shape else usual_length)
    for length in dict.fromkeys(length for length in lengths if length <= MOST_ITEMS):
        yield from _of_length(plain, items, length, unique=bool(shape.get("uniqueItems")))
    for place, head in enumerate(heads):
        for value in head[1:]:
            yield [*plain[:place], value, *plain[place + 1 :]]
    for item in items[1:]:
        if len(plain) < most:
            rest = [items[0]] * (max(usual_length, len(plain) + 1) - len(plain) - 1)
            yield [*plain, item, *rest]


def _of_length(plain: list[Any], items: list[Any], length: int, *, unique: bool) -> Iterator[list[Any]]:
    """A list that begins with the plain items and goes on with others to a length."""
    missing = length - len(plain)
    if missing <= 0:
        yield plain[:length]
    elif unique:
        others = [item for item in _unlike(items, missing) if item not in plain]
        yield [*plain, *others[:missing]]
    elif items:
        yield [*plain, *(items[0] for _ in range(missing))]


def _unlike(items: list[Any], count: int) -> Iterator[Any]:
    """Items of which no two are the same, as far as they can be made of those that there are."""
    yield from {look(item): item for item in items}.values()
    first = items[0] if items else None
    if isinstance(first, str):
        yield from (f"{first}{number}" for number in range(count))
    elif isinstance(first, int) and not isinstance(first, bool):
        yield from (first + number for number in range(1, count + 1))


def _objects(shape: Shape, root: Shape, depth: int) -> Iterator[dict[str, Any]]:
    fields = {name: inner for name, inner in shape.get("properties", {}).items() if inner is not False}
    required = list(shape.get("required", ()))
    most, least = int(shape.get("maxProperties", MOST_FIELDS)), int(shape.get("minProperties", 0))
    if least > MOST_FIELDS:
        return
    choices: dict[str, list[Any]] = {}
    for name in dict.fromkeys((*required, *fields)):
        inner = fields.get(name, _other(shape, name))
        found = list(islice(candidates(inner, root, depth - 1), 40))
        if found:
            choices[name] = found
        elif name in required:
            return
    names = [*required, *(name for name in choices if name not in required)][:most]
    more = _more(shape, root, depth, least - len(names))
    full = {**{name: choices[name][0] for name in names}, **more}
    small = {name: choices[name][0] for name in required}
    yield full
    yield small if len(small) >= least else dict(list(full.items())[: max(least, len(small))])
    yield from _edges(full, choices, required)
    for names_given in _dependent(shape, full, small):
        yield {name: full[name] for name in names_given}


def _edges(
    full: Mapping[str, Any], choices: Mapping[str, list[Any]], required: Iterable[str]
) -> Iterator[dict[str, Any]]:
    """The full object with one field at an edge, or left out: by turns over the fields."""
    kept = [name for name in choices if name in full]
    for turn in range(1, max((len(choices[name]) for name in kept), default=0)):
        for name in kept:
            if turn < len(choices[name]):
                yield {**full, name: choices[name][turn]}
    for name in full:
        if name not in required:
            yield {other: full[other] for other in full if other != name}


def _dependent(shape: Shape, full: Mapping[str, Any], small: Mapping[str, Any]) -> Iterator[list[str]]:
    """The small object with one optional field, and what this one needs."""
    needs = shape.get("dependentRequired", {})
    for name in full:
        if name not in small:
            given = dict.fromkeys([*small, name, *needs.get(name, ())])
            yield [one for one in given if one in full]


def _other(shape: Shape, name: str) -> Any:
    """The schema of a field that `properties` does not have."""
    for pattern, inner in shape.get("patternProperties", {}).items():
        if Schema({"pattern": pattern}).is_valid(name):
            return inner
    return shape.get("additionalProperties", True)


def _more(shape: Shape, root: Shape, depth: int, count: int) -> dict[str, Any]:
    """Fields of one's own, where an object needs more than its schema names, or names them by a pattern."""
    made: dict[str, Any] = {}
    for pattern, inner in shape.get("patternProperties", {}).items():
        chance = random.Random(pattern)  # noqa: S311 - the same names every time
        for name, value in zip(
            [matching(pattern, chance)], islice(candidates(inner, root, depth - 1), 1), strict=False
        ):
            if name is not None and ("propertyNames" not in shape or Schema(shape["propertyNames"]).is_valid(name)):
                made[name] = value
    names: Iterator[str] = (f"field{number}" for number in range(count - len(made)))
    if "propertyNames" in shape and count > len(made):
        found = merged({"type": "string"}, next(iter(shapes(shape["propertyNames"], root)), {}))
        names = islice(dict.fromkeys(v for v in _of_shape(found or {}, root, 1) if isinstance(v, str)), count)
    extra = shape.get("additionalProperties", True)
    if extra is not False:
        inner = extra if extra is not True else {"type": "string"}
        for name in names:
            value = next(candidates(inner, root, depth - 1), UNMADE)
            if value is not UNMADE:
                made[name] = value
    return made
