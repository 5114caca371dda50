"""YAML and JSON of specifications with the places of what they say, and their schemas as payloads. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import yaml

from conformance.align.model import Field, Payload, Place, Shape

SHAPES: dict[str, Shape] = {
    "string": "string", "number": "number", "integer": "number", "boolean": "boolean", "object": "object",
    "array": "array", "null": "null",
}  # fmt: skip

MOST_DEPTH = 20
"""References that lead to references."""


Placed: TypeAlias = Callable[[yaml.Node, int], Place]
"""The place of a node of so many characters."""


class Unreadable(ValueError):
    """A document says that it is a specification, and cannot be read as one."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a document with its place."""

    node: yaml.Node
    root: yaml.Node

    @property
    def pairs(self) -> list[tuple[yaml.ScalarNode, Node]]:
        """The members of a mapping."""
        node = self.node
        if not isinstance(node, yaml.MappingNode):
            return []
        return [(key, Node(value, self.root)) for key, value in node.value if isinstance(key, yaml.ScalarNode)]

    @property
    def items(self) -> list[Node]:
        """The items of a list."""
        return [Node(one, self.root) for one in self.node.value] if isinstance(self.node, yaml.SequenceNode) else []

    @property
    def text(self) -> str:
        """A scalar's text."""
        return str(self.node.value) if isinstance(self.node, yaml.ScalarNode) else ""

    def get(self, *names: str) -> Node | None:
        """What a mapping has under names, one below the other; references are followed."""
        found: Node | None = self
        for name in names:
            found = found.followed() if found else None
            found = next((value for key, value in found.pairs if key.value == name), None) if found else None
        return found

    def followed(self) -> Node:
        """What a reference leads to, or the value itself."""
        found = self
        for _ in range(MOST_DEPTH):
            pointer = next((value.text for key, value in found.pairs if key.value == "$ref"), "")
            if not pointer.startswith("#/"):
                break
            parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer[2:].split("/")]
            there = Node(self.root, self.root).get(*parts)
            if there is None:
                break
            found = there
        return found


def composed(text: str, line: int, kind: str) -> Node:
    """The root of a document.

    Args:
        line: where it begins in its file.
        kind: what it says that it is.

    Raises:
        Unreadable: it is no YAML, or no mapping.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {line + mark.line}: " if mark is not None else ""
        raise Unreadable(f"{where}not readable as {kind}: {getattr(error, 'problem', None) or error}") from error
    if not isinstance(root, yaml.MappingNode):
        raise Unreadable(f"not readable as {kind}: expected a mapping")
    return Node(root, root)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a document begins, in a file or in a fence of one."""

    file: str
    line: int
    column: int
    section: tuple[str, ...]

    def place(self, node: yaml.Node, length: int) -> Place:
        """The place of a node of so many characters."""
        quoted = isinstance(node, yaml.ScalarNode) and node.style in ("'", '"')
        at = node.start_mark.column + quoted + self.column
        return Place(file=self.file, line=self.line + node.start_mark.line, column=at, end=at + length)


def payload_of(place: Placed, schema: Node | None) -> Payload | None:
    """The fields of a schema of an object, each with its type and its choices."""
    whole = schema.followed() if schema else None
    properties = whole.get("properties") if whole else None
    if whole is None or properties is None:
        return None
    required = whole.get("required")
    there = {one.text for one in required.items} if required else set[str]()
    fields = [
        replace(field_of(place, key, value.followed()), optional=bool(there) and key.value not in there)
        for key, value in properties.pairs
    ]
    composed = any(key.value in ("allOf", "anyOf", "oneOf", "$ref") for key, _ in whole.pairs)
    return Payload(fields=tuple(fields), whole=not composed)


def field_of(place: Placed, key: yaml.ScalarNode, schema: Node) -> Field:
    """A field by its schema, as it stands at its name."""
    kinds = {value.text for name, value in schema.pairs if name.value == "type"} - {""}
    shapes = {SHAPES.get(kind, "unknown") for kind in kinds}
    choices, constant = schema.get("enum"), schema.get("const")
    some = choices.items if choices else [constant] if constant is not None else []
    values = tuple(value_of(one.node) for one in some)
    told = tuple(
        (word, value)
        for word in ("minimum", "maximum", "default")
        if shapes == {"number"} and (one := schema.get(word)) and isinstance(value := value_of(one.node), int | float)
    )
    longest = schema.get("maxLength")
    most = value_of(longest.node) if longest is not None else None
    at = schema.node if schema.node.start_mark.line >= key.start_mark.line else key
    wrong = choices.node if choices is not None else at
    found = place(wrong if some else key, len(key.value))
    return Field(
        name=str(key.value), place=found, shape=next(iter(shapes)) if len(shapes) == 1 else "unknown",
        placeholder=True, values=values, most=most if isinstance(most, int) else None,
        told=told if not some else (),
    )  # fmt: skip


def value_of(node: yaml.Node) -> Any:
    """The value of a node."""
    loaded: Mapping[str, Any] | Any = yaml.safe_load(yaml.serialize(node))
    return loaded
