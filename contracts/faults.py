"""What is wrong with a contract file, with its line: syntax, unknown keys, examples that do not do what they say."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from contracts.binary import holds_no_base64
from contracts.binary_schema import binary_schemas
from contracts.closed_schema import ClosedSchema
from contracts.document_text import BadText, line_at, parse, text_of
from contracts.form import Form
from contracts.references import reference_faults
from contracts.schema import Schema
from contracts.valid_values import valid_values

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
        return f"{_in_one_line(str(self.file))}:{self.line}: {self.message}"


def _in_one_line(name: str) -> str:
    """The name of a file, whatever characters it has."""
    return name if name.isprintable() else "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in name)


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
    found = found or [
        Fault(file=path, line=line_at(path, text, where), message=message)
        for where, message in reference_faults(document)
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
