"""A payload schema, compiled once: the fast verdict of jsonschema-rs, the words of jsonschema.

Both read JSON Schema 2020-12 with `format` asserted, and the keywords `binary`, `minBytes` and `maxBytes` of
`contracts.binary_schema`. A property test holds the two to the same verdict on generated payloads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from contracts.binary_schema import BINARY_KEYS, binary_expectation, checks_of, instead, plain_schema, with_binary
from contracts.patterns import engine, with_linear_patterns

if TYPE_CHECKING:
    import jsonschema
    import jsonschema_rs

SHOWN_CHARACTERS = 80
"""How much of a value a message quotes: one line of a terminal."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One reason why a payload breaks its schema."""

    path: str
    """Where in the payload, as in `participants[0].userId`; empty for the payload itself."""
    keyword: str
    """The schema keyword that rejects it."""
    expected: str
    got: str

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        return f"{where}expected {self.expected}, got {self.got}"


TOO_DEEP = Problem(path="", keyword="type", expected="a payload of ordinary depth", got="one too deep to read")


def _problem(error: Any) -> Problem:
    return Problem(
        path=_dotted(error.absolute_path),
        keyword=str(error.validator),
        expected=expectation(str(error.validator), error.validator_value, error.instance),
        got=_got(str(error.validator), error.instance),
    )


@dataclass(frozen=True)
class Schema:
    """A JSON Schema 2020-12 of one payload."""

    document: dict[str, Any]

    @cached_property
    def _fast(self) -> jsonschema_rs.Draft202012Validator:
        import jsonschema_rs

        document = plain_schema(self.document)
        return jsonschema_rs.Draft202012Validator(
            document, validate_formats=True, formats=checks_of(self.document), pattern_options=engine()
        )

    @cached_property
    def _wordy(self) -> jsonschema.Draft202012Validator:
        validator: jsonschema.Draft202012Validator = _wordy()(self.document, format_checker=_format_checker())
        return validator

    def is_valid(self, payload: object) -> bool:
        """Say whether the payload keeps the schema."""
        try:
            return self._fast.is_valid(payload)
        except (UnicodeEncodeError, ValueError, RecursionError):
            # Lone surrogates and very deep values are legal JSON that Rust strings and its stack refuse.
            return self.explain(payload) is None

    def explain(self, payload: object) -> Problem | None:
        """Say why a payload is rejected, by its shallowest error; None where it is accepted."""
        from jsonschema.exceptions import best_match

        try:
            error = best_match(self._wordy.iter_errors(payload))
        except RecursionError:
            return TOO_DEEP
        return _problem(error) if error is not None else None

    def problems(self, payload: object) -> tuple[Problem, ...]:
        """Every reason why a payload is rejected; none where it is accepted."""
        try:
            return tuple(map(_problem, self._wordy.iter_errors(payload)))
        except RecursionError:
            return (TOO_DEEP,)

    def accepts(self, name: str, value: object) -> bool:
        """Whether a top-level property may have this value, whatever the others have."""
        return self._properties_alone.is_valid({name: value})

    @cached_property
    def _properties_alone(self) -> Schema:
        return Schema({key: self.document[key] for key in ("properties", "$defs") if key in self.document})

    def properties(self) -> dict[str, Any]:
        """The schemas of the top-level properties, by name."""
        properties: dict[str, Any] = self.document.get("properties", {})
        return properties


def kinds(shape: object) -> tuple[str, ...]:
    """The types that a schema allows by its `type`, whether that is one name or a list; empty where it has none."""
    named = shape.get("type", ()) if isinstance(shape, Mapping) else ()
    return (named,) if isinstance(named, str) else tuple(named)


def shown(value: object, limit: int = SHOWN_CHARACTERS) -> str:
    """Quote a value as compact JSON, cut to `limit` characters with the cut said."""
    import json

    try:
        text = json.dumps(value, ensure_ascii=False, separators=(", ", ": "), default=repr)
    except (RecursionError, ValueError):
        return "a value too deep to show"
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"


@cache
def _wordy() -> Any:
    """The class of jsonschema's validator that says why a payload is rejected."""
    return with_linear_patterns(with_binary())


def _dotted(path: Any) -> str:
    words = ""
    for step in path:
        words += f"[{step}]" if isinstance(step, int) else (f".{step}" if words else str(step))
    return words


def _got(keyword: str, instance: Any) -> str:
    """What there was instead, with what is known of it where binary data was expected."""
    what = instead(keyword, instance) if keyword in BINARY_KEYS else None
    return shown(instance) + (f" ({what})" if what else "")


def expectation(keyword: str, value: Any, instance: Any) -> str:
    """What a schema expects by a keyword where a value was rejected, in words."""
    match keyword:
        case "required":
            missing = [name for name in value if not isinstance(instance, dict) or name not in instance]
            return "the field " + ", ".join(f"`{name}`" for name in missing)
        case "type":
            return " or ".join(value) if isinstance(value, list) else f"type {value}"
        case "enum":
            return "one of " + ", ".join(shown(item) for item in value)
        case "format":
            return f"a {value}"
        case "minimum":
            return f"at least {value}"
        case "maximum":
            return f"at most {value}"
        case "minLength":
            return f"at least {value} characters"
        case "maxLength":
            return f"at most {value} characters"
        case "binary" | "minBytes" | "maxBytes":
            return binary_expectation(keyword, value)
        case "const":
            return shown(value)
        case _:
            return f"{keyword} {shown(value)}"


def _format_checker() -> jsonschema.FormatChecker:
    import jsonschema

    checker = jsonschema.FormatChecker(formats=["date", "uuid"])

    @checker.checks("date-time")
    def is_date_time(value: object) -> bool:
        from rfc3339_validator import validate_rfc3339

        if not isinstance(value, str):
            return True
        # RFC 3339 §5.6 allows the leap second, which the validator's datetime cannot hold.
        return bool(validate_rfc3339(value.replace(":59:60", ":59:59")))

    return checker
