"""Schemas of contracts as types of TypeScript, and what types cannot say as comments."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from contracts.binary_schema import LISTS
from contracts.exchange.source import CannotSay, Where
from contracts.schema import kinds

BINARY = "Binary"
"""The type of binary data, which the document declares."""
PLAIN = {"string": "string", "number": "number", "integer": "number", "boolean": "boolean", "null": "null"}
OF_OBJECTS = ("properties", "patternProperties", "additionalProperties", "required")
OF_LISTS = ("items", "prefixItems")
SAID = {
    *("type", "enum", "const", "properties", "additionalProperties", "required", "items", "prefixItems", "allOf"),
    *("anyOf", "oneOf", "$ref", "$defs", "binary", "title", "description", "patternProperties"),
}
"""Words that types say, or that are for people; the others are written into a comment."""
IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
MOST_PLACES = 12
"""Items that `prefixItems` and `minItems` are written out for."""


class Aliases:
    """Types with a name: those that `$ref` leads to."""

    def __init__(self) -> None:
        self.declared: dict[str, tuple[list[str], str]] = {}
        """The comments and types, by names."""
        self._names: dict[tuple[int, str], str] = {}

    def of(self, root: Mapping[str, Any], reference: str, where: Where) -> str:
        """The name of the type that a reference of a schema leads to."""
        if (id(root), reference) not in self._names:
            target = _led(root, reference)
            if not isinstance(target, (dict, bool)):
                raise CannotSay(f"`$ref`: {reference} leads to no schema", where)
            name = self._free(pascal(reference.rpartition("/")[2]) or "Whole")
            self._names[id(root), reference] = name
            self.declared[name] = ([], "")
            self.declared[name] = (told(target), Types(self, root, where).of(target))
        return self._names[id(root), reference]

    def _free(self, wanted: str) -> str:
        """A name that is not taken; `Def` tells it from those of events."""
        name, number = f"{wanted}Def", 1
        while name in self.declared:
            number += 1
            name = f"{wanted}Def{number}"
        return name


class Types:
    """Writes the schemas of one root."""

    def __init__(self, aliases: Aliases, root: Mapping[str, Any], where: Where) -> None:
        self._aliases, self._root, self._where = aliases, root, where

    def of(self, schema: Any, indent: str = "") -> str:
        """The type of a schema."""
        if schema is True or schema == {}:
            return "unknown"
        if schema is False:
            return "never"
        if schema.get("binary"):
            return BINARY
        parts = [self._aliases.of(self._root, schema["$ref"], self._where)] if "$ref" in schema else []
        if "const" in schema:
            parts.append(literal(schema["const"]))
        elif "enum" in schema:
            parts.append(union(map(literal, schema["enum"])))
        else:
            own = self._own(schema, indent)
            parts += [own] if own is not None else []
        parts += [_grouped(self.of(one, indent)) for one in schema.get("allOf", ())]
        for word in ("anyOf", "oneOf"):
            if word in schema:
                parts.append(_grouped(union(self.of(one, indent) for one in schema[word])))
        known = [part for part in parts if part != "unknown"]
        return " & ".join(map(_grouped, dict.fromkeys(known))) if len(known) > 1 else (known or ["unknown"])[0]

    def _own(self, schema: Mapping[str, Any], indent: str) -> str | None:
        """The type by `type` and what goes with it; None where nothing is said of it."""
        named = kinds(schema)
        if not named:
            if any(word in schema for word in OF_OBJECTS):
                return self._object(schema, indent)
            return self._list(schema, indent) if any(word in schema for word in OF_LISTS) else None
        return union(
            self._object(schema, indent) if kind == "object"
            else self._list(schema, indent) if kind == "array"
            else PLAIN[kind]
            for kind in named
        )  # fmt: skip

    def _object(self, schema: Mapping[str, Any], indent: str) -> str:
        fields = schema.get("properties", {})
        required = schema.get("required", ())
        inner = indent + "  "
        lines: list[str] = []
        for name in dict.fromkeys((*fields, *required)):
            shape = fields.get(name, {})
            lines += [f"{inner}{line}" for line in comment(told(shape))]
            lines.append(f"{inner}{key(name)}{'' if name in required else '?'}: {self.of(shape, inner)};")
        lines += [f"{inner}[field: string]: {one};" for one in self._others(schema, inner)]
        return "{\n" + "\n".join(lines) + f"\n{indent}}}" if lines else "Record<string, never>"

    def _others(self, schema: Mapping[str, Any], indent: str) -> Iterator[str]:
        """The type of the fields that have no names, where there may be any."""
        fields = schema.get("properties", {})
        more = schema.get("additionalProperties", True)
        patterns = [self.of(one, indent) for one in schema.get("patternProperties", {}).values()]
        if isinstance(more, dict):
            patterns.append(self.of(more, indent))
        if fields and patterns:
            yield "unknown"  # The named fields have to be of this type as well.
        elif patterns:
            yield union(patterns)
        elif not fields and more is True:
            yield "unknown"

    def _list(self, schema: Mapping[str, Any], indent: str) -> str:
        first = [self.of(one, indent) for one in schema.get("prefixItems", ())]
        more = self.of(schema.get("items", True), indent)
        if not first:
            return "never[]" if more == "never" else f"{_grouped(more)}[]"
        least = schema.get("minItems", 0)
        places = [one if number < least else f"({one})?" for number, one in enumerate(first)]
        ends = more == "never" or schema.get("maxItems", len(first) + 1) <= len(first)
        rest = [] if ends else [f"...{_grouped(more)}[]"]
        return f"[{', '.join([*places, *rest])}]"


def told(schema: Any) -> list[str]:
    """What people are told of a schema: its description, and what its type does not say."""
    if not isinstance(schema, dict):
        return []
    rest = {word: value for word, value in schema.items() if word not in SAID}
    rest |= {"additionalProperties": False} if schema.get("additionalProperties") is False else {}
    rest |= {"patternProperties": list(schema["patternProperties"])} if "patternProperties" in schema else {}
    rest |= {"oneOf": "exactly one"} if "oneOf" in schema else {}
    kind = {"type": "integer"} if "integer" in kinds(schema) else {}
    lines = str(schema.get("description", "")).splitlines()
    lines += [f"{word}: {json.dumps(value, ensure_ascii=False)}" for word, value in (kind | rest).items()]
    for word in ("items", "additionalProperties"):
        lines += [f"{word}: {line}" for line in told(schema.get(word))]
    for word in LISTS:
        lines += [f"{word}/{n}: {line}" for n, one in enumerate(schema.get(word, ())) for line in told(one)]
    for name, one in schema.get("patternProperties", {}).items():
        lines += [f"{name}: {line}" for line in told(one)]
    return lines


def comment(lines: list[str]) -> list[str]:
    """A comment of these lines; none of no lines. Nothing in them ends it."""
    safe = [_visible(line).replace("*/", "*\\/") for line in lines]
    if len(safe) < 2:
        return [f"/** {line} */" for line in safe]
    return ["/**", *(f" * {line}".rstrip() for line in safe), " */"]


def key(name: str) -> str:
    """A name as the key of an interface."""
    return name if IDENTIFIER.fullmatch(name) and name != "constructor" else literal(name)


def literal(value: Any) -> str:
    """A value of JSON as a type."""
    match value:
        case str():
            return _visible(json.dumps(value, ensure_ascii=False)).replace("*/", "*\\/")
        case list():
            return f"[{', '.join(map(literal, value))}]"
        case dict():
            fields = [f"{key(name)}: {literal(inner)}" for name, inner in value.items()]
            return "{ " + "; ".join(fields) + " }" if fields else "Record<string, never>"
        case _:
            return json.dumps(value)


def union(types: Iterator[str] | map[str] | list[str]) -> str:
    """One of several types."""
    some = list(dict.fromkeys(types))
    return "unknown" if "unknown" in some else " | ".join(some) or "never"


def pascal(name: str) -> str:
    """A name in letters and digits, each word with a capital: `message:send` as `MessageSend`."""
    words = re.findall(r"[A-Za-z0-9]+", name)
    made = "".join(word[0].upper() + word[1:] for word in words)[:80]
    return f"_{made}" if made[:1].isdigit() else made


def _led(root: Any, reference: str) -> Any:
    """What a reference of a schema leads to; None where it leads nowhere."""
    for step in reference.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(root, list):
            root = root[int(name)] if name.isascii() and name.isdigit() and int(name) < len(root) else None
        else:
            root = root.get(name) if isinstance(root, dict) else None
    return root


def _grouped(text: str) -> str:
    """A type in parentheses where its parts would be taken apart beside others."""
    return f"({text})" if re.search(r" [|&] ", text) and not _is_whole(text) else text


def _is_whole(text: str) -> bool:
    """Whether a type is one pair of parentheses, or of braces, with all of it inside."""
    if text[:1] not in ("(", "{"):
        return False
    depth, text = 0, re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    for number, one in enumerate(re.sub(r'"(?:[^"\\]|\\.)*"', lambda found: "_" * len(found[0]), text)):
        depth += (one in "({") - (one in ")}")
        if depth == 0:
            return number == len(text) - 1
    return False


def _visible(text: str) -> str:
    """A text whose characters can be seen: others end lines, or turn around what stands beside them."""
    return "".join(one if one.isprintable() else _number(one) for one in text)


def _number(one: str) -> str:
    return f"\\u{ord(one):04x}" if ord(one) < 0x10000 else f"\\u{{{ord(one):x}}}"
