"""What is wrong with a contract file, with its line: syntax, unknown keys, examples that do not do what they say."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contracts.binary import holds_no_base64
from contracts.binary_schema import binary_schemas
from contracts.document_text import BadText, line_at, parse, text_of
from contracts.form import Form
from contracts.patterns import is_pattern
from contracts.schema import Schema, expectation
from contracts.valid_values import valid_values

if TYPE_CHECKING:
    import jsonschema_rs

NO_VALUE = (
    "no value that keeps this schema could be made: mend it if no value can keep it, or write `examples`: `valid`"
)

META_SCHEMA = Path(__file__).parent / "contract.schema.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong with a contract file."""

    file: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class ContractError(Exception):
    """Contract files that cannot be used; holds every fault that was found."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def read(
    path: Path, kind: str, faults: list[Fault], completed: Callable[[Any], Any] = lambda document: document
) -> dict[str, Any]:
    """Read a contract file, adding what is wrong with it to `faults`; an empty document then.

    Args:
        kind: which part of the closed meta-schema it is held against: `bundle`, `event`, `http` or `triggers`.
        completed: gives the document with what it takes over from another file.
    """
    try:
        text = text_of(path)
        document = parse(path, text)
    except OSError as error:
        faults.append(Fault(file=path, line=1, message=f"cannot be read: {error.strerror}"))
        return {}
    except UnicodeDecodeError as error:
        faults.append(Fault(file=path, line=1, message=f"is not UTF-8: {error.reason} at byte {error.start}"))
        return {}
    except BadText as error:
        faults.append(Fault(file=path, line=error.line, message=error.message))
        return {}
    document = completed(document)
    found = [
        Fault(file=path, line=line_at(path, text, where), message=message)
        for where, message in _meta().faults(document, kind)
    ]
    faults.extend(found)
    if not found:
        faults.extend(
            Fault(file=path, line=line_at(path, text, where), message=message)
            for where, message in (*_example_faults(document, ()), *_misplaced_binary(document, kind))
        )
    return document if isinstance(document, dict) else {}


@cache
def _meta() -> ClosedSchema:
    return ClosedSchema(json.loads(META_SCHEMA.read_text("utf-8")))


class ClosedSchema:
    """A schema with `$defs`, of which each is a kind of document; what keeps it is not asked for words."""

    def __init__(self, document: dict[str, Any], *, secret: bool = False) -> None:
        """`secret`: values may be secrets, and are not quoted where they are wrong."""
        self.document = document
        self._secret = secret
        self._compiled: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def faults(self, document: Any, kind: str) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What is rejected in a document of a kind: where, and in which words."""
        schema = {"$defs": self.document["$defs"], "$ref": f"#/$defs/{kind}"}
        if self._keeps(document, schema, kind):
            return
        import jsonschema

        checker = jsonschema.FormatChecker()
        checker.checkers["regex"] = (is_pattern, ())
        validator = jsonschema.Draft202012Validator(schema, format_checker=checker)
        for error in validator.iter_errors(document):
            yield from _words(error, secret=self._secret)

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


