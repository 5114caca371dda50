"""TypeScript and JavaScript to claims: events, rooms, calls and payloads, in source or a guide's code.

Parsed by tree-sitter, which also reads what is cut short. Names are resolved through constants objects, enums and
variables of the same text, and through the constants that other files of the source export.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from conformance.align import (
    acks,
    bases,
    event_maps,
    handler_answers,
    handlers,
    http,
    nest,
    payload,
    receivers,
    sides,
    sockets,
    strings,
)
from conformance.align.model import Claim, Direction, Kind, Origin, Payload, Place, Side
from conformance.align.nodes import bare, refuse_deep, text_of, tree, walk
from conformance.align.scope import FUNCTIONS, Names, Scope

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

    from conformance.align.vocabulary import Vocabulary

LISTENS = frozenset(
    {"on", "once", "addListener", "prependListener", "addEventListener", "off", "removeListener", "fromEvent",
     "fromOneTimeEvent", "listen", "subscribe"}
)  # fmt: skip
EMITS = frozenset({"emit", "emitWithAck", "send_event"})
ROOMS = frozenset({"to", "in", "except", "join", "leave", "socketsJoin", "socketsLeave"})
WRAPPED_EMIT = re.compile(
    r"(?!serverSide)\w*(?:[eE]mit|[bB]roadcast)(?:[A-Z_]\w*)?|(?:notify|sendTo|publishTo)(?:Room|Sos|All|Others|Members)\w*"
)
WRAPPED_LISTEN = re.compile(
    r"use\w*(?:Event|Listener|Subscription|Socket)|(?:on|listen|subscribe)(?:To)?(?:Socket)?Event"
)
"""Names of helpers that send, and of those that hear."""


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
    words: Vocabulary | None = None
    line: int = 1
    """The line of the file that it begins on."""
    columns: int = 0
    """How far it is indented there."""
    side: Side | None = None
    """Whose code it is, where that is known beforehand."""
    section: tuple[str, ...] = ()
    tsx: bool = False
    root: Node = field(init=False)
    nodes: list[Node] = field(init=False)
    """All of its nodes, in the order of the text."""
    scope: Scope = field(init=False)
    bases: dict[str, str] = field(init=False)
    """The paths of the bases that clients of HTTP are given, by their variables."""
    taken: set[int] = field(default_factory=set)
    """Where the strings begin that claims were made of."""
    _source: bytes = field(init=False)
    _own: Side | None = field(init=False)
    _halves: list[tuple[int, Side]] = field(init=False)
    _sockets: dict[str, Side | None] = field(default_factory=dict)
    """The variables that are given a socket, and whose it is."""
    _documented: dict[tuple[int, str], bool] = field(default_factory=dict)
    """Whether a function, by where it begins, does something with the documented room."""
    _elsewhere: tuple[sockets.Namespace, ...] = ()
    _statements: dict[int, Side | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._source = self.text.encode("utf-8", "replace")
        refuse_deep(self.text)
        self.root = tree(_parser(self.tsx), self._source)
        self.nodes = list(walk(self.root))
        self.scope = Scope(nodes=self.nodes, place=self.place)
        self.bases = bases.of_code(self.text)
        self._own = sides.own(self.text)
        self._halves = sides.halves(self.text) if self.origin == "document" else []
        self._sockets = sockets.sides(self.text, self.nodes)
        self._elsewhere = sockets.elsewhere(self.nodes, self.text, self.words)

    def outside(self, names: Names) -> None:
        """Take what the constants of other files stand for."""
        self.scope.outside = names

    def place(self, node: Node) -> Place:
        """Where a node is, in the file."""
        row = node.start_point[0]
        begin = self._source.rfind(b"\n", 0, node.start_byte) + 1
        column = len(self._source[begin : node.start_byte].decode("utf-8", "replace"))
        width = len(text_of(node).split("\n", 1)[0])
        first = column + self.columns + 1
        return Place(file=self.file, line=self.line + row, column=first, end=first + width)

    # --- whose code it is ------------------------------------------------------------------------------------

    def side_of(self, node: Node) -> Side | None:
        """Whose code a node is in; None where nothing in the code says it."""
        if self.origin == "client":
            return "client"
        if self.origin == "source":
            return self._own or self.side
        row = node.start_point[0]
        half = next((side for line, side in reversed(self._halves) if line <= row), None)
        if half:
            return half
        if self._own and not self._halves:
            return self._own
        statement = node
        while statement.parent is not None and statement.parent.type != "program":
            statement = statement.parent
        if statement.start_byte not in self._statements:
            self._statements[statement.start_byte] = sides.own(text_of(statement))
        return self._statements[statement.start_byte] or self.side

    # --- claims ----------------------------------------------------------------------------------------------

    def claims(self) -> Iterator[Claim]:
        """Everything that it says."""
        for constant in self.scope.constants:
            if self._a_name(constant.text):
                if self.words is not None and strings.among_strangers(constant.node, self.words):
                    continue
                self.taken.add(constant.node.start_byte)
                yield self.claim("event", constant.text, constant.place, "constant", listed=True)
        for node in self.nodes:
            match node.type:
                case "call_expression":
                    yield from self._call(node)
                case "variable_declarator":
                    yield from self._room_variable(node)
                case "function_declaration" | "method_definition":
                    yield from self._room_function(node)
                    yield from self._handler(node)
                case "pair":
                    yield from self._handler(node)
                    yield from nest.response(self, node)
                case "decorator":
                    yield from nest.decorator(self, node)
                case "interface_declaration" | "type_alias_declaration":
                    yield from event_maps.claims(self, node)
        yield from nest.routes(self)
        yield from strings.claims(self, self.nodes)

    def claim(
        self, kind: Kind, subject: str, place: Place, how: str, *, direction: Direction | None = None,
        payload: Payload | None = None, listed: bool = False, query: Payload | None = None,
    ) -> Claim:  # fmt: skip
        """A claim of this text."""
        return Claim(
            kind=kind, subject=subject, place=place, origin=self.origin, how=how, direction=direction, payload=payload,
            section=self.section, listed=listed, query=query,
        )  # fmt: skip

    def _a_name(self, text: str) -> bool:
        if re.search(r"[{/\s]", text):
            return False
        return ":" in text or (self.words is not None and self.words.known(text))

    def _call(self, node: Node) -> Iterator[Claim]:
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if function is None or arguments is None:
            return
        given = [child for child in arguments.named_children if child.type != "comment"]
        if not given:
            return
        if function.type == "identifier":
            yield from self._wrapped(text_of(function), given)
            yield from http.called(self, text_of(function), "", given)
            return
        if function.type != "member_expression":
            return
        method, of = function.child_by_field_name("property"), function.child_by_field_name("object")
        if method is None or of is None:
            return
        name, receiver = text_of(method), text_of(of)
        if name in LISTENS | EMITS:
            for literal, where in self.scope.choices(given[0]):
                yield from self._event(name, receiver, literal, where, given)
        elif name in ROOMS:
            for literal, where in self.scope.choices(given[0]):
                yield from self._room(name, receiver, literal, where)
        elif receivers.kind(receiver) != "other":
            yield from self._wrapped(name, given)
        yield from http.called(self, name, receiver, given)

    def _wrapped(self, name: str, given: list[Node]) -> Iterator[Claim]:
        """A call of a helper that sends or hears: `emitToRoom(id, 'event', payload)`, `useSocketEvent('event', f)`."""
        if name == "emit" and receivers.COMPONENTS.search(self.text):
            return  # A component of Vue tells its parent.
        sends, hears = WRAPPED_EMIT.fullmatch(name), WRAPPED_LISTEN.fullmatch(name)
        if not sends and not hears:
            return
        for at, node in enumerate(given):
            event = self.scope.literal(node) if node.type != "call_expression" else None
            if event is None or not self._a_name(event) or event in receivers.OWN or self._a_room(event):
                continue
            self.taken.add(node.start_byte)
            shown = self._sent(given[at:]) if sends else self._heard(given[at:])
            made = self.claim("event", event, self.place(node), "emit" if sends else "on", payload=shown)
            yield sides.directed(made, "sends" if sends else "hears", self.side_of(node))
            return

    def _a_room(self, text: str) -> bool:
        return self.words is not None and self.words.is_example(text)

    def _is_socket(self, receiver: str, event: str) -> bool:
        root = re.match(r"[\w$]+", receiver)
        if receiver in self._sockets or (root and root[0] in self._sockets and receivers.kind(receiver) != "other"):
            return True
        match receivers.kind(receiver):
            case "socket":
                return True
            case "other":
                return receivers.is_an_actor(receiver, event, self.words)
            case "perhaps":
                known = self.words is not None and self.words.known(event)
                return ":" in event or known or (self._own is not None and not receiver.endswith(("server", "Server")))
        return False

    def _of_receiver(self, receiver: str) -> Side | None:
        """The side that the socket itself tells where a text has both: it was made there, or is named after it."""
        if self.origin == "client":
            return None
        return self._sockets[receiver] if receiver in self._sockets else sockets.named(receiver)

    def _has_rooms(self, receiver: str) -> bool:
        return receiver in self._sockets or receivers.kind(receiver) != "other"

    def _event(self, name: str, receiver: str, event: str, where: Node, given: list[Node]) -> Iterator[Claim]:
        if event in receivers.OWN or "{" in event or not self._is_socket(receiver, event):
            return
        if any(one.has(receiver, where.start_byte) for one in self._elsewhere):
            # Another namespace has events of its own.
            self.taken.add(where.start_byte)
            return
        side = self._of_receiver(receiver) or self.side_of(where)
        listens = name in LISTENS
        if listens and re.fullmatch(r"(?:this\.)?io", receiver):
            return  # What servers tell each other: a client sends none of it.
        if listens and event == "error" and side != "client":
            if side is None and self.words is not None and self.words.known(event):
                yield self.claim("event", event, self.place(where), "on")
            return  # What Node's own emitters say of themselves.
        self.taken.add(where.start_byte)
        actor = receivers.kind(receiver) == "other" and receiver not in self._sockets
        if actor and self.origin == "source":  # A test of the service acts as its clients do, rightly and wrongly.
            yield self.claim("event", event, self.place(where), "string")
            return
        if not listens and self.origin != "client" and receivers.broadcasts(receiver):
            side = "server"
        shown = self._heard(given) if listens else self._sent(given)
        made = self.claim("event", event, self.place(where), "on" if listens else "emit", payload=shown)
        made = replace(made, audience=receivers.audience(receiver, server=side == "server" and not listens))
        yield sides.directed(made, "hears" if listens else "sends", side)
        if listens and side != "client" and self.origin != "client" and len(given) > 1:
            yield from handler_answers.of_callback(self, event, self.scope.function(given[1]))
        known = name in EMITS and side != "server" and self.words is not None and event in self.words.events
        answer = acks.read_of(self.scope, name, receiver, given) if known else None
        if answer is not None:
            read = self.claim("event", event, answer.fields[0].place, "payload", payload=answer)
            yield replace(read, of_reply=True)

    def _sent(self, given: list[Node]) -> Payload | None:
        """The payload that is emitted."""
        if len(given) < 2:
            return None
        shown = payload.of_value(self.scope, given[1], placeholders=self.origin == "document")
        if shown is None and given[1].type in ("as_expression", "satisfies_expression"):
            return payload.of_type(self.scope, given[1].named_children[-1])
        return shown

    def _heard(self, given: list[Node]) -> Payload | None:
        """What a handler says of the payload: the type of its parameter, or the fields that it takes."""
        handler = self.scope.function(given[1]) if len(given) > 1 else None
        if handler is None:
            return None
        shown = payload.of_handler(self.scope, handler)
        # What a guide shows or a client has, and a handler declared elsewhere, take what they need of what is sent.
        part = self.origin != "source" or handler is not given[1]
        return replace(shown, whole=False) if shown is not None and part else shown

    def _room(self, name: str, receiver: str, room: str, where: Node) -> Iterator[Claim]:
        if where.type == "identifier" and "room" in text_of(where).lower():
            return  # The variable was read where it was given its value.
        if where.type == "call_expression" and "room" in text_of(where).split("(")[0].lower():
            return  # And the helper where it is defined.
        if room.startswith("{") or not re.search(r"[:{-]", room) or not self._has_rooms(receiver):
            return
        self.taken.add(where.start_byte)
        made = self.claim("room", room, self.place(where), name)
        yield replace(made, refuted=self.words is not None and self._is_further(name, room, where))

    def _is_further(self, name: str, room: str, where: Node) -> bool:
        """Whether the same function does the same with the documented room: this one is for something else."""
        words, function = self.words, where.parent
        if words is None or room.lower().startswith(words.base) or not words.other_room.fullmatch(room):
            return False
        while function is not None and function.type not in (*FUNCTIONS, "function_declaration", "method_definition"):
            function = function.parent
        if function is None:
            return False
        key = (function.start_byte, name)
        if key not in self._documented:
            calls = (node for node in walk(function) if node.type == "call_expression")
            self._documented[key] = any(self._names_the_room(node, name, words) for node in calls)
        return self._documented[key]

    def _names_the_room(self, call: Node, name: str, words: Vocabulary) -> bool:
        """Whether a call of a method is given the documented room."""
        of, given = call.child_by_field_name("function"), call.child_by_field_name("arguments")
        if of is None or given is None or not given.named_children or not text_of(of).endswith(f".{name}"):
            return False
        other = self.scope.literal(given.named_children[0])
        return other is not None and words.is_room(other)

    def _room_variable(self, node: Node) -> Iterator[Claim]:
        name, value = node.child_by_field_name("name"), bare(node.child_by_field_name("value"))
        if name is None or value is None or "room" not in text_of(name).lower():
            return
        if value.type in FUNCTIONS:
            yield from self._room_function(value, text_of(name))
        elif value.type in ("template_string", "string", "binary_expression"):
            yield from self._room_value(value)

    def _room_function(self, node: Node, name: str = "") -> Iterator[Claim]:
        """The room that a helper makes, where the helper is named after rooms."""
        own = node.child_by_field_name("name")
        name = name or (text_of(own) if own is not None else "")
        body = node.child_by_field_name("body")
        if "room" not in name.lower() or body is None:
            return
        if body.type == "statement_block":
            only = body.named_children[0] if len(body.named_children) == 1 else None
            body = (
                only.named_children[0]
                if only is not None and only.type == "return_statement" and only.named_children
                else None
            )
        body = bare(body)
        if body is not None and body.type in ("template_string", "binary_expression"):
            yield from self._room_value(body)

    def _room_value(self, value: Node) -> Iterator[Claim]:
        literal = self.scope.literal(value)
        if literal and re.search(r"[:{-]", literal) and " " not in literal and not literal.startswith("{"):
            yield self.claim("room", literal, self.place(value), "variable")

    def _handler(self, node: Node) -> Iterator[Claim]:
        """An entry of a table of handlers: `'sos:init': async (message) => ...`, or a method of that name."""
        key = node.child_by_field_name("key" if node.type == "pair" else "name")
        value = node.child_by_field_name("value")
        if key is None or key.type != "string" or ":" not in text_of(key):
            return
        named = (
            value is not None and value.type in ("identifier", "member_expression") and handlers.is_table(node.parent)
        )
        if node.type == "pair" and not named and (value is None or value.type not in FUNCTIONS):
            return
        self.taken.add(key.start_byte)
        made = self.claim("event", text_of(key)[1:-1], self.place(key), "on", listed=True)
        yield sides.directed(made, "hears", self.side_of(key))

    def comments(self) -> Iterator[tuple[int, int, str, bool]]:
        """(first line, last line, text, whether code stands before it there) of each comment, in the file's lines."""
        for node in self.nodes:
            if node.type == "comment":
                begin = self._source.rfind(b"\n", 0, node.start_byte) + 1
                behind = bool(self._source[begin : node.start_byte].strip())
                yield self.line + node.start_point[0], self.line + node.end_point[0], text_of(node), behind
