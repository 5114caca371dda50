"""Payloads that are shown as object literals: what can be told of each field without running anything."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from conformance.align.model import Field, Payload, Place, Shape

if TYPE_CHECKING:
    from tree_sitter import Node

PLACEHOLDER = re.compile(
    r"(?:string|number|boolean|integer|object|array)(?:\?|\[\])?|uuid|iso(?:[ -]?8601)?(?: string| date)?|"
    r"date|timestamp|any|null|"
    r"\.{3}|…|<.*>|\{.*\}|\$\{.*\}|.*\|.*|.*\.{3}|your[-_ ].*|(?-i:[A-Z_]*(?:ID|TOKEN|NAME|URL|UUID|JWT))|",
    re.IGNORECASE | re.DOTALL,
)
"""Values that stand for others, as guides write them."""

SHAPES: dict[str, Shape] = {
    "string": "string",
    "number": "number",
    "true": "boolean",
    "false": "boolean",
    "null": "null",
    "undefined": "null",
    "object": "object",
    "array": "array",
}
WORDS: dict[str, Shape] = {
    "string": "string",
    "number": "number",
    "integer": "number",
    "boolean": "boolean",
    "object": "object",
    "array": "array",
}
"""Placeholders that name a type."""


def text_of(node: Node) -> str:
    """A node's source text."""
    return (node.text or b"").decode("utf-8", "replace")


def payload(node: Node, place: Callable[[Node], Place], *, placeholders: bool) -> Payload:
    """The payload of an object literal.

    Args:
        placeholders: values may stand for others, as in guides.
    """
    fields, whole = [], True
    for child in node.named_children:
        match child.type:
            case "pair":
                key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                if key is not None and key.type == "computed_property_name":
                    inner = key.named_children[0] if key.named_children else None
                    whole, key = whole and inner is not None and inner.type == "string", inner
                    if key is not None and key.type != "string":
                        continue
                if key is not None and value is not None:
                    fields.append(_field(text_of(key).strip("'\"`"), value, place, placeholders=placeholders))
            case "shorthand_property_identifier":
                fields.append(Field(name=text_of(child), place=place(child)))
            case "spread_element" | "ERROR":
                whole = False
    return Payload(fields=tuple(fields), whole=whole)


def _field(name: str, value: Node, place: Callable[[Node], Place], *, placeholders: bool) -> Field:
    shape: Shape = SHAPES.get(value.type, "unknown")
    literal: Any = None
    if value.type == "string":
        literal = text_of(value)[1:-1]
        if placeholders and PLACEHOLDER.fullmatch(literal):
            named = WORDS.get(
                literal.lower().rstrip("?"),
                "array"
                if literal.endswith("[]")
                else "string"
                if literal.lower() not in ("any", "null", "...", "…")
                else "unknown",
            )
            return Field(name=name, place=place(value), shape=named, placeholder=True)
    elif value.type == "number":
        try:
            literal = float(text_of(value))
        except ValueError:
            literal = None
    elif value.type in ("true", "false"):
        literal = value.type == "true"
    elif value.type == "unary_expression" and text_of(value)[:1] in "-+":
        shape = "number"
    elif value.type == "template_string":
        shape = "string"
    return Field(name=name, place=place(value), shape=shape, value=literal)
