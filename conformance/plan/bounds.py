"""The edges of a payload's schema: valid payloads that differ from a plain one in one field alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.binary import binary
from contracts.schema import Schema, kinds

LONGEST = 100_000
"""Characters of the longest text that is sent: a tenth of what servers take at most (`maxHttpBufferSize`)."""

MOST_ITEMS = 100
"""Items of the longest list that is sent."""

INSIDE = 1e-6
"""How far inside an exclusive bound a number is: a step that a double keeps up to 10^9."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A valid payload, and what is at its edge: the name of the field and the value, or that it is left out."""

    label: str
    payload: Any


def edges_of(schema: Schema, plain: Any, examples: tuple[Any, ...], key: str) -> list[Edge]:
    """Valid payloads at the edges of a schema, none twice and none like the plain one.

    Each number at its minimum, its maximum, just inside an exclusive bound, and 0; each text at its shortest and its
    longest, binary data likewise; each value of an enumeration; each boolean; null where it is allowed; each optional
    field left out, and all of them given; and the contract's own valid examples. A text with a `pattern` or a `format`
    has no edge that can be guessed: what the schema rejects of all this is left out.

    Args:
        plain: a payload that is known to be taken.
        examples: further payloads that the contract calls valid, for the same room.
        key: the field that names the room's subject, which stays as it is.
    """
    found: list[Edge] = []

    def look(payload: Any) -> str:
        """What tells payloads apart: their documented fields. In `repr`, unlike in Python, true is not 1."""
        if not isinstance(payload, dict):
            return repr(payload)
        return repr(sorted((name, value) for name, value in payload.items() if name in schema.properties()))

    known = {look(plain)}
    for edge in (*_made(schema.document, plain, examples, key), *_given(examples)):
        if look(edge.payload) not in known and schema.is_valid(edge.payload):
            known.add(look(edge.payload))
            found.append(edge)
    return found


def _given(examples: tuple[Any, ...]) -> Iterator[Edge]:
    for number, example in enumerate(examples, 1):
        yield Edge(label=f"valid example {number}", payload=example)


def _made(document: Mapping[str, Any], plain: Any, examples: tuple[Any, ...], key: str) -> Iterator[Edge]:
    if not isinstance(plain, dict):
        return
    shapes = {name: shape for name, shape in document.get("properties", {}).items() if isinstance(shape, dict)}
    required = document.get("required", ())
    full = dict(plain)
    for name, shape in shapes.items():
        if name == key:
            continue
        for value in _values(shape):
            yield Edge(label=f"{name}: {value!r:.40}", payload={**plain, name: value})
        inner = plain.get(name)
        for edge in _made(shape, inner, (), key):
            yield Edge(label=f"{name}.{edge.label}", payload={**plain, name: edge.payload})
        if name not in required and name in plain:
            yield Edge(label=f"without {name}", payload={other: plain[other] for other in plain if other != name})
        if name not in plain:
            sample = next((one[name] for one in examples if isinstance(one, dict) and name in one), _sample(shape))
            full |= {name: sample} if sample is not None else {}
    yield Edge(label="every optional field", payload=full)


def _values(shape: Mapping[str, Any]) -> Iterator[Any]:
    """The values at the edges of one field's schema; some may break another keyword of it."""
    allowed = kinds(shape)
    yield from shape.get("enum", ())
    if "null" in allowed:
        yield None
    if "boolean" in allowed:
        yield from (True, False)
    if "number" in allowed or "integer" in allowed:
        yield from _numbers(shape, whole="number" not in allowed)
    if "string" in allowed:
        yield from ("m" * length for length in _lengths((shape.get("minLength"), shape.get("maxLength")), LONGEST))
    if shape.get("binary"):
        lengths = _lengths((shape.get("minBytes"), shape.get("maxBytes")), LONGEST)
        yield from (binary(bytes(index % 256 for index in range(length))) for length in lengths)
    if "array" in allowed:
        item = shape.get("items")
        sample = _sample(item) if isinstance(item, dict) else None
        bounds = (shape.get("minItems", 0), shape.get("maxItems"))
        yield from ([sample] * length for length in _lengths(bounds, MOST_ITEMS))


def _lengths(bounds: Iterable[int | None], most: int) -> Iterator[int]:
    return (length for length in bounds if length is not None and length <= most)


def _numbers(shape: Mapping[str, Any], *, whole: bool) -> Iterator[float]:
    step = shape.get("multipleOf", 1 if whole else INSIDE)
    yield from (shape[bound] for bound in ("minimum", "maximum") if bound in shape)
    if "exclusiveMinimum" in shape:
        yield shape["exclusiveMinimum"] + step
    if "exclusiveMaximum" in shape:
        yield shape["exclusiveMaximum"] - step
    yield 0


def _sample(shape: Mapping[str, Any]) -> Any:
    """Some value of a schema; None where none can be guessed."""
    if "const" in shape:
        return shape["const"]
    if {"pattern", "format"} & shape.keys():
        return None
    if shape.get("binary"):
        return binary(b"m" * max(1, shape.get("minBytes", 1)))
    values = [value for value in _values(shape) if value is not None]
    kind = next((kind for kind in kinds(shape) if kind != "null"), None)
    usual: dict[Any, Any] = {"string": "m" * max(1, shape.get("minLength", 1)), "object": None}
    return usual.get(kind) if kind in usual and "enum" not in shape else next(iter(values), None)
