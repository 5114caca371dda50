"""The keywords `binary`, `minBytes` and `maxBytes` of payload schemas, for both validators.

What is binary is nothing that JSON has: it is no object, though it is written as one (`contracts.binary`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Any

from contracts.binary import KEY, NOT_THE_FORM, bytes_of, described, is_binary

MAPS = ("properties", "patternProperties", "$defs")
"""Keywords that hold schemas by name."""
LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
"""Keywords that hold lists of schemas."""
SINGLES = ("items", "additionalProperties", "propertyNames", "contains", "not", "if", "then", "else")
"""Keywords that hold one schema."""

BINARY_KEYS = ("binary", "minBytes", "maxBytes")


def plain_schema(schema: Any) -> Any:
    """A schema that says the same in JSON Schema alone: the keywords as formats, and `object` without binary."""
    if not isinstance(schema, dict):
        return schema
    made = {name: _inner(name, value) for name, value in schema.items() if name not in BINARY_KEYS}
    if schema.get("binary"):
        form = {"type": "string", "format": _format(schema)}
        made["allOf"] = [*made.get("allOf", ()), {"type": "object", **NOT_THE_FORM, "properties": {KEY: form}}]
    elif "object" in _types(schema):
        made["allOf"] = [*made.get("allOf", ()), {"not": {"type": "object", **NOT_THE_FORM}}]
    return made


def _inner(name: str, value: Any) -> Any:
    if name in MAPS and isinstance(value, dict):
        return {key: plain_schema(inner) for key, inner in value.items()}
    if name in LISTS and isinstance(value, list):
        return [plain_schema(inner) for inner in value]
    return plain_schema(value) if name in SINGLES else value


def _types(schema: Mapping[str, Any]) -> tuple[str, ...]:
    named = schema.get("type", ())
    return (named,) if isinstance(named, str) else tuple(named)


def binary_schemas(schema: Any) -> Iterator[Mapping[str, Any]]:
    """Every schema for binary data inside a schema, itself included."""
    if not isinstance(schema, dict):
        return
    if schema.get("binary"):
        yield schema
    for name, value in schema.items():
        inner = value.values() if name in MAPS and isinstance(value, dict) else value if name in LISTS else [value]
        if name in (*MAPS, *LISTS, *SINGLES):
            for one in inner:
                yield from binary_schemas(one)


def _format(schema: Mapping[str, Any]) -> str:
    return f"binary {schema.get('minBytes', 0)} {schema.get('maxBytes', '')}"


def checks_of(schema: Any) -> dict[str, Callable[[str], bool]]:
    """The formats that stand for the keywords in a plain schema."""
    return {_format(one): partial(_fits, one.get("minBytes", 0), one.get("maxBytes")) for one in binary_schemas(schema)}


def _fits(least: int, most: int | None, text: str) -> bool:
    data = bytes_of({KEY: text})
    return data is not None and least <= len(data) and (most is None or len(data) <= most)


def binary_expectation(keyword: str, value: Any) -> str:
    """What a keyword expects, in words."""
    if keyword == "binary":
        return "binary data (an attachment)"
    return f"at {'least' if keyword == 'minBytes' else 'most'} {value} bytes"


def instead(keyword: str, instance: Any) -> str | None:
    """What a value is that a keyword rejects, in words; None where nothing is known of it."""
    return described(instance) if keyword == "binary" else f"{len(bytes_of(instance) or b'')} bytes"


@cache
def with_binary() -> Any:
    """The class of jsonschema's validator that knows the keywords."""
    import jsonschema

    def is_object(_: Any, instance: Any) -> bool:
        return isinstance(instance, dict) and not is_binary(instance)

    def binary(_: Any, value: Any, instance: Any, __: Any) -> Iterator[jsonschema.ValidationError]:
        if value and bytes_of(instance) is None:
            yield jsonschema.ValidationError(f"{instance!r} is not binary")

    def least(_: Any, value: Any, instance: Any, __: Any) -> Iterator[jsonschema.ValidationError]:
        data = bytes_of(instance)
        if data is not None and len(data) < value:
            yield jsonschema.ValidationError(f"{len(data)} bytes are too few")

    def most(_: Any, value: Any, instance: Any, __: Any) -> Iterator[jsonschema.ValidationError]:
        data = bytes_of(instance)
        if data is not None and len(data) > value:
            yield jsonschema.ValidationError(f"{len(data)} bytes are too many")

    return jsonschema.validators.extend(  # type: ignore[no-untyped-call]
        jsonschema.Draft202012Validator,
        {"binary": binary, "minBytes": least, "maxBytes": most},
        type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("object", is_object),
    )
