"""Which variables of a TypeScript text are sockets, and whose side each is on. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from conformance.align.model import Side
from conformance.align.nodes import text_of

if TYPE_CHECKING:
    from tree_sitter import Node

MADE = re.compile(
    r"(?<![\w.])io\(|\bio\.connect\(|\.of\(|\buseSocket|\bnew\s+Server\(|\bManager\(|\binject\(.*[sS]ocket"
)
"""What makes a socket, a server or a namespace."""
BY_SERVER = re.compile(r"\bnew\s+(?:\w+\.)?(?:Server|SocketIOServer|IOServer)\(|\.of\(")
BY_CLIENT = re.compile(r"(?<![\w.])io\(|\bio\.connect\(|\bnew\s+Manager\(|\buseSocket")

RENAMED = re.compile(
    r"import\s+(?:(?P<whole>\w+)\s*,?\s*)?(?:\{[^}]*?\b(?:io|connect)\s+as\s+(?P<named>\w+)[^}]*\}|\{[^}]*\}|\*\s+as\s+(?P<all>\w+))?\s*"
    r"from\s*['\"]socket\.io-client['\"]|(?:const|let|var)\s+(?:(?P<required>\w+)|\{\s*io\s*:\s*(?P<taken>\w+)[^}]*\})\s*=\s*"
    r"require\(\s*['\"]socket\.io-client['\"]\s*\)"
)
"""Under what name a text has the function that connects a client."""
HANDED = re.compile(r"\.on\(\s*['\"]connection['\"]\s*,\s*(?:async\s*)?(?:function\s*\w*)?\s*\(?\s*(?P<name>\w+)")
"""The socket that a server is handed for each client."""


def sides(text: str, nodes: Iterable[Node]) -> dict[str, Side | None]:
    """The variables that are given a socket, a server or a namespace, with whose it is where that is plain."""
    makers = {name for found in RENAMED.finditer(text) for name in found.groups() if name} - {"io", "connect"}
    called = re.compile(rf"(?<![\w.])(?:{'|'.join(map(re.escape, sorted(makers)))})\(") if makers else None
    made: dict[str, Side | None] = {}
    for node in nodes:
        if node.type not in ("variable_declarator", "assignment_expression"):
            continue
        declared = node.type == "variable_declarator"
        name = node.child_by_field_name("name" if declared else "left")
        value = node.child_by_field_name("value" if declared else "right")
        if name is None or value is None:
            continue
        start = text_of(value)[:200]
        by_client = BY_CLIENT.match(start) or (called is not None and called.match(start))
        if by_client or MADE.search(text_of(node)[:200] if declared else start):
            side: Side | None = "client" if by_client else "server" if BY_SERVER.match(start) else None
            made[text_of(name)] = side if made.get(text_of(name), side) == side else None
    for handed in HANDED.finditer(text):
        made[handed["name"]] = "server" if made.get(handed["name"], "server") == "server" else None
    return made


NAMESPACE = re.compile(
    r"(?<![\w.])(?:io|connect|io\.connect)\(\s*(?:`(?:https?://[^/`$]*|wss?://[^/`$]*)?(?:[^`/]*\$\{[^}]*\}[^`/]*)*/(?P<template>[\w-]+)/?`"
    r"|['\"](?:(?:https?|wss?)://[^/'\"]+)?/(?P<text>[\w-]+)/?['\"]|[\w.$]+\s*\+\s*['\"]/(?P<sum>[\w-]+)/?['\"])"
)
"""A socket of another namespace than the main one."""


def elsewhere(nodes: Iterable[Node]) -> frozenset[str]:
    """The variables that are given a client's socket of another namespace than the main one."""
    found: set[str] = set()
    for node in nodes:
        if node.type not in (
            "variable_declarator",
            "assignment_expression",
            "public_field_definition",
            "field_definition",
        ):
            continue
        name = (
            node.child_by_field_name("name") or node.child_by_field_name("left") or node.child_by_field_name("property")
        )
        value = node.child_by_field_name("value") or node.child_by_field_name("right")
        if name is not None and value is not None and NAMESPACE.match(text_of(value)[:200]):
            found |= {text_of(name)} if "definition" not in node.type else {f"this.{text_of(name)}"}
    return frozenset(found)


def named(receiver: str) -> Side | None:
    """The side that a variable's name tells: `clientSocket`, `serverSocket`; `client` alone is a server's as often."""
    last = re.findall(r"[A-Za-z_$][\w$]*", receiver)[-1:]
    words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", last[0])} if last else set()
    if not words & {"socket", "io", "sio"} or len(words) < 2:
        return None
    client, server = bool(words & {"client"}), bool(words & {"server"})
    return None if client == server else "client" if client else "server"
