"""Ids that keep a schema: what is played in place of the id of a room or of a namespace comes from its contract."""

from __future__ import annotations

import random
import re
import string
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from contracts.schema import Schema, kinds

LEAST_NUMBER = 1_000_000_000
"""The least id that is drawn where the schema lets numbers be so large: no id of a real subject is met by chance."""

MOST_NUMBER = 2**31 - 1
"""The largest that is drawn: databases keep ids in 32 bits, whatever a contract says."""

MOST_REPEATED = 12
"""How often at most something is repeated whose pattern has no bound: enough that two ids are hardly ever the same."""

TRIES = 64
"""How many candidates are drawn before a schema counts as one of which no ids can be made."""

WORD = string.ascii_lowercase + string.digits

NUMBER = re.compile("-?(0|[1-9][0-9]{0,17})")
"""The digits of an integer, as JSON writes it."""


def drawn(schema: Schema, chance: random.Random) -> Any | None:
    """A value that keeps the schema of an id; None where none could be made."""
    document = _whole(schema.document)
    for _ in range(TRIES):
        value = _candidate(document, chance)
        if value is not None and schema.is_valid(value):
            return value
    return None


BOUNDS = ("pattern", "format", "enum", "const")


def _whole(document: Mapping[str, Any]) -> dict[str, Any]:
    """The keywords of a schema and of those that it puts together by `allOf`."""
    found = {name: value for part in document.get("allOf", ()) for name, value in part.items()}
    return {**found, **{name: value for name, value in document.items() if name != "allOf"}}


def id_type(schema: Schema) -> str | None:
    """Whether ids are texts (`string`) or numbers (`integer`); None where they may be either, or something else."""
    document = _whole(schema.document)
    given = choices(schema)
    if given is not None:
        if all(isinstance(one, str) for one in given):
            return "string"
        return "integer" if all(isinstance(one, int) and not isinstance(one, bool) for one in given) else None
    own = kinds(document)
    if not own:
        return "string" if {"pattern", "format", "minLength", "maxLength"} & document.keys() else None
    return own[0] if len(own) == 1 and own[0] in ("string", "integer") else None


def bounded(schema: Schema) -> bool:
    """Whether ids are more than any text of a length."""
    return id_type(schema) == "integer" or any(name in _whole(schema.document) for name in BOUNDS)


def number_of(subject: Any) -> Any:
    """The integer that a text is the digits of; the text itself where it is no such."""
    return int(subject) if isinstance(subject, str) and NUMBER.fullmatch(subject) else subject


def choices(schema: Schema) -> tuple[Any, ...] | None:
    """The ids of an enumeration; None where the schema is none."""
    document = _whole(schema.document)
    if "const" in document:
        return (document["const"],)
    return tuple(document["enum"]) if "enum" in document else None


def _candidate(document: Mapping[str, Any], chance: random.Random) -> Any | None:
    if "const" in document or "enum" in document:
        return chance.choice(document.get("enum") or [document.get("const")])
    if "pattern" in document:
        return matching(str(document["pattern"]), chance)
    if "integer" in kinds(document):
        return _number(document, chance)
    if document.get("format") == "uuid":
        return str(uuid.UUID(int=chance.getrandbits(128), version=4))
    if "string" in kinds(document) or not kinds(document):
        least, most = int(document.get("minLength", 1)), int(document.get("maxLength", 24))
        return "".join(chance.choices(WORD, k=max(least, min(most, 24))))
    return None


def _number(document: Mapping[str, Any], chance: random.Random) -> int:
    step = int(document.get("multipleOf", 1)) or 1
    most = min(document.get("maximum", MOST_NUMBER), document.get("exclusiveMaximum", MOST_NUMBER + 1) - 1)
    least = max(document.get("minimum", 0), document.get("exclusiveMinimum", -1) + 1)
    if least <= LEAST_NUMBER < most:
        least = LEAST_NUMBER
    return int(chance.randint(int(least), max(int(least), int(most))) // step * step)


def matching(pattern: str, chance: random.Random) -> str | None:
    """A text that a pattern takes; None for a pattern of which none can be made, such as one with a look-ahead."""
    try:
        tree = _parsed(pattern)
        return "".join(_texts(tree, chance))
    except (_Unknown, re.error, ValueError):
        return None


class _Unknown(Exception):
    """A construct of patterns of which no text is made."""


def _parsed(pattern: str) -> Any:
    from re import _parser  # type: ignore[attr-defined]

    return _parser.parse(pattern)


def _texts(tree: Any, chance: random.Random) -> Iterator[str]:
    """The parts of a text, one for each part of a parsed pattern."""
    for name, value in tree:
        match str(name):
            case "AT":
                continue
            case "LITERAL":
                yield chr(value)
            case "NOT_LITERAL":
                yield chance.choice([letter for letter in WORD if ord(letter) != value])
            case "ANY":
                yield chance.choice(WORD)
            case "IN":
                yield chance.choice(_letters(value))
            case "BRANCH":
                yield "".join(_texts(chance.choice(value[1]), chance))
            case "SUBPATTERN":
                yield from _texts(value[3], chance)
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                least, most, inner = value
                # As many as may be: a longer id is hardly ever one that exists already.
                for _ in range(min(int(most), max(int(least), MOST_REPEATED))):
                    yield from _texts(inner, chance)
            case other:
                raise _Unknown(other)


CATEGORIES: Mapping[str, str] = {
    "CATEGORY_DIGIT": string.digits,
    "CATEGORY_WORD": WORD,
    "CATEGORY_SPACE": " ",
    "CATEGORY_NOT_DIGIT": string.ascii_lowercase,
    "CATEGORY_NOT_SPACE": WORD,
    "CATEGORY_NOT_WORD": "-",
}

PRINTABLE = string.ascii_letters + string.digits + "-._~"
"""What stands for a class that names what it does not take: letters that no address escapes (RFC 3986 §2.3)."""


def _letters(members: Any) -> str:
    """The letters that a class of a pattern takes, as far as they are ASCII."""
    found: list[str] = []
    negated = False
    for name, value in members:
        match str(name):
            case "NEGATE":
                negated = True
            case "LITERAL":
                found.append(chr(value))
            case "RANGE":
                found += map(chr, range(value[0], min(value[1], 126) + 1))
            case "CATEGORY":
                found += CATEGORIES.get(str(value), "")
    letters = [letter for letter in PRINTABLE if letter not in found] if negated else found
    if not letters:
        raise _Unknown("a class without an ASCII letter")
    return "".join(letters)
