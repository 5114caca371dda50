"""Nodes of a parsed text of code: how they are walked and looked through. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node, Parser


def text_of(node: Node) -> str:
    """A node's source text."""
    return (node.text or b"").decode("utf-8", "replace")


DEEPEST = 2_000
"""Of a tree. The parent of a node is found from the root, so that reading a tree costs the square of its depth."""

MOST_TEMPLATES = 100
"""That stand in each other. For texts with thousands of `${ that are not closed tree-sitter takes a gigabyte."""

MOST_BRACKETS = 1_000
"""That stand in each other. For tens of thousands with errors between them tree-sitter takes minutes."""

MOST_ANGLES = 300
"""Angle brackets that stand in each other, or follow each other like the operators of casts. tree-sitter takes any of
them for a comparison, a cast and arguments of a type, and memory that grows with the square of their number."""

CHUNK_BYTES = 256
"""Of a text are given to tree-sitter at a time: less than the white space over which it may search without end."""

MOST_READS = 100
"""Of one chunk, on average: real code takes up to 4, broken fragments of a few kB up to 40."""

FREE_READS = 1_000
"""Besides, for texts of a few chunks."""

ANGLE = re.compile(r"[<>;/)}='\"`]")
CASTS = " \t\r\n!~+-"
"""What may stand between two casts."""

TEMPLATE = re.compile(r"`|\$\{|\}")
BRACKET = re.compile(r"[\[({\])}]")


def walk(node: Node) -> Iterator[Node]:
    """All nodes in the order of the text; without recursion, which deep texts would exhaust.

    Raises:
        RecursionError: the tree is deeper than source code is.
    """
    waiting = [(node, 0)]
    while waiting:
        one, depth = waiting.pop()
        yield one
        if depth > DEEPEST:
            raise RecursionError
        waiting.extend([(child, depth + 1) for child in reversed(one.named_children)])


def tree(parser: Parser, source: bytes) -> Node:
    """The root of the tree of a text.

    Where brackets do not match, and much white space follows, tree-sitter may try one repair after another without end.
    The text then ends for it.

    Raises:
        RecursionError: it has read the text again and again.
    """
    left = FREE_READS + MOST_READS * (len(source) // CHUNK_BYTES)

    def read(offset: int, _: object) -> bytes:
        nonlocal left
        left -= 1
        return source[offset : offset + CHUNK_BYTES] if left > 0 else b""

    found = parser.parse(read)
    if found is None or left <= 0:
        raise RecursionError
    return found.root_node


def refuse_deep(text: str) -> None:
    """Look for what would cost the parser too much before it is parsed; what is in strings counts, too.

    Raises:
        RecursionError: brackets, templates or casts stand in each other more often than in source code.
    """
    if sum(map(text.count, "[({")) > MOST_BRACKETS:
        depth = 0
        for found in BRACKET.finditer(text):
            depth = depth + 1 if found[0] in "[({" else max(0, depth - 1)
            if depth > MOST_BRACKETS:
                raise RecursionError
    if text.count("<") > MOST_ANGLES:
        _refuse_angles(text)
    if text.count("${") <= MOST_TEMPLATES:
        return
    inside, depth = [False], 0
    for found in TEMPLATE.finditer(text):
        if found[0] == "`":
            inside[-1] = not inside[-1]
        elif found[0] == "${" and inside[-1]:
            inside.append(False)
        elif found[0] == "}" and len(inside) > 1 and not inside[-1]:
            inside.pop()
        depth = max(depth, len(inside))
    if depth > MOST_TEMPLATES:
        raise RecursionError


def _refuse_angles(text: str) -> None:
    depth = casts = end = 0
    before = ""
    for found in ANGLE.finditer(text):
        match found[0]:
            case "<":
                cast = before == ">" and not text[end : found.start()].strip(CASTS)
                casts, depth = casts + 1 if cast else 0, depth + 1
            case ">":
                depth = max(0, depth - 1)
            case _:  # A comparison, whose bracket is never closed, has ended.
                casts = depth = 0
        if max(casts, depth) > MOST_ANGLES:
            raise RecursionError
        before, end = found[0], found.end()


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
