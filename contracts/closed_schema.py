"""A closed schema of documents that people write, and what it says of one that breaks it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from contracts.patterns import is_pattern
from contracts.schema import expectation, shown

if TYPE_CHECKING:
    import jsonschema_rs

Where = tuple[str | int, ...]
MEANT = {
    "name": ("event", "call"), "title": ("event",), "description": ("summary",), "doc": ("source",),
    "docs": ("source",), "reference": ("source",), "schema": ("payload",), "data": ("payload",), "body": ("payload",),
    "message": ("payload",), "type": ("payload",), "properties": ("payload",), "arguments": ("args",),
    "params": ("args", "query"), "parameters": ("args", "query"), "to": ("receivers",), "recipients": ("receivers",),
    "audience": ("receivers",), "target": ("receivers",), "ack": ("reply",), "response": ("reply", "answer"),
    "returns": ("reply", "answer"), "callback": ("reply",), "acknowledgement": ("reply",), "trigger": ("caused_by",),
    "cause": ("caused_by",), "when": ("caused_by",), "on": ("caused_by",), "emits": ("effect", "broadcast"),
    "emit": ("effect", "broadcast"), "causes": ("effect", "broadcast"), "event": ("broadcast",),
    "triggers": ("effect",), "sends": ("effect", "broadcast"), "joins": ("membership", "effect"),
    "join": ("membership", "effect"), "timeout": ("deadline_ms",), "timeout_ms": ("deadline_ms",),
    "within_ms": ("deadline_ms",), "rate": ("most_per_s", "per_s"), "url": ("path",), "endpoint": ("path",),
    "nsp": ("namespace",), "connect": ("connection",), "id": ("key",), "field": ("key",), "example": ("examples",),
    "emitted_by": ("client_to_server",), "direction": ("client_to_server", "server_to_client"),
    "request": ("client_to_server",), "response_time": ("deadline_ms",), "broadcast": ("server_to_client",),
}  # fmt: skip
"""What other languages call the keys of this one; the first that is known where it stands is meant."""
SCHEMA_WORD = "patternProperties"
"""A keyword by which a part of the closed schema is recognised as one that takes JSON Schemas."""
LEAST_LIKE = 0.5
"""How alike a key and a known one have to be, by difflib's ratio."""
LEAST_LIKE_A_KEYWORD = 0.7
"""The same in a JSON Schema, whose author may have meant a field."""
TYPES = {"object": "an object", "array": "a list", "string": "a text", "integer": "an integer", "number": "a number",
         "boolean": "true or false", "null": "null"}  # fmt: skip


class ClosedSchema:
    """A schema with `$defs`, of which each is a kind of document; what keeps it is not asked for words."""

    def __init__(self, document: dict[str, Any], *, secret: bool = False) -> None:
        """`secret`: values may be secrets, and are not quoted where they are wrong."""
        self.document = document
        self._secret = secret
        self._compiled: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def faults(self, document: Any, kind: str) -> Iterator[tuple[Where, str]]:
        """What is rejected in a document of a kind: where, and in which words."""
        schema = {"$defs": self.document["$defs"], "$ref": f"#/$defs/{kind}"}
        if self._keeps(document, schema, kind):
            return
        import jsonschema

        checker = jsonschema.FormatChecker()
        checker.checkers["regex"] = (is_pattern, ())
        validator = jsonschema.Draft202012Validator(schema, format_checker=checker)
        words = _Words(self.document["$defs"], kind, secret=self._secret)
        for error in validator.iter_errors(document):
            yield from words.of(error)

    def _keeps(self, document: Any, schema: dict[str, Any], kind: str) -> bool:
        """The verdict of jsonschema-rs, a hundred times faster; False where it cannot take the values."""
        import jsonschema_rs

        if kind not in self._compiled:
            self._compiled[kind] = jsonschema_rs.Draft202012Validator(
                schema, validate_formats=True, formats={"regex": is_pattern}
            )
        try:
            return self._compiled[kind].is_valid(document)
        except (UnicodeEncodeError, ValueError, RecursionError):
            return False