def _words(error: Any, *, secret: bool) -> Iterator[tuple[tuple[str | int, ...], str]]:
    where = tuple(error.absolute_path)
    if (error.validator, error.validator_value) == ("format", "regex"):
        yield where, f"{error.instance!r} is no pattern that can be used; look-around and back-references cannot"
        return
    if error.validator == "additionalProperties" and error.validator_value is False:
        known = list(error.schema.get("properties", {}))
        for key in sorted(set(error.instance) - set(known)):
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
            hint = f"; did you mean `{near[0]}`?" if near else f"; known here: {', '.join(known)}"
            yield (*where, key), f"unknown key `{key}`{hint}"
    elif error.validator == "anyOf" and error.context:
        # One alternative fails deeper than the others, or is the only one of this type: that is what its author meant.
        deepest = max(error.context, key=lambda inner: len(inner.absolute_path))
        of_another = {inner.schema_path[0] for inner in error.context if inner.validator in ("type", "const", "enum")}
        fitting = [inner for inner in error.context if inner.schema_path[0] not in of_another]
        if len(deepest.absolute_path) > len(where):
            yield from _words(deepest, secret=secret)
        elif fitting:
            yield from _words(fitting[0], secret=secret)
        else:
            yield where, f"expected {' or '.join(sorted({str(i.validator_value) for i in error.context}))}"
    elif error.validator == "enum" and "propertyNames" in error.absolute_schema_path:
        allowed = ", ".join(error.validator_value)
        yield (*where, error.instance), f"the key `{error.instance}` is not allowed here; allowed: {allowed}"
    elif error.validator == "dependentRequired":
        need, key = re.findall("'([^']+)'", error.message)
        yield (*where, key), f"the key `{key}` needs `{need}` beside it"
    elif error.validator == "required":
        absent = [name for name in error.validator_value if name not in error.instance]
        yield where, f"the key `{absent[0]}` is missing"
    else:
        expected = error.schema.get("title") or expectation(error.validator, error.validator_value, error.instance)
        said = f"expected {expected}" if secret else error.message[:200]
        if "propertyNames" in error.absolute_schema_path:
            where, said = (*where, error.instance), f"the key `{error.instance}`: expected {expected}"
        yield where, f"{'/'.join(map(str, where)) or 'the file'}: {said}"


def _example_faults(node: Any, where: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Examples that do not do what they say: anywhere a payload schema and examples stand side by side."""
    if not isinstance(node, dict):
        return
    schema = node.get("payload", node.get("body"))
    if schema is None and isinstance(node.get("args"), list):
        schema = Form(schemas=tuple(node["args"]), room_at=None, key="").document()
    if isinstance(schema, dict):
        yield from _examples_beside(Schema(schema), node.get("examples", {}), (*where, "examples"))
        if "valid" not in node.get("examples", {}) and not valid_values(schema, 1):
            name = next(name for name in ("payload", "body", "args") if name in node)
            yield (*where, name), NO_VALUE
    for key in ("client_to_server", "server_to_client", "reply", "answer"):
        if key in node:
            yield from _example_faults(node[key], (*where, key))


def _misplaced_binary(document: Any, kind: str) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Binary data where only JSON travels: in bodies, queries and answers of HTTP, and in connect errors."""
    parts: dict[tuple[str | int, ...], Any] = {}
    if kind == "http":
        parts = {(name,): document.get(name) for name in ("body", "query")}
        parts["answer", "payload"] = document["answer"]["payload"]
    elif kind == "bundle":
        parts = {("http_error",): document.get("http_error"), ("refusal",): document.get("refusal", {}).get("data")}
    for where, schema in parts.items():
        if any(binary_schemas(schema)):
            yield where, f"{'/'.join(map(str, where))}: binary data travels in events and acks alone, this is JSON"


def _examples_beside(
    schema: Schema, examples: dict[str, Any], where: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for number, payload in enumerate(examples.get("valid", ())):
        problem = None if schema.is_valid(payload) else schema.explain(payload)
        if problem:
            yield (*where, "valid", number), f"this example should be valid, but {problem}"
    for number, invalid in enumerate(examples.get("invalid", ())):
        problem = schema.explain(invalid["payload"])
        place = (*where, "invalid", number)
        if holds_no_base64(invalid["payload"]):
            yield place, "this example cannot be sent: what stands under `$binary` is not base64"
        elif problem is None:
            yield place, f"this example should be rejected by `{invalid['keyword']}`, but the schema accepts it"
        elif problem.keyword != invalid["keyword"]:
            yield place, f"this example says `{invalid['keyword']}` rejects it, but `{problem.keyword}` does"


def line_of(path: Path, where: tuple[str | int, ...]) -> int:
    """The line of a place in a contract file; of the innermost part of it that is there."""
    return line_at(path, text_of(path), where)
