"""Which variables of a TypeScript text are sockets, and whose side each is on. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.align.model import Side
from conformance.align.nodes import text_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from conformance.align.vocabulary import Vocabulary

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


OF = re.compile(r"(?:[\w$.]*\.)?of\(\s*['\"`](?P<text>/[\w-]+)/?['\"`]\s*\)")
"""A server's namespace other than the main one."""
DECLARED = ("variable_declarator", "assignment_expression", "public_field_definition", "field_definition")


@dataclass(frozen=True, slots=True, kw_only=True)
class Namespace:
    """What a text has of one other namespace than those of the contracts."""

    path: str
    names: frozenset[str]
    """The variables that are given a socket of it, or the namespace itself."""
    handlers: tuple[tuple[int, int, str], ...] = ()
    """(first byte, last byte, name) of what is done with each socket that is connected to it."""

    def has(self, receiver: str, byte: int) -> bool:
        """Whether an expression that begins at a byte is a socket of it, or the namespace itself."""
        root = receiver.split(".", maxsplit=1)[0]
        if receiver in self.names or root in self.names:
            return True
        if (found := OF.search(receiver)) is not None:
            return found["text"] == self.path
        return any(first <= byte <= last and root == name for first, last, name in self.handlers)


def elsewhere(nodes: Sequence[Node], text: str, words: Vocabulary | None) -> tuple[Namespace, ...]:
    """The namespaces of a text that the contracts do not have; one that has documented events is theirs."""
    if "/" not in text or not ("of(" in text or NAMESPACE.search(text)):
        return ()
    documented = words.namespaces if words is not None else frozenset[str]()
    given: dict[str, set[str]] = defaultdict(set)
    served = set[str]()
    for node in nodes:
        if node.type in DECLARED and (declared := _given(node)) is not None:
            given[declared[1]].add(declared[0])
            served |= {declared[1]} if declared[2] else set()
    given |= {found["text"]: given[found["text"]] for found in OF.finditer(text)}
    served |= {found["text"] for found in OF.finditer(text)}
    calls = [one for node in nodes if node.type == "call_expression" and (one := _called(node)) is not None]
    made = []
    for path, names in given.items():
        if path in documented:
            continue
        own = Namespace(path=path, names=frozenset(names))
        handlers = [
            (node.start_byte, node.end_byte, handed["name"])
            for of, _, node in calls
            if own.has(of, node.start_byte) and (handed := HANDED.match(text_of(node)[len(of) :][:200]))
        ]
        own = replace(own, handlers=tuple(handlers))
        if (
            path in served
            and words is not None
            and any(event in words.events and own.has(of, node.start_byte) for of, event, node in calls)
        ):
            continue
        made.append(own)
    return tuple(made)


def _called(node: Node) -> tuple[str, str, Node] | None:
    """(what it is called on, the string that is given first, the call) of a call of a method."""
    function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    of = function.child_by_field_name("object") if function is not None else None
    if of is None or arguments is None or not arguments.named_children:
        return None
    return text_of(of), text_of(arguments.named_children[0]).strip("'\""), node


def _given(node: Node) -> tuple[str, str, bool] | None:
    """(variable, namespace, whether it is a server's) where a variable is given a namespace, or a socket of one."""
    name = node.child_by_field_name("name") or node.child_by_field_name("left") or node.child_by_field_name("property")
    value = node.child_by_field_name("value") or node.child_by_field_name("right")
    if name is None or value is None:
        return None
    start = text_of(value)[:200]
    served = OF.match(start)
    made = served or NAMESPACE.match(start)
    path = next((one for one in made.groups() if one), "") if made else ""
    own = f"this.{text_of(name)}" if "definition" in node.type else text_of(name)
    return (own, f"/{path.lstrip('/')}", served is not None) if path else None


def named(receiver: str) -> Side | None:
    """The side that a variable's name tells: `clientSocket`, `serverSocket`; `client` alone is a server's as often."""
    last = re.findall(r"[A-Za-z_$][\w$]*", receiver)[-1:]
    words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", last[0])} if last else set()
    if not words & {"socket", "io", "sio"} or len(words) < 2:
        return None
    client, server = bool(words & {"client"}), bool(words & {"server"})
    return None if client == server else "client" if client else "server"
