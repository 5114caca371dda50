"""Values as lies have them: in another type, with another value, or not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from contracts.binary import binary, bytes_of, is_binary
from contracts.pointer import pointed
from contracts.schema import Schema


def altered(document: Any, at: str, value: Any) -> Any:
    """A copy of a document with another value in a place; as it is where the place is not there."""
    steps = at.split("/")[1:]
    if not steps:
        return value
    step, rest = steps[0], "".join(f"/{one}" for one in steps[1:])
    if isinstance(document, list) and step.isdigit() and int(step) < len(document):
        place = int(step)
        return [*document[:place], altered(document[place], rest, value), *document[place + 1 :]]
    if isinstance(document, dict) and step in document:
        return {**document, step: altered(document[step], rest, value)}
    return document


def without(document: Any, at: str) -> Any:
    """A copy of a document without a field; an argument is cut off with all behind it."""
    above, _, step = at.rpartition("/")
    parent = pointed(document, above) if above else document
    if isinstance(parent, dict):
        return altered(document, above, {name: one for name, one in parent.items() if name != step})
    if isinstance(parent, list) and step.isdigit():
        return altered(document, above, parent[: int(step)])
    return document


def of_another_type(value: Any) -> Any:
    """The same in another type, as careless code writes it: a number as a text, a text in a list, bytes as base64."""
    match value:
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return f"{value}"
        case str():
            return [value]
        case list():
            return {str(place): one for place, one in enumerate(value)}
        case dict() if is_binary(value):
            return next(iter(value.values()))
        case dict():
            return [[name, one] for name, one in value.items()]
        case _:
            return "none"


def another_value(value: Any, shape: Mapping[str, Any]) -> Any:
    """Another value, one that the schema allows as well where that can be found."""
    schema = Schema(dict(shape))
    candidates = [one for one in _others(value, shape) if one != value]
    return next((one for one in candidates if schema.is_valid(one)), next(iter(candidates), value))


def _others(value: Any, shape: Mapping[str, Any]) -> Iterator[Any]:
    yield from shape.get("enum", ())
    match value:
        case bool():
            yield not value
        case int() | float():
            yield from (value + 1, value - 1, value / 2)
        case str():
            yield from (f"{value}.", value[:-1], value.swapcase(), f"{value[:-1]}.")
        case dict() if is_binary(value):
            data = bytes_of(value) or b""
            yield from (binary(data + b"."), binary(data[:-1]))


def at_bound(value: Any, shape: Mapping[str, Any]) -> bool:
    """Whether a value is at an end of its range or length."""
    if isinstance(value, str):
        return len(value) == shape.get("maxLength")
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and value in (shape.get("minimum"), shape.get("maximum"))
