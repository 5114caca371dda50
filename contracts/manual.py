"""The reference of the language of contracts, key by key, made from the meta-schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from contracts.editor_schema import KINDS
from contracts.faults import META_SCHEMA

QUOTED = "<!-- roomcheck: ignore * keys of contracts, and no events of a service -->\n\n"

WORDS = {
    "name": "a text",
    "text": "a text",
    "pointer": "a JSON pointer",
    "field": "a JSON pointer",
    "argAt": "a JSON pointer into the list of arguments",
    "namespace": "a text that begins with `/`",
    "names": "a list of texts",
    "count": "an integer from 0",
    "clocks": "an object: each field with `unix-ms` or `date-time`",
    "schema": "[a schema](#schemas)",
    "subschema": "[a schema](#schemas), `true` or `false`",
    "schemas": "an object of [schemas](#schemas)",
    "schemaList": "a list of [schemas](#schemas)",
    "args": "a list of [schemas](#schemas)",
    "type": "a type of JSON",
}
"""What a part is called whose own section would say no more."""
NAMES = {"string": "a text", "integer": "an integer", "number": "a number", "boolean": "`true` or `false`",
         "array": "a list", "object": "an object"}  # fmt: skip
TITLES = {
    "schema": "schemas",
    "roomKind": "a kind of rooms",
    "roomAt": "where the room is",
    "answer": "answer of a client",
    "answers": "examples of answers",
    "refusalForm": "a refusal by token",
    "retired": "retired_events",
}
"""Headings of parts where their names in the meta-schema are none of the language."""
HEAD = """\
# Contracts, key by key

<!-- Made by `roomcheck contracts manual`: change `contracts/contract.schema.json`, and make it anew. -->

[language.md](language.md) explains the language by topic, [own-service.md](own-service.md) begins with a first bundle.

A bundle is a folder with `bundle.json`, `events/`, `http/` and `triggers/`; each file may be YAML (`.yaml`, `.yml`).
Every file is closed: a key that is not listed here is refused, with the line and the nearest that is. Keys in bold
are required.
"""


class _Manual:
    """The sections, in the order in which they are first spoken of."""

    def __init__(self) -> None:
        self._defs: dict[str, Any] = json.loads(META_SCHEMA.read_text("utf-8"))["$defs"]
        self._ahead: list[tuple[str, str, dict[str, Any]]] = []
        self._known: set[str] = set()

    def text(self) -> str:
        """The whole manual."""
        return HEAD + "".join(self._sections())

    def _sections(self) -> Iterator[str]:
        for kind, files in KINDS.items():
            yield f"\n## `{files}`\n\n{self._table(self._defs[kind], kind)}"
            while self._ahead:
                title, description, schema = self._ahead.pop(0)
                said = f"{description}\n\n" if description else ""
                yield f"\n### {title}\n\n{said}{self._table(schema, title)}"
        keywords = self._table(self._defs["schema"], "schema")
        yield f"\n## Schemas\n\nJSON Schema, draft 2020-12; these keywords of it:\n\n{keywords}"

    def _table(self, schema: dict[str, Any], parent: str) -> str:
        lines = ["| key | value | what it says |", "|---|---|---|"]
        required = schema.get("required", ())
        for key, one in schema["properties"].items():
            shown = f"**`{key}`**" if key in required else f"`{key}`"
            lines.append(f"| {shown} | {_cell(self._value(one, key, parent))} | {_cell(_said(one))} |")
        return QUOTED + "\n".join(lines) + "\n"

    def _value(self, schema: Any, key: str, parent: str) -> str:
        """In a few words, which values a key has."""
        if not isinstance(schema, dict):
            return "any value"
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return WORDS.get(name) or self._value(self._defs[name], TITLES.get(name, name), "")
        if "anyOf" in schema and "properties" not in schema:
            return " or ".join(dict.fromkeys(self._value(one, key, parent) for one in schema["anyOf"]))
        if "enum" in schema:
            return ", ".join(f"`{one}`" for one in schema["enum"])
        if "const" in schema:
            return f"`{json.dumps(schema['const'])}`" if schema["const"] is True else f"`{schema['const']}`"
        if "properties" in schema:
            return self._linked(schema, key, parent)
        match schema.get("type"):
            case "array" if "items" in schema:
                return f"a list of: {self._value(schema['items'], key, parent)}"
            case "object" if isinstance(schema.get("additionalProperties"), dict):
                return f"an object, each with {self._value(schema['additionalProperties'], key, parent)}"
            case None:
                return "any value"
            case kind:
                return NAMES[kind]

    def _linked(self, schema: dict[str, Any], key: str, parent: str) -> str:
        """A link to the section of an object, which is put in line."""
        title = key if not parent or key not in ("answer", "room", "sender") else f"{key} of {parent}"
        if title not in self._known:
            self._known.add(title)
            self._ahead.append((title, schema.get("description", "") if not parent else "", schema))
        return f"[{key}](#{'-'.join(title.lower().split())})"


def _said(schema: Any) -> str:
    """The description of a key, with its examples."""
    examples = [f"`{json.dumps(one, ensure_ascii=False)}`" for one in schema.get("examples", ())]
    said = str(schema.get("description", ""))
    return said + (f" Example: {' or '.join(examples)}" if examples else "")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def manual() -> str:
    """The reference in Markdown, as `docs/contracts.md` has it."""
    return _Manual().text()