class _Words:
    """Says what is wrong with a document of one kind."""

    def __init__(self, defs: dict[str, Any], kind: str, *, secret: bool) -> None:
        self._defs = defs
        self._kind = kind
        self._secret = secret

    def of(self, error: Any) -> Iterator[tuple[Where, str]]:
        """Where an error is, and in which words."""
        where = tuple(error.absolute_path)
        if (error.validator, error.validator_value) == ("format", "regex"):
            yield where, f"{error.instance!r} is no pattern that can be used; look-around and back-references cannot"
        elif error.validator == "additionalProperties" and error.validator_value is False:
            yield from self._unknown(error, where)
        elif error.validator == "anyOf" and error.context:
            yield from self._of_any(error, where)
        elif error.validator == "enum" and "propertyNames" in error.absolute_schema_path:
            allowed = ", ".join(error.validator_value)
            yield (*where, error.instance), f"the key `{error.instance}` is not allowed here; allowed: {allowed}"
        elif error.validator == "dependentRequired":
            need, key = re.findall("'([^']+)'", error.message)
            yield (*where, key), f"the key `{key}` needs `{need}` beside it"
        elif error.validator == "required":
            absent = [name for name in error.validator_value if name not in error.instance]
            # There is an error for each: this one's is the one that it names.
            name = next((name for name in absent if error.message.startswith(repr(name))), absent[0])
            yield where, f"the key `{name}` is missing{self._about(error, name)}"
        else:
            yield self._rejected(error, where)

    def _unknown(self, error: Any, where: Where) -> Iterator[tuple[Where, str]]:
        known = list(error.schema.get("properties", {}))
        is_schema = SCHEMA_WORD in known
        for key in sorted(set(error.instance) - set(known)):
            meant = () if is_schema else MEANT.get(key, ())
            like = LEAST_LIKE_A_KEYWORD if is_schema else LEAST_LIKE
            near = [name for name in meant if name in known and name not in error.instance]
            near = near or difflib.get_close_matches(key, known, n=1, cutoff=like)
            if near:
                hint = f"; did you mean `{near[0]}`?"
            elif is_schema:
                hint = "; in a JSON Schema the fields of an object stand under `properties`, and `required` lists some"
            else:
                hint = f"; known here: {', '.join(known)}"
            yield (*where, key), f"unknown key `{key}`{hint}"

    def _of_any(self, error: Any, where: Where) -> Iterator[tuple[Where, str]]:
        # One alternative fails deeper than the others, or is the only one of this type: that is what its author meant.
        deepest = max(error.context, key=lambda inner: len(inner.absolute_path))
        of_another = {inner.schema_path[0] for inner in error.context if inner.validator in ("type", "const", "enum")}
        fitting = [inner for inner in error.context if inner.schema_path[0] not in of_another]
        if len(deepest.absolute_path) > len(where):
            yield from self.of(deepest)
        elif fitting:
            yield from self.of(fitting[0])
        elif self._secret:
            yield where, f"expected {' or '.join(sorted({str(inner.validator_value) for inner in error.context}))}"
        else:
            expected = " or ".join(dict.fromkeys(_expected(one) for one in error.context))
            listed = [value for one in error.context if one.validator == "enum" for value in one.validator_value]
            yield where, self._told(error, where, expected, listed)

    def _rejected(self, error: Any, where: Where) -> tuple[Where, str]:
        keyword = expectation(error.validator, error.validator_value, error.instance)
        expected = error.schema.get("title") or (keyword if self._secret else _expected(error))
        if "propertyNames" in error.absolute_schema_path:
            return (*where, error.instance), f"the key `{error.instance}`: expected {expected}"
        if self._secret:
            return where, f"{'/'.join(map(str, where)) or 'the file'}: expected {expected}"
        listed = error.validator_value if error.validator == "enum" else []
        return where, self._told(error, where, expected, listed)

    def _told(self, error: Any, where: Where, expected: str, listed: list[Any]) -> str:
        """What was expected at a place, with an example of it, and what there is."""
        place, got = "/".join(map(str, where)) or "the file", shown(error.instance)
        near = difflib.get_close_matches(str(error.instance), [str(one) for one in listed], n=1)
        if near:
            return f'{place}: expected {expected}, got {got}; did you mean "{near[0]}"?'
        key = self._key(where)
        if error.validator == "pattern":
            expected = _begun(key.get("description", expected))
        examples = [shown(one) for one in key.get("examples", ())][:1]
        more = f", such as {examples[0]}" if examples else ""
        if not examples and error.validator == "type" and "description" in key:
            more = f" ({_begun(key['description'])})"
        return f"{place}: expected {expected}{more}, got {got}"

    def _about(self, error: Any, name: str) -> str:
        """What a key is for that is missing, and what it may be."""
        one = error.schema.get("properties", {}).get(name, {})
        if self._secret or not isinstance(one, dict) or "description" not in one:
            return ""
        example = f", such as {shown(one['examples'][0])}" if one.get("examples") else ""
        return f": {_begun(one['description'])}{example}"

    def _key(self, where: Where) -> dict[str, Any]:
        """The part of the schema that says what a key is; empty where none does."""
        found: list[dict[str, Any]] = [self._defs[self._kind]]
        for step in where:
            inside = [part for one in found for part in self._parts(one)]
            if isinstance(step, int):
                found = [part["items"] for part in inside if isinstance(part.get("items"), dict)]
                continue
            named = [part["properties"][step] for part in inside if step in part.get("properties", {})]
            others = [part["additionalProperties"] for part in inside if part.get("additionalProperties")]
            found = [one for one in named or others if isinstance(one, dict)]
        return found[0] if found and where else {}

    def _parts(self, schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """A schema, and what it refers to or leaves the choice of."""
        yield schema
        if "$ref" in schema:
            yield from self._parts(self._defs[schema["$ref"].rpartition("/")[2]])
        for one in schema.get("anyOf", ()):
            if isinstance(one, dict):
                yield from self._parts(one)


def _expected(error: Any) -> str:
    """What a keyword of the closed schema expects."""
    value = error.validator_value
    match error.validator:
        case "type":
            return " or ".join(TYPES[one] for one in (value if isinstance(value, list) else [value]))
        case "minItems":
            return f"a list of at least {value}"
        case "minProperties":
            return f"at least {value} of the keys {', '.join(error.schema.get('properties', {})) or 'that it may have'}"
        case "maxProperties":
            return f"at most {value} of the keys {', '.join(error.schema.get('properties', {})) or 'that it may have'}"
        case "uniqueItems":
            return "no value twice"
        case _:
            return expectation(error.validator, value, error.instance)


def _begun(description: str) -> str:
    """The first words of a description, to go on a sentence with."""
    said = re.split(r"[.:;] |[.:;]$", description, maxsplit=1)[0]
    return said[:1].lower() + said[1:]
