"""Patterns of contracts, run by an engine whose time grows with the length of the text and nothing else.

Python's own engine takes time that doubles with each character for a pattern such as `^(a+)+$`: a contract, or a
payload of a hostile service, could hold a check for ever. That of Rust, which jsonschema-rs has, cannot; it knows
neither look-around nor back-references, and a contract that uses them is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import jsonschema
    import jsonschema_rs


def engine() -> jsonschema_rs.RegexOptions:
    """What jsonschema-rs is told where it validates payloads."""
    import jsonschema_rs

    return jsonschema_rs.RegexOptions()


@cache
def _compiled(pattern: str) -> jsonschema_rs.Draft202012Validator:
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=engine())


def is_pattern(text: object) -> bool:
    """Whether the engine takes a pattern."""
    try:
        _compiled(str(text))
    except ValueError:
        return False
    return True


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern is found in a text, as JSON Schema has it. A lone surrogate counts as any other character."""
    return _compiled(pattern).is_valid(text.encode("utf-8", "replace").decode())


def with_linear_patterns(validators: Any) -> Any:
    """A class of jsonschema's validators whose keywords that take patterns use this engine."""
    import jsonschema

    return jsonschema.validators.extend(  # type: ignore[no-untyped-call]
        validators,
        {"pattern": _pattern, "patternProperties": _pattern_properties, "additionalProperties": _additional},
    )


def _pattern(validator: Any, value: str, instance: Any, _: Any) -> Iterator[jsonschema.ValidationError]:
    from jsonschema import ValidationError

    if validator.is_type(instance, "string") and not matches(value, instance):
        yield ValidationError(f"{instance!r} does not match {value!r}")


def _pattern_properties(validator: Any, value: Any, instance: Any, _: Any) -> Iterator[jsonschema.ValidationError]:
    if validator.is_type(instance, "object"):
        for pattern, schema in value.items():
            for name in [name for name in instance if matches(pattern, name)]:
                yield from validator.descend(instance[name], schema, path=name, schema_path=pattern)


def _additional(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[jsonschema.ValidationError]:
    from jsonschema import ValidationError

    if not validator.is_type(instance, "object"):
        return
    patterns = schema.get("patternProperties", {})
    rest = [name for name in instance if name not in schema.get("properties", {})]
    rest = [name for name in rest if not any(matches(pattern, name) for pattern in patterns)]
    if validator.is_type(value, "object"):
        for name in rest:
            yield from validator.descend(instance[name], value, path=name)
    elif not value and rest:
        yield ValidationError(f"{', '.join(map(repr, rest))} unexpected")
