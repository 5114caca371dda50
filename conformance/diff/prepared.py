"""A JSON Schema made ready to be compared: without annotations, with every reference into its definitions. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from contracts.schema import Schema

Node: TypeAlias = Any
"""A schema or a part of one: an object of keywords, or `true` or `false`."""

ANNOTATIONS = ("title", "description", "default", "$schema", "$comment")
"""Keywords that no payload is held against."""

MAPS = ("properties", "patternProperties")
LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
INNER = ("not", "if", "then", "else", "items", "additionalProperties", "propertyNames", "contains")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A schema, and the definitions that its references lead to."""

    node: Node
    defs: Mapping[str, Node] = field(default_factory=dict)

    def schema(self, node: Node) -> Schema:
        """A part by itself, to hold values against."""
        if isinstance(node, bool):
            return Schema({} if node else {"not": {}})
        return Schema({**node, "$defs": dict(self.defs)} if refers(node) else dict(node))

    def followed(self, node: Mapping[str, Any]) -> Node:
        """What the `$ref` of a part leads to; `false` where it leads nowhere."""
        return self.defs.get(str(node["$ref"]).removeprefix("#/$defs/"), False)


def prepared(document: Node) -> Prepared:
    """Make a schema ready. Pointers of any kind become names of definitions."""
    made: dict[str, Node] = {}
    names: dict[str, str] = {}

    def name_of(pointer: str) -> str:
        if pointer not in names:
            plain = pointer.removeprefix("#/$defs/")
            name = plain if re.fullmatch(r"[A-Za-z0-9_-]+", plain) else f"at{len(names)}"
            while name in made:
                name += "x"
            names[pointer] = name
            made[name] = False  # What refers to itself finds it there.
            made[names[pointer]] = stripped(_pointed(document, pointer), name_of)
        return names[pointer]

    return Prepared(node=stripped(document, name_of), defs=made)


def stripped(node: Node, name_of: Callable[[str], str]) -> Node:
    """A part without annotations and definitions; a `const` is an `enum` of one."""
    if not isinstance(node, Mapping):
        return node is not False
    made: dict[str, Any] = {}
    for key, value in node.items():
        if key in ANNOTATIONS or key == "$defs":
            continue
        if key == "$ref":
            made[key] = f"#/$defs/{name_of(str(value))}"
        elif key == "const":
            made["enum"] = [value] if "enum" not in node else [one for one in node["enum"] if same(one, value)]
        elif key == "enum" and "const" in node:
            continue
        elif key in MAPS:
            made[key] = {name: stripped(inner, name_of) for name, inner in value.items()}
        elif key in LISTS:
            made[key] = [stripped(inner, name_of) for inner in value]
        elif key in INNER:
            made[key] = stripped(value, name_of)
        else:
            made[key] = value
    return made or True


def _pointed(root: Node, pointer: str) -> Node:
    found = root
    for step in pointer.removeprefix("#").split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, list) and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
        else:
            found = found.get(step, False) if isinstance(found, Mapping) else False
    return found


def refers(node: Node) -> bool:
    """Whether a part has a reference in it."""
    return any("$ref" in one for one in parts(node))


def parts(node: Node) -> Iterator[Mapping[str, Any]]:
    """A part and all parts inside it."""
    if not isinstance(node, Mapping):
        return
    yield node
    for key in MAPS:
        for inner in node.get(key, {}).values():
            yield from parts(inner)
    for key in LISTS:
        for inner in node.get(key, ()):
            yield from parts(inner)
    for key in INNER:
        yield from parts(node.get(key))


ORDERLESS = ("required", "enum", "type")
"""Keywords whose lists mean the same in any order."""


def look(node: Any) -> str:
    """What tells parts of schemas apart, and values: in JSON, unlike in Python, true is not 1."""
    return json.dumps(_ordered(node), sort_keys=True)


def _ordered(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {
            key: sorted(map(_ordered, value), key=lambda one: json.dumps(one, sort_keys=True))
            if key in ORDERLESS and isinstance(value, list)
            else _ordered(value)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [_ordered(one) for one in node]
    return int(node) if isinstance(node, float) and node.is_integer() else node


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same in JSON."""
    return look(one) == look(other)
