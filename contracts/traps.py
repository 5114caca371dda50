"""Invalid values that are traps for careless code.

Texts that look like valid ones, names that mean something to a language, and numbers that no type holds. Each is held
against the schema, as every invalid value is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from contracts.binary import is_binary
from contracts.invalid_values import Broken
from contracts.schema import Schema
from contracts.shapes import Shape
from contracts.valid_values import look

LIKE_TEXTS = (
    ("{}\u200b", "a zero-width space after it"),
    ("\u202e{}", "a right-to-left override before it"),
    ("{}\u0000", "a NUL after it"),
    ("{}\ufeff", "a byte order mark after it"),
    (" {} ", "spaces around it"),
    ("{}\n", "a line break after it"),
    ("{}\u0301", "a combining accent after it"),
)
"""What a listed or patterned text becomes, that no eye can tell from it."""

NUMBERS = (2**53 + 1, -(2**63) - 1, 2**64, 1e308, -1e308, 1e-320)
"""Numbers that lose their value, or overflow, in the types that services keep them in."""

NAMES = ("__proto__", "constructor", "toString", "hasOwnProperty", "length", "$where")
"""Names that mean something to a language or a database."""

DEEP_LEVELS = 200
"""Nesting of a deep value: far under the depth at which JSON readers give up."""

LONG_CHARACTERS = 100_000
"""Characters of a huge text: a tenth of what a packet may have by default."""


def trapped(document: Shape, bases: Iterable[Any]) -> tuple[Broken, ...]:
    """Traps that a schema rejects for one reason, each a valid value in which one field is another.

    Args:
        document: a JSON Schema as contracts write them.
        bases: valid values.
    """
    schema = Schema(dict(document))
    found: dict[str, Broken] = {}
    for base in list(bases)[:1]:
        required = set(document.get("required", ())) if isinstance(base, dict) else set()
        for path, value, what in _traps(base, ()):
            key = look(value)
            problems = schema.problems(value) if key not in found else ()
            if len(problems) == 1:
                explained = schema.explain(value)
                keyword = explained.keyword if explained is not None else problems[0].keyword
                optional = bool(path) and isinstance(base, dict) and path[0] not in required
                where = "".join(f"/{step}" for step in path)
                found[key] = Broken(payload=value, keyword=keyword, path=where, what=what, optional=optional)
    return tuple(found.values())


Trap = tuple[tuple[str | int, ...], Any, str]
"""The place of a trap in a value, the whole value with it, and what it is."""


def _traps(value: Any, path: tuple[str | int, ...]) -> Iterator[Trap]:
    """Every trap in a value."""
    if isinstance(value, dict) and not is_binary(value):
        yield from _in_object(value, path)
        return
    match value:
        case list():
            for place, item in enumerate(value[:4]):
                for inner, changed, what in _traps(item, (*path, place)):
                    yield inner, [*value[:place], changed, *value[place + 1 :]], what
        case str():
            yield from ((path, form.format(value), what) for form, what in LIKE_TEXTS)
            yield path, "x" * LONG_CHARACTERS, f"{LONG_CHARACTERS} characters"
        case int() | float() if not isinstance(value, bool):
            yield from ((path, number, f"the number {number:g}") for number in NUMBERS)
            yield path, f"{value}", "the text of it"
    deep: Any = value
    for _ in range(DEEP_LEVELS):
        deep = [deep]
    yield path, deep, f"{DEEP_LEVELS} lists around it"
    yield path, dict.fromkeys(NAMES, value), "an object of names that mean something to a language"


def _in_object(value: dict[str, Any], path: tuple[str | int, ...]) -> Iterator[Trap]:
    for name in value:
        for inner, changed, what in _traps(value[name], (*path, name)):
            yield inner, {**value, name: changed}, what
    for name in NAMES:
        yield path, {name: value}, f"all of it in a field named {name}"
    for name in value:
        renamed = {(f"{one}\u200b" if one == name else one): inner for one, inner in value.items()}
        yield (*path, name), renamed, f"{name} with a zero-width space in its name"
