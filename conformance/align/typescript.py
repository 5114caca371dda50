"""TypeScript and JavaScript to claims: events, rooms, calls and payloads, in a service's source or a guide's code.

Parsed by tree-sitter, which also reads what is cut short. Names are resolved through constants objects, enums and
variables of the same text, and through the constants that other files of the source export.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeAlias

from conformance.align.model import Claim, Direction, Kind, Origin, Payload, Place
from conformance.align.nodes import bare, last, walk
from conformance.align.payload import payload, text_of

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

Side: TypeAlias = Literal["client", "server"]
"""Whose code it is: `socket.on` of a client hears what the server sends, and the other way round."""

LISTENS = frozenset({"on", "once", "addListener", "prependListener", "addEventListener", "off", "removeListener"})
EMITS = frozenset({"emit", "emitWithAck", "send_event"})
ROOMS = frozenset({"to", "in", "except", "join", "leave", "socketsJoin", "socketsLeave"})
FUNCTIONS = frozenset({"arrow_function", "function_expression", "function", "generator_function"})
METHODS = frozenset({"get", "post", "put", "patch", "delete"})

OWN = frozenset(
    {
        "connect", "connection", "disconnect", "disconnecting", "connect_error", "connect_timeout", "reconnect",
        "reconnect_attempt", "reconnect_error", "reconnect_failed", "newListener", "removeListener",
        "uncaughtException", "unhandledRejection", "SIGTERM", "SIGINT", "ready", "close", "end", "data", "finish",
        "open", "upgrade", "create-room", "delete-room", "join-room", "leave-room", "listening", "exit", "ping",
        "pong", "load", "click", "change", "new_namespace", "connection_error", "initial_headers", "headers",
    }
)  # fmt: skip
"""Events of Socket.IO and of Node itself: no contract names them."""

SERVER = re.compile(
    r"""(?<![\w.])io\.(?:on|of|to|in|emit|use|sockets)\b | \bnew\s+Server\(
    | \b(?:socket|client)\.(?:join|leave|to|in|broadcast|rooms)\b
    | from\s+['"]socket\.io['"] | require\(['"]socket\.io['"]\) | \.on\(\s*['"]connection['"] | @SubscribeMessage
    | @WebSocketGateway
    """,
    re.VERBOSE,
)
CLIENT = re.compile(r"socket\.io-client|\bio\(|\.connect\(\)|useSocket|\bManager\(|\bwindow\.|document\.")
OF_SERVERS = re.compile(r"(?:from|require\()\s*['\"]socket\.io['\"]|\bnew\s+Server\(|@WebSocketGateway")
"""What only a server has, however much of a client's stands beside it."""

ELSEWHERE = re.compile(r"\bengine\b|\.conn\b|\bws\b|emitter|\bbus\b|\bprocess\b|redis|(?:pub|sub)client", re.IGNORECASE)
"""Other emitters than sockets: what they emit is no event of the service."""

BROADCASTER = re.compile(r"\b(?:io|server|nsp|namespace|broadcast)\b|\.(?:to|in|except|of)\(")
SOCKET = re.compile(r"\b\w*(?:socket|client|conn|io|nsp|namespace|server|ws)\w*\b|\bs\b|\bthis\b", re.IGNORECASE)
ROUTER = re.compile(r"\b\w*(?:router|app|server|api|route|routes|fastify)\b", re.IGNORECASE)
CALLER = re.compile(r"\b\w*(?:axios|http|client|api|request|fetcher|agent|supertest|got|ky)\w*\b", re.IGNORECASE)

Names: TypeAlias = Mapping[str, str]
"""What names of a text stand for: `SOCKET_EVENTS.MESSAGE` or `room`."""


@cache
def _parser(tsx: bool) -> Parser:
    import tree_sitter
    import tree_sitter_typescript

    language = tree_sitter_typescript.language_tsx() if tsx else tree_sitter_typescript.language_typescript()
    return tree_sitter.Parser(tree_sitter.Language(language))


@dataclass(slots=True)
class Code:
    """A text of code, read once."""

    text: str
    file: str
    origin: Origin
    line: int = 1
    """The line of the file that it begins on."""
    columns: int = 0
    """How far it is indented there."""
    side: Side = "client"
    """Whose code it is where it does not show that itself."""
    outside: Names = field(default_factory=dict)
    """What the constants of other files stand for."""
    section: tuple[str, ...] = ()
    tsx: bool = False
    root: Node = field(init=False)
    _source: bytes = field(init=False)
    names: dict[str, str] = field(init=False)
    """What its own names stand for."""
    constants: list[tuple[str, Place]] = field(init=False)
    """Every string of its constants objects and enums."""

    def __post_init__(self) -> None:
        self._source = self.text.encode("utf-8", "replace")
        self.root = _parser(self.tsx).parse(self._source).root_node
        self.names, self.constants = {}, []
        self._collect(self.root)
        if OF_SERVERS.search(self.text):
            self.side = "server"
        elif "socket.io-client" in self.text:
            self.side = "client"
        elif SERVER.search(self.text):
            self.side = "server"
        elif CLIENT.search(self.text):
            self.side = "client"

    def place(self, node: Node) -> Place:
        """Where a node is, in the file."""
        row = node.start_point[0]
        begin = self._source.rfind(b"\n", 0, node.start_byte) + 1
        column = len(self._source[begin : node.start_byte].decode("utf-8", "replace"))
        width = len(text_of(node).split("\n", 1)[0])
        first = column + self.columns + 1
        return Place(file=self.file, line=self.line + row, column=first, end=first + width)

    # --- names -----------------------------------------------------------------------------------------------

    def _collect(self, node: Node) -> None:
        """Note what variables, constants objects and enums stand for."""
        for one in walk(node):
            if one.type == "variable_declarator":
                name, value = one.child_by_field_name("name"), bare(one.child_by_field_name("value"))
                if name is None or value is None or name.type != "identifier":
                    continue
                if value.type == "object":
                    self._members(text_of(name), value)
                elif value.type in FUNCTIONS:
                    self._made(text_of(name), value)
                elif (literal := self.literal(value)) is not None:
                    self.names[text_of(name)] = literal
            elif one.type in ("function_declaration", "method_definition"):
                name = one.child_by_field_name("name")
                self._made(f"{'this.' if one.type == 'method_definition' else ''}{text_of(name)}" if name else "", one)
            elif one.type == "enum_declaration":
                name, body = one.child_by_field_name("name"), one.child_by_field_name("body")
                for member in body.named_children if body else ():
                    key, value = member.child_by_field_name("name"), member.child_by_field_name("value")
                    if name and key and value and value.type == "string":
                        self._constant(f"{text_of(name)}.{text_of(key)}", value)

    def _made(self, name: str, function: Node) -> None:
        """Note what a function makes that does nothing but return a name, as helpers for rooms do."""
        body = function.child_by_field_name("body")
        if body is not None and body.type == "statement_block":
            only = body.named_children[0] if len(body.named_children) == 1 else None
            body = (
                only.named_children[0]
                if only is not None and only.type == "return_statement" and only.named_children
                else None
            )
        body = bare(body)
        if name and body is not None and body.type in ("template_string", "binary_expression"):
            literal = self.literal(body)
            self.names |= {name: literal} if literal is not None else {}

    def _members(self, name: str, node: Node) -> None:
        values = (bare(pair.child_by_field_name("value")) for pair in node.named_children if pair.type == "pair")
        sentences = any(value is not None and value.type == "string" and " " in text_of(value) for value in values)
        for pair in node.named_children:
            if pair.type != "pair":
                continue
            key, value = pair.child_by_field_name("key"), bare(pair.child_by_field_name("value"))
            if key is None or value is None:
                continue
            path = f"{name}.{text_of(key).strip(chr(39) + chr(34))}"
            if value.type == "object":
                self._members(path, value)
            elif value.type == "string" and sentences:
                self.names[path] = text_of(value)[1:-1]  # A table of messages, not of names.
            elif value.type == "string":
                self._constant(path, value)
            elif value.type in FUNCTIONS:
                self._made(path, value)

    def _constant(self, path: str, value: Node) -> None:
        literal = text_of(value)[1:-1]
        self.names[path] = literal
        self.constants.append((literal, self.place(value)))

    def literal(self, node: Node | None) -> str | None:
        """What an expression stands for, a template with its substitutions as `{name}`; None where nothing says it."""
        if node is None:
            return None
        match node.type:
            case "string":
                return text_of(node)[1:-1]
            case "template_string":
                return "".join(self._part(child) for child in node.named_children)
            case "identifier" | "member_expression" | "subscript_expression":
                name = re.sub(r"\[['\"](\w+)['\"]\]", r".\1", text_of(node)).replace("?.", ".").replace("!", "")
                return self.names.get(name) or self.outside.get(name)
            case "call_expression":
                function = node.child_by_field_name("function")
                return self.literal(function) if function is not None and function.type != "call_expression" else None
            case "binary_expression":
                return self._joined(node)
            case "as_expression" | "satisfies_expression" | "parenthesized_expression" | "non_null_expression":
                return self.literal(node.named_children[0]) if node.named_children else None
        return None

    def _joined(self, node: Node) -> str | None:
        """A sum of strings; its terms nest to the left, in a long text more deeply than calls may."""
        terms: list[Node] = []
        one: Node | None = node
        while one is not None and one.type == "binary_expression":
            right = one.child_by_field_name("right")
            if right is None or "+" not in {child.type for child in one.children}:
                return None
            terms.append(right)
            one = one.child_by_field_name("left")
        terms += [one] if one is not None else []
        if not any(term.type == "string" for term in terms):
            return None
        parts = (self.literal(term) or ("" if term.type == "string" else f"{{{last(term)}}}") for term in terms)
        return "".join(reversed(list(parts)))

    def _part(self, node: Node) -> str:
        """A part of a template: its text, or what stands for a substitution."""
        if node.type != "template_substitution":
            return text_of(node)
        inner = node.named_children[0] if node.named_children else None
        known = self.literal(inner) if inner is not None and inner.type in ("identifier", "member_expression") else None
        if known is not None and "{" not in known:
            return known
        return f"{{{last(inner)}}}" if inner is not None else "{}"

    # --- claims ----------------------------------------------------------------------------------------------

    def claims(self) -> Iterator[Claim]:
        """Everything that it says."""
        for literal, place in self.constants:
            if ":" in literal and "{" not in literal and "/" not in literal and " " not in literal:
                yield self._claim("event", literal, place, "constant", listed=True)
        for node in walk(self.root):
            if node.type == "call_expression":
                yield from self._call(node)
            elif node.type == "variable_declarator":
                yield from self._room_variable(node)
            elif node.type in ("pair", "method_definition"):
                yield from self._handler(node)
            elif node.type == "decorator":
                yield from self._decorator(node)

    def _claim(
        self, kind: Kind, subject: str, place: Place, how: str, *, direction: Direction | None = None,
        payload: Payload | None = None, listed: bool = False,
    ) -> Claim:  # fmt: skip
        return Claim(
            kind=kind, subject=subject, place=place, origin=self.origin, how=how, direction=direction, payload=payload,
            section=self.section, listed=listed,
        )  # fmt: skip

    def _call(self, node: Node) -> Iterator[Claim]:
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if function is None or arguments is None:
            return
        given = [child for child in arguments.named_children if child.type != "comment"]
        if function.type == "identifier":
            if text_of(function) in ("fetch", "$fetch") and given:
                yield from self._fetch(given)
            return
        if function.type != "member_expression" or not given:
            return
        method, of = function.child_by_field_name("property"), function.child_by_field_name("object")
        if method is None or of is None:
            return
        first = self.literal(given[0])
        if first is not None and not ELSEWHERE.search(text_of(of)):
            yield from self._method(text_of(method), text_of(of), first, given)

    def _method(self, name: str, receiver: str, first: str, given: list[Node]) -> Iterator[Claim]:
        """A call of a method whose first argument is known."""
        if name in LISTENS and self.side == "server" and (first == "error" or re.fullmatch(r"(?:this\.)?io", receiver)):
            return  # What Node's own emitters say of themselves, or servers each other: a client sends neither.
        if name in LISTENS | EMITS and first not in OWN and SOCKET.search(receiver):
            yield self._event(name, receiver, first, given)
        elif name in ROOMS and given[0].type == "identifier" and "room" in text_of(given[0]).lower():
            return  # The variable was read where it was given its value.
        elif name in ROOMS and first.startswith("{"):
            return  # It begins with what nothing here says.
        elif name in ROOMS and SOCKET.search(receiver) and re.search(r"[:{-]", first):
            yield self._claim("room", first, self.place(given[0]), name)
        elif name in METHODS and first.startswith("/") and (ROUTER.search(receiver) or CALLER.search(receiver)):
            how = "route" if ROUTER.search(receiver) and len(given) > 1 else "call"
            yield self._claim("call", f"{name.upper()} {first}", self.place(given[0]), how)

    def _event(self, name: str, receiver: str, event: str, given: list[Node]) -> Claim:
        place = self.place(given[0])
        if name in LISTENS:
            return self._claim(
                "event", event, place, "on", direction="to-client" if self.side == "client" else "to-server"
            )
        to_client = self.side == "server" or BROADCASTER.search(receiver) is not None
        shown = next((one for one in map(bare, given[1:2]) if one is not None and one.type == "object"), None)
        told = None
        if shown is not None:
            told = payload(shown, self.place, placeholders=self.origin == "document")
        return self._claim(
            "event", event, place, "emit", direction="to-client" if to_client else "to-server", payload=told
        )  # fmt: skip

    def _fetch(self, given: list[Node]) -> Iterator[Claim]:
        path = self.literal(given[0])
        if path is None:
            return
        method = "GET"
        for pair in given[1].named_children if len(given) > 1 and given[1].type == "object" else ():
            key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
            if key is not None and text_of(key) == "method":
                method = (self.literal(value) or method).upper()
        found = re.search(r"(?:^|[}/a-z0-9])(/api/.*|/internal/.*|/health.*)", path) or re.match(r"(/.*)", path)
        if found:
            yield self._claim("call", f"{method} {found[1]}", self.place(given[0]), "call")

    def _room_variable(self, node: Node) -> Iterator[Claim]:
        name, value = node.child_by_field_name("name"), bare(node.child_by_field_name("value"))
        if name is None or value is None or "room" not in text_of(name).lower():
            return
        literal = self.literal(value) if value.type in ("template_string", "string", "binary_expression") else None
        if literal and re.search(r"[:{-]", literal) and " " not in literal and not literal.startswith("{"):
            yield self._claim("room", literal, self.place(value), "variable")

    def _handler(self, node: Node) -> Iterator[Claim]:
        """An entry of a table of handlers: `'sos:init': async (message) => ...`, or a method of that name."""
        key = node.child_by_field_name("key" if node.type == "pair" else "name")
        value = node.child_by_field_name("value")
        if key is None or key.type != "string" or ":" not in text_of(key):
            return
        named = value is not None and value.type in ("identifier", "member_expression") and _of_handlers(node.parent)
        if node.type == "pair" and not named and (value is None or value.type not in FUNCTIONS):
            return
        direction: Direction = "to-client" if self.side == "client" else "to-server"
        yield self._claim("event", text_of(key)[1:-1], self.place(key), "on", direction=direction, listed=True)

    def _decorator(self, node: Node) -> Iterator[Claim]:
        call = node.named_children[0] if node.named_children else None
        function = call.child_by_field_name("function") if call is not None else None
        arguments = call.child_by_field_name("arguments") if call is not None else None
        if (
            function is None
            or arguments is None
            or text_of(function) != "SubscribeMessage"
            or not arguments.named_children
        ):
            return
        event = self.literal(arguments.named_children[0])
        if event:
            yield self._claim("event", event, self.place(arguments.named_children[0]), "on", direction="to-server")

    def comments(self) -> Iterator[tuple[int, int, str, bool]]:
        """(first line, last line, text, whether code stands before it there) of each comment, in the file's lines."""
        for node in walk(self.root):
            if node.type == "comment":
                begin = self._source.rfind(b"\n", 0, node.start_byte) + 1
                behind = bool(self._source[begin : node.start_byte].strip())
                yield self.line + node.start_point[0], self.line + node.end_point[0], text_of(node), behind


def _of_handlers(node: Node | None) -> bool:
    """Whether an object is a table of handlers: by its name, or because others in it are functions."""
    if node is None:
        return False
    values = [pair.child_by_field_name("value") for pair in node.named_children if pair.type == "pair"]
    of = text_of(node.parent).split("=")[0] if node.parent is not None else ""
    return re.search(r"handler|listener", of, re.IGNORECASE) is not None or any(
        value is not None and value.type in FUNCTIONS for value in values
    )
