"""Values that a schema rejects, each for one reason: a valid one with a single clause broken.

Each is held against the schema: it is given only where the schema rejects it for one reason, and by the keyword that
was to be broken. What is inside `anyOf` or `oneOf` is rejected by these, whichever of their clauses was broken.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, TypeAlias

from contracts.binary import binary, bytes_of, is_binary
from contracts.schema import Schema
from contracts.shapes import Shape, shapes, types_of
from contracts.valid_values import DEEPEST, LONGEST, MOST_ITEMS, candidates, look, valid_values

USUAL = 8
"""How many values stand in for the invalid examples that a contract leaves out."""

MOST_TRIED = 2_000
"""Mutations that are held against a schema before it counts as one that accepts everything else."""

COMPOSED = ("anyOf", "oneOf", "not", "if", "contains")
"""Keywords that reject a value for what is inside it."""

STRANGE_FIELD = "notInTheContract"
"""The name of a field that no contract has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A value that breaks one clause of a schema."""

    payload: Any
    keyword: str
    """The keyword that rejects it, as the schema's own explanation names it."""
    path: str
    """Where in the value the clause was broken: `/message/text`; empty for the value itself."""
    what: str
    """What was done, in a few words: `null in place of string`, `101 characters`."""
    optional: bool = False
    """Whether it is in a field that may be left out: a service may ignore that field and take the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """One thing done to a valid value."""

    value: Any
    clause: str
    path: str
    what: str
    optional: bool


Change: TypeAlias = tuple[str, Any, str]
"""The clause that is broken, the value that breaks it, and what was done in words."""


def invalid_values(document: Shape, bases: Iterable[Any] | None = None, most: int = USUAL) -> tuple[Broken, ...]:
    """Values that a schema rejects, each by the one clause that it names, none twice.

    Different clauses and fields come first, so that the first few are unlike each other.

    Args:
        document: a JSON Schema as contracts write them.
        bases: valid values to be spoilt; those of `valid_values` otherwise.
        most: how many are made at most; none where the schema accepts whatever was tried.
    """
    schema = Schema(dict(document))
    given = valid_values(document) if bases is None else tuple(bases)
    found: dict[str, Broken] = {}
    turns: dict[tuple[str, str], int] = {}
    for change in islice(chain.from_iterable(_spoilt(document, base) for base in given), MOST_TRIED):
        key = look(change.value)
        if key in found or schema.is_valid(change.value):
            continue
        problems, explained = schema.problems(change.value), schema.explain(change.value)
        if len(problems) != 1 or explained is None:
            continue
        if problems[0].keyword == change.clause or problems[0].keyword in COMPOSED:
            found[key] = Broken(
                payload=change.value,
                keyword=explained.keyword,
                path=change.path,
                what=change.what,
                optional=change.optional,
            )
    ordered: list[tuple[int, int, Broken]] = []
    for place, broken in enumerate(found.values()):
        turn = turns[broken.path, broken.keyword] = turns.get((broken.path, broken.keyword), -1) + 1
        ordered.append((turn, place, broken))
    return tuple(broken for _, _, broken in sorted(ordered, key=lambda one: one[:2])[:most])


def _spoilt(document: Shape, base: Any) -> Iterator[_Change]:
    """A valid value with one thing wrong, by turns over its places: what is inside an object as well as itself."""
    places = [(place, _at(place, shape, document)) for place, shape in _places(document, document, _Place(value=base))]
    while places:
        for place, changes in list(places):
            change = next(changes, None)
            if change is None:
                places.remove((place, changes))
                continue
            field, (clause, value, what) = change
            where = "".join(f"/{step}" for step in (*place.path, *field))
            spoilt = _with(base, place.path, value)
            yield _Change(value=spoilt, clause=clause, path=where, what=what, optional=place.optional)


Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A part of a valid value."""

    value: Any
    path: Path = ()
    optional: bool = False

    def inside(self, step: str | int, *, optional: bool = False) -> _Place:
        """A part of this part."""
        return _Place(value=self.value[step], path=(*self.path, step), optional=self.optional or optional)


def _places(schema: Any, root: Shape, place: _Place) -> Iterator[tuple[_Place, Shape]]:
    """Every part of a valid value with each shape that it may have."""
    if len(place.path) > DEEPEST:
        return
    value = place.value
    for shape in shapes(schema, root):
        yield place, shape
        if isinstance(value, dict) and not is_binary(value):
            required = shape.get("required", ())
            for name, inner in shape.get("properties", {}).items():
                if name in value:
                    yield from _places(inner, root, place.inside(name, optional=name not in required))
        elif isinstance(value, list):
            heads = shape.get("prefixItems", ())
            for number in range(min(len(value), len(heads) + 1)):
                inner = heads[number] if number < len(heads) else shape.get("items", True)
                yield from _places(inner, root, place.inside(number))


