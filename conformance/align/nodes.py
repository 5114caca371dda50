"""Nodes of a parsed text of code: how they are walked and looked through. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node


def text_of(node: Node) -> str:
    """A node's source text."""
    return (node.text or b"").decode("utf-8", "replace")


def walk(node: Node) -> Iterator[Node]:
    """All nodes in the order of the text; without recursion, which deep texts would exhaust."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(reversed(one.named_children))


def bare(node: Node | None) -> Node | None:
    """An expression without `as const`, parentheses and `Object.freeze`."""
    while node is not None:
        if node.type in ("as_expression", "satisfies_expression", "parenthesized_expression") and node.named_children:
            node = node.named_children[0]
        elif node.type == "call_expression" and text_of(node).startswith("Object.freeze("):
            arguments = node.child_by_field_name("arguments")
            node = arguments.named_children[0] if arguments is not None and arguments.named_children else None
        else:
            return node
    return None


def last(node: Node) -> str:
    """The name that an expression ends with: `data.sosId` is `sosId`."""
    found = re.findall(r"[A-Za-z_$][\w$]*", text_of(node))
    return str(found[-1]) if found else ""
