"""Python to claims: python-socketio, Flask-SocketIO, FastAPI and Flask, parsed by tree-sitter."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from conformance.align import handler_answers, loose, python_reads, receivers, routes, sides
from conformance.align.markdown import line_starts
from conformance.align.model import Audience, Claim, Kind, Origin, Payload, Place, Side
from conformance.align.nodes import last, refuse_deep, text_of, tree, walk
from conformance.align.scope import EVENTS, STORES, Names
from conformance.align.vocabulary import NAME

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

    from conformance.align.vocabulary import Vocabulary

ROOMS = frozenset({"enter_room", "leave_room", "join_room", "close_room"})
ROOM_WORDS = frozenset({"room", "to"})
METHODS = frozenset({"get", "post", "put", "patch", "delete"})
OWN = receivers.OWN | {"event", "message_error"}
APP = re.compile(r"\b\w*(?:app|router|api|bp|blueprint)\w*$", re.IGNORECASE)
CALLER = re.compile(r"\b(?:requests|httpx|session|client|http)\b")
NAMESPACE = re.compile(r"\b(?:Async)?(?:Client)?Namespace\b")
OTHER_CALLS = re.compile(r"redis|log|print|cache|metric|queue|publish|\bset\b|getenv|environ|hset|sadd", re.IGNORECASE)


@cache
def _parser() -> Parser:
    import tree_sitter
    import tree_sitter_python

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_python.language()))


@dataclass(slots=True)
class Code:
    """A text of Python, read once."""

    text: str
    file: str
    origin: Origin
    words: Vocabulary | None = None
    line: int = 1
    columns: int = 0
    """How far it is indented in the file."""
    side: Side | None = None
    """Whose code it is where it does not show that itself."""
    section: tuple[str, ...] = ()
    root: Node = field(init=False)
    names: dict[str, str] = field(default_factory=dict)
    """What its own names stand for."""
    dicts: dict[str, Node] = field(default_factory=dict)
    _outside: Names = field(default_factory=dict)
    _prefixes: dict[str, str] = field(default_factory=dict)
    """The prefixes of routers, by their names."""
    _taken: set[int] = field(default_factory=set)
    _source: bytes = field(init=False)
    _own: Side | None = field(init=False)

    def __post_init__(self) -> None:
        self._source = self.text.encode("utf-8", "replace")
        refuse_deep(self.text)
        self.root = tree(_parser(), self._source)
        self._own = sides.own(self.text)
        for node in walk(self.root):
            if node.type == "assignment":
                self._assigned(node)
            elif node.type == "function_definition":
                self._made(node)

    def outside(self, names: Names) -> None:
        """Take what the constants of other files stand for."""
        self._outside = names

    def place(self, node: Node) -> Place:
        """Where a node is, in the file."""
        begin = self._source.rfind(b"\n", 0, node.start_byte) + 1
        first = len(self._source[begin : node.start_byte].decode("utf-8", "replace")) + self.columns + 1
        width = len(text_of(node).split("\n", 1)[0])
        return Place(file=self.file, line=self.line + node.start_point[0], column=first, end=first + width)

    def comments(self) -> Iterator[tuple[int, int, str, bool]]:
        """(first line, last line, text, whether code stands before it) of each comment."""
        for node in walk(self.root):
            if node.type == "comment":
                begin = self._source.rfind(b"\n", 0, node.start_byte) + 1
                behind = bool(self._source[begin : node.start_byte].strip())
                yield self.line + node.start_point[0], self.line + node.end_point[0], text_of(node), behind

    # --- names -----------------------------------------------------------------------------------------------

    def _assigned(self, node: Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return
        name = text_of(left)
        owner = node.parent
        while owner is not None and owner.type not in ("class_definition", "function_definition"):
            owner = owner.parent
        if owner is not None and owner.type == "class_definition":
            own = owner.child_by_field_name("name")
            name = f"{text_of(own)}.{name}" if own is not None else name
        if right.type == "dictionary":
            self.dicts[_local(owner, name)] = right
        elif right.type == "call" and re.match(r"(?:\w+\.)?(?:APIRouter|Blueprint)\(", text_of(right)):
            prefix = re.search(r"(?:url_)?prefix\s*=\s*['\"]([^'\"]+)", text_of(right))
            self._prefixes[name] = prefix[1] if prefix else ""
        elif (literal := self.literal(right)) is not None:
            self.names[name] = literal

    def _dict(self, node: Node, name: str) -> Node | None:
        """The dictionary that a name stands for at a node: that of the innermost function that assigns it."""
        owner = node.parent
        while owner is not None:
            if owner.type == "function_definition" and (found := self.dicts.get(_local(owner, name))) is not None:
                return found
            owner = owner.parent
        return self.dicts.get(name)

    def _made(self, node: Node) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        only = body.named_children[-1] if body is not None and body.named_children else None
        if name is not None and only is not None and only.type == "return_statement" and only.named_children:
            value = only.named_children[0]
            if value.type == "dictionary":
                self.dicts[f"{text_of(name)}()"] = value
            elif value.type in ("string", "binary_operator") and (literal := self.literal(value)) is not None:
                self.names[f"{text_of(name)}()"] = literal

    def literal(self, node: Node | None) -> str | None:
        """What an expression stands for, a formatted string with its substitutions as `{name}`."""
        if node is None:
            return None
        match node.type:
            case "string":
                return "".join(_part(one) for one in node.named_children)
            case "identifier" | "attribute":
                name = text_of(node).removesuffix(".value")
                return self.names.get(name) or self._outside.get(name)
            case "call":
                function = node.child_by_field_name("function")
                if function is not None and function.type == "attribute" and text_of(function).endswith(".format"):
                    inner = self.literal(function.child_by_field_name("object"))
                    return re.sub(r"\{\w*\}", "{id}", inner) if inner is not None else None
                name = f"{text_of(function)}()" if function is not None else ""
                return self.names.get(name) or self._outside.get(name)
            case "binary_operator":
                left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
                first = self.literal(left)
                if first is None or right is None:
                    return None
                if text_of(node)[len(text_of(left)) if left else 0 :].lstrip().startswith("%"):
                    return first.replace("%s", f"{{{last(right)}}}").replace("%d", f"{{{last(right)}}}")
                return first + (self.literal(right) or f"{{{last(right)}}}")
            case "parenthesized_expression":
                return self.literal(node.named_children[0]) if node.named_children else None
        return None

    # --- claims ----------------------------------------------------------------------------------------------

    def claims(self) -> Iterator[Claim]:
        """Everything that it says."""
        nodes = list(walk(self.root))
        for node in nodes:
            if node.type == "call":
                yield from self._call(node)
            elif node.type == "decorated_definition":
                yield from self._decorated(node)
            elif node.type == "class_definition":
                yield from self._namespace(node)
            elif node.type == "function_definition":
                yield from self._room_function(node)
        for node in nodes:
            if node.type == "string" and node.start_byte not in self._taken:
                yield from self._string(node)

    def claim(
        self, kind: Kind, subject: str, place: Place, how: str, payload: Payload | None = None, *, listed: bool = False
    ) -> Claim:  # fmt: skip
        """A claim of this text."""
        return Claim(
            kind=kind, subject=subject, place=place, origin=self.origin, how=how, section=self.section,
            payload=payload, listed=listed,
        )  # fmt: skip

    def _side(self) -> Side | None:
        return "client" if self.origin == "client" else self._own or self.side

    def _call(self, node: Node) -> Iterator[Claim]:
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if function is None or arguments is None:
            return
        given = [one for one in arguments.named_children if one.type not in ("keyword_argument", "comment")]
        named = {
            text_of(key): value
            for one in arguments.named_children
            if one.type == "keyword_argument"
            and (key := one.child_by_field_name("name")) is not None
            and (value := one.child_by_field_name("value")) is not None
        }
        name, of = _method(function)
        if name in ("emit", "call", "send_event") and given and (not of or self._is_socket(of, given[0])):
            yield from self._emitted(given, named)
            if (
                name == "call"
                and (read := python_reads.of_answer(self.place, node))
                and (event := self.literal(given[0]))
                and (self.words is not None and event in self.words.events)
            ):
                yield replace(self.claim("event", event, read.fields[0].place, "payload", read), of_reply=True)
        elif name == "on" and given and receivers.kind(of) != "other":
            yield from self._heard(given[0], of, node)
        elif name in ROOMS:
            yield from self._room(next(iter([*given[-1:], *named.values()]), None))
        elif name in METHODS and given and CALLER.search(of):
            yield from self._http(name, of, given[0], named)

    def _emitted(self, given: list[Node], named: dict[str, Node]) -> Iterator[Claim]:
        event = self.literal(given[0])
        yield from (claim for word in named if word in ROOM_WORDS for claim in self._room(named[word]))
        if event is None or event in OWN or "{" in event:
            return
        self._taken.add(given[0].start_byte)
        shown = self.payload_of(given[1] if len(given) > 1 else named.get("data"))
        side = "server" if named.keys() & {"room", "skip_sid", "broadcast", "include_self"} else self._side()
        claim = self.claim("event", event, self.place(given[0]), "emit", shown)
        yield sides.directed(replace(claim, audience=self._audience(named)), "sends", side)

    def _is_socket(self, of: str, event: Node) -> bool:
        """Whether an event is sent on a socket; in a guide's test also on one that is named after an actor."""
        if receivers.kind(of) != "other":
            return True
        return self.origin == "document" and receivers.is_an_actor(of, self.literal(event) or "", self.words)

    def _audience(self, named: dict[str, Node]) -> Audience | None:
        """Who receives what a server sends to a room that is written there."""
        own = named.get("include_self")
        if "skip_sid" in named or (own is not None and text_of(own) == "False"):
            return "others"
        rooms = (self.literal(named[word]) for word in named if word in ROOM_WORDS)
        return "everyone-with-sender" if any(room and re.search(r"[:{-]", room) for room in rooms) else None

    def _heard(self, node: Node, of: str, call: Node) -> Iterator[Claim]:
        event = self.literal(node)
        if event is None or event in OWN or (receivers.kind(of) != "socket" and ":" not in event):
            return
        self._taken.add(node.start_byte)
        decorated = call.parent.parent if call.parent is not None and call.parent.type == "decorator" else None
        handler = decorated.child_by_field_name("definition") if decorated is not None else None
        read = python_reads.of_handler(self.place, handler)
        yield sides.directed(self.claim("event", event, self.place(node), "on", read), "hears", self._side())

    def _room(self, node: Node | None) -> Iterator[Claim]:
        if node is None or node.type in ("identifier", "call"):
            return
        room = self.literal(node)
        if room and re.search(r"[:{-]", room) and not room.startswith("{"):
            self._taken.add(node.start_byte)
            yield self.claim("room", room, self.place(node), "join")

    def _room_function(self, node: Node) -> Iterator[Claim]:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is None or body is None or "room" not in text_of(name).lower() or not body.named_children:
            return
        returned = body.named_children[-1]
        if returned.type == "return_statement" and returned.named_children:
            yield from self._room(returned.named_children[0])

    def payload_of(self, node: Node | None) -> Payload | None:
        """The payload that an expression stands for; None where nothing shows it."""
        if node is not None and node.type in ("identifier", "call"):
            function = node.child_by_field_name("function") if node.type == "call" else node
            name = text_of(function) if function is not None else ""
            node = self.dicts.get(f"{name}()") if node.type == "call" else self._dict(node, name)
        if node is None or node.type != "dictionary":
            return None
        starts = line_starts(self.text)
        begin = starts[node.start_point[0]] + self.place(node).column - self.columns - 1

        def placed(first: int, last: int) -> Place:
            line = bisect.bisect_right(starts, first) - 1
            column = first - starts[line] + self.columns + 1
            return Place(file=self.file, line=self.line + line, column=column, end=column + last - first)

        shown = loose.payload(self.text, begin, placed, placeholders=self.origin == "document")
        return shown[0] if shown else None

    def _decorated(self, node: Node) -> Iterator[Claim]:
        definition = node.child_by_field_name("definition")
        for decorator in node.named_children:
            if decorator.type != "decorator" or not decorator.named_children:
                continue
            inner = decorator.named_children[0]
            if inner.type == "attribute" and text_of(inner).endswith(".event"):
                yield from self._named_handler(definition)
            elif inner.type == "call":
                yield from self._route(inner, definition)
                yield from handler_answers.of_python(self, inner, definition)

    def _named_handler(self, definition: Node | None, prefix: str = "") -> Iterator[Claim]:
        """A function whose name is the event's."""
        name = definition.child_by_field_name("name") if definition is not None else None
        if name is None or not text_of(name).startswith(prefix):
            return
        event = text_of(name).removeprefix(prefix)
        if (event not in OWN and event != "error") or (self.words is not None and event in self.words.events):
            yield sides.directed(self.claim("event", event, self.place(name), "on"), "hears", self._side())

    def _namespace(self, node: Node) -> Iterator[Claim]:
        bases, body = node.child_by_field_name("superclasses"), node.child_by_field_name("body")
        if bases is None or body is None or not NAMESPACE.search(text_of(bases)):
            return
        for one in body.named_children:
            if one.type == "function_definition" and text_of(one).lstrip("async ").startswith(("def on_", "ef on_")):
                name = one.child_by_field_name("name")
                event = text_of(name).removeprefix("on_") if name is not None else ""
                if event == "error":  # A handler of errors is no event that a client sends.
                    continue
                yield from self._named_handler(one, "on_")

    def _route(self, call: Node, definition: Node | None) -> Iterator[Claim]:
        """`@app.post("/path")`, `@app.route("/path", methods=["POST"])`."""
        function, arguments = call.child_by_field_name("function"), call.child_by_field_name("arguments")
        if function is None or arguments is None or not arguments.named_children:
            return
        name, of = _method(function)
        path = self.literal(arguments.named_children[0])
        if path is None or not APP.search(of) or not (path.startswith("/") or path == ""):
            return
        methods = [name.upper()] if name in METHODS else []
        if name == "route":
            methods = re.findall(r"['\"](GET|POST|PUT|PATCH|DELETE)['\"]", text_of(arguments)) or ["GET"]
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", self._prefixes.get(of, "") + path)
        for method in methods:
            self._taken.add(arguments.named_children[0].start_byte)
            made = self.claim("call", f"{method} {path}", self.place(arguments.named_children[0]), "route")
            yield made
            status = routes.of_function(arguments, definition)
            if status is not None:
                yield replace(made, how="payload", place=self.place(status), status=int(text_of(status)))

    def _http(self, method: str, of: str, node: Node, named: dict[str, Node]) -> Iterator[Claim]:
        if found := re.match(r"(?:https?://[^/]*|\{\w*\})?(/.*)", self.literal(node) or ""):
            self._taken.add(node.start_byte)
            sent, asked = map(self.payload_of, (named.get("json"), named.get("params")))
            made = self.claim("call", f"{method.upper()} {found[1]}", self.place(node), "call", sent)
            yield replace(made, via=of, query=asked)

    def _string(self, node: Node) -> Iterator[Claim]:
        """A name in a string that nothing else was made of."""
        text, words = self.literal(node) or "", self.words
        if words is None:
            return
        other = words.other_spelling(text)
        if not other and not (words.known(text) if ":" not in text else NAME.fullmatch(text)):
            return
        one, how = node.parent, "string"
        while one is not None and one.type not in ("block", "module"):
            if one.type == "call" and OTHER_CALLS.search(text_of(one).split("(")[0]):
                return
            if one.type in ("assignment", "pair"):
                left = one.child_by_field_name("left") or one.child_by_field_name("key")
                if left is not None and left.start_byte != node.start_byte:
                    if EVENTS.search(text_of(left)):
                        how = "constant"
                    elif STORES.search(text_of(left)):
                        return
            one = one.parent
        if (":" not in text or other) and how != "constant":
            return
        if words.surely_an_event(text) or (how == "constant" and words.like_an_event(text)):
            yield self.claim("event", text, self.place(node), how, listed=True)


def _local(owner: Node | None, name: str) -> str:
    """The key of a name that is assigned in a function, which no other function sees; any other is its own key."""
    return f"{owner.start_byte}:{name}" if owner is not None and owner.type == "function_definition" else name


def _part(node: Node) -> str:
    """A part of a string: its text, or what stands for a substitution."""
    if node.type == "interpolation":
        return f"{{{last(node)}}}"
    return text_of(node) if node.type == "string_content" else ""


def _method(function: Node) -> tuple[str, str]:
    """(the name, what it is called on) of a call."""
    if function.type != "attribute":
        return text_of(function), ""
    name, of = function.child_by_field_name("attribute"), function.child_by_field_name("object")
    return (text_of(name) if name is not None else ""), (text_of(of) if of is not None else "")