def _with(node: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    step, *rest = path
    if isinstance(node, list):
        return [_with(item, tuple(rest), value) if place == step else item for place, item in enumerate(node)]
    return {**node, step: _with(node[step], tuple(rest), value)}


def _at(place: _Place, shape: Shape, root: Shape) -> Iterator[tuple[Path, Change]]:
    """What can be done to one part of a value, each with the field that it is about where that is gone then."""
    value = place.value
    if isinstance(value, dict) and not is_binary(value):
        for name in shape.get("required", ()):
            if name in value:
                left = {other: inner for other, inner in value.items() if other != name}
                yield (name,), ("required", left, f"{name} is missing")
    own: list[Iterator[Change]] = [_choices(shape), _types(shape, value)]
    if isinstance(value, str):
        own.append(_texts(shape, value))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        own.append(_numbers(shape))
    elif is_binary(value):
        own.append(_data(shape, value))
    elif isinstance(value, dict):
        own.append(_objects(shape, value))
    elif isinstance(value, list):
        own.append(_lists(shape, value))
    own.append(_refused(shape, root))
    yield from (((), change) for change in _by_turns(own))


def _by_turns(sources: list[Iterator[Change]]) -> Iterator[Change]:
    while sources:
        for source in list(sources):
            one = next(source, None)
            if one is None:
                sources.remove(source)
            else:
                yield one


# --- what breaks a clause ------------------------------------------------------------------------------------------

WRONG: Mapping[str, Callable[[Any], Any]] = {
    "number": lambda value: int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else 1,
    "string": lambda value: json.dumps(value) if isinstance(value, int | float | bool) else "1",
    "null": lambda _: None,
    "object": lambda value: {"value": value} if not isinstance(value, dict) else {},
    "array": lambda value: [value],
    "boolean": lambda value: True,
}
"""A value of each type, as like to a valid one as that type allows: what a careless service takes for it."""


def _types(shape: Shape, value: Any) -> Iterator[Change]:
    allowed = types_of(shape)
    if not allowed:
        return
    if allowed == ("binary",):
        yield from _no_data(value)
    for kind, made in WRONG.items():
        if kind not in allowed and not (kind == "number" and "integer" in allowed):
            clause = "binary" if shape.get("binary") else "type"
            yield clause, made(value), f"{kind} in place of {' or '.join(allowed)}"
    if "integer" in allowed and "number" not in allowed:
        yield "type", 1.5, "a fraction in place of integer"
    if not shape.get("binary"):
        yield "type", binary(b"\x00\x01"), f"binary data in place of {' or '.join(allowed)}"


def _no_data(value: Any) -> Iterator[Change]:
    data = bytes_of(value) or b"\x00"
    yield "binary", binary(data)["$binary"], "base64 text in place of binary data"
    yield "binary", {"type": "Buffer", "data": list(data[:MOST_ITEMS])}, "the JSON of a Buffer in place of binary data"


def _choices(shape: Shape) -> Iterator[Change]:
    for clause in ("const", "enum"):
        if clause not in shape:
            continue
        listed = shape["enum"] if clause == "enum" else [shape["const"]]
        for value in listed[:3]:
            match value:
                case bool():
                    yield clause, not value, "the other boolean"
                case str():
                    yield clause, f"{value}x", "a text that is not listed"
                    yield clause, value.swapcase(), "a listed text in the other case"
                case int() | float():
                    yield clause, value + 1, "a number that is not listed"
                    yield clause, str(value), "the text of a listed number"
                case _:
                    yield clause, "notListed", "a text that is not listed"
        yield clause, None, "null in place of a listed value"
        yield clause, "", "an empty text in place of a listed value"


BROKEN_FORMATS: Mapping[str, tuple[str, ...]] = {
    "date-time": ("2026-02-30T00:00:00Z", "2026-01-02", "yesterday", ""),
    "date": ("2026-02-30", "02/01/2026", ""),
    "uuid": ("3f2b8c1e-5a4d-4e6f-8b7a", "3f2b8c1e-5a4d-4e6f-8b7a-9c0d1e2f3a4g", ""),
}


def _texts(shape: Shape, value: str) -> Iterator[Change]:
    least, most = int(shape.get("minLength", 0)), shape.get("maxLength")
    if least:
        yield "minLength", (value or "a")[:1] * (least - 1), f"{least - 1} characters"
    if most is not None and most < LONGEST:
        yield "maxLength", (value or "a").ljust(int(most) + 1, (value or "a")[-1]), f"{int(most) + 1} characters"
    if "pattern" in shape:
        for text in ("", " ", f"{value}!", f" {value}", value[:-1], value.swapcase(), value[::-1], "\u00e9", "?"):
            yield "pattern", text, "a text that does not match the pattern"
    for text in BROKEN_FORMATS.get(str(shape.get("format")), ()):
        yield "format", text, f"no {shape['format']}"


def _numbers(shape: Shape) -> Iterator[Change]:
    for clause, step in (("minimum", -1), ("maximum", 1)):
        if clause in shape:
            yield clause, shape[clause] + step, f"1 {'under' if step < 0 else 'over'} the {clause}"
            yield clause, shape[clause] + step * 1_000_000, f"far {'under' if step < 0 else 'over'} the {clause}"
    for clause in ("exclusiveMinimum", "exclusiveMaximum"):
        if clause in shape:
            yield clause, shape[clause], "the bound that is excluded"
    if "multipleOf" in shape:
        step, low = shape["multipleOf"], shape.get("minimum", 0)
        within = int(-(-low // step) * step + 1) if step > 1 else low + step / 2
        yield "multipleOf", within, f"no multiple of {step}"


def _data(shape: Shape, value: Any) -> Iterator[Change]:
    data = bytes_of(value) or b"\x00"
    least, most = int(shape.get("minBytes", 0)), shape.get("maxBytes")
    if least:
        yield "minBytes", binary((data * least)[: least - 1]), f"{least - 1} bytes"
    if most is not None and most < LONGEST:
        yield "maxBytes", binary((data * (int(most) + 1))[: int(most) + 1]), f"{int(most) + 1} bytes"


def _lists(shape: Shape, value: list[Any]) -> Iterator[Change]:
    least, most = int(shape.get("minItems", 0)), shape.get("maxItems")
    if least:
        yield "minItems", value[: least - 1], f"{least - 1} items"
    if most is not None and most < MOST_ITEMS:
        item = value[-1] if value and not shape.get("uniqueItems") else STRANGE_FIELD
        more = [item] * (int(most) + 1 - len(value))
        yield "maxItems", [*value, *more], f"{int(most) + 1} items"
    if shape.get("items") is False and most is None:
        yield "items", [*value, None], "an item too many"
    if shape.get("uniqueItems") and value:
        kept = value[:-1] if most is not None and len(value) >= most else value
        yield "uniqueItems", [*kept, value[0]], "an item twice"


def _objects(shape: Shape, value: dict[str, Any]) -> Iterator[Change]:
    if shape.get("additionalProperties") is False:
        yield "additionalProperties", {**value, STRANGE_FIELD: 1}, "a field that is not allowed"
    elif isinstance(shape.get("additionalProperties"), Mapping):
        for clause in ("type", "minLength", "enum"):
            yield clause, {**value, STRANGE_FIELD: None}, "null in a field of one's own"
    if "propertyNames" in shape:
        for name in ("", "?", STRANGE_FIELD * 4):
            for clause in ("pattern", "minLength", "maxLength", "enum"):
                yield clause, {**value, name: 1}, f"a field of the name {name[:20]!r}"
    for name, needed in shape.get("dependentRequired", {}).items():
        for other in needed if name in value else ():
            left = {kept: inner for kept, inner in value.items() if kept != other}
            yield "dependentRequired", left, f"{name} without {other}"
    least, most = int(shape.get("minProperties", 0)), shape.get("maxProperties")
    if least:
        yield "minProperties", dict(list(value.items())[: least - 1]), f"{least - 1} fields"
    if most is not None and most < MOST_ITEMS:
        extra = {f"field{number}": 1 for number in range(int(most) + 1 - len(value))}
        yield "maxProperties", {**value, **extra}, f"{int(most) + 1} fields"


def _refused(shape: Shape, root: Shape) -> Iterator[Change]:
    """What `not` says that a value must not be, and lists without what they have to contain."""
    if "not" in shape:
        for value in islice(candidates(shape["not"], root, 2), 4):
            yield "not", value, "a value that is ruled out"
    if "contains" in shape:
        yield "contains", [], "no item of those that it has to contain"
