"""What handlers of a service return, which Socket.IO sends back as the answer to the request. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from conformance.align import payload
from conformance.align.model import Claim, Origin, Payload, Place
from conformance.align.nodes import text_of, walk
from conformance.align.shown import of_event

if TYPE_CHECKING:
    from tree_sitter import Node

    from conformance.align.code import Code
    from conformance.align.vocabulary import Vocabulary

INNER = frozenset({"arrow_function", "function_expression", "function_declaration", "function_definition", "lambda"})
"""What has returns of its own."""
OBJECTS = frozenset({"object", "dictionary"})


class Python(Protocol):
    """What is needed of a text of Python."""

    words: Vocabulary | None
    origin: Origin

    def literal(self, node: Node | None) -> str | None:
        """What an expression stands for."""

    def payload_of(self, node: Node | None) -> Payload | None:
        """The payload that an expression stands for."""

    def place(self, node: Node) -> Place:
        """Where a node is, in the file."""


def of_typescript(code: Code, event: str, decorator: Node) -> Iterator[Claim]:
    """What the method behind `@SubscribeMessage('x')` returns."""
    handler = _handler_of(decorator)
    if handler is None or code.words is None or code.origin != "source":
        return
    for node in _returned(handler):
        shown = payload.of_value(code.scope, node, placeholders=False)
        yield from _claim(event, shown, code.words, code.place(node))


def of_callback(code: Code, event: str, handler: Node | None) -> Iterator[Claim]:
    """What a handler gives to its last parameter, which Socket.IO sends back: `ack({...})`."""
    parameters = handler.child_by_field_name("parameters") if handler is not None else None
    body = handler.child_by_field_name("body") if handler is not None else None
    if parameters is None or body is None or code.words is None or len(parameters.named_children) < 2:
        return
    names = [one for one in parameters.named_children if one.type != "comment"]
    last = names[-1].child_by_field_name("pattern") or names[-1]
    if last.type != "identifier":
        return
    for call in walk(body):
        function, given = call.child_by_field_name("function"), call.child_by_field_name("arguments")
        if call.type != "call_expression" or function is None or given is None or text_of(function) != text_of(last):
            continue
        for node in given.named_children:
            if node.type == "object":
                shown = payload.of_value(code.scope, node, placeholders=False)
                yield from _claim(event, shown, code.words, code.place(node), code.origin)


def of_python(code: Python, decorator: Node, handler: Node | None) -> Iterator[Claim]:
    """What the function below `@sio.on("x")` returns."""
    function, arguments = decorator.child_by_field_name("function"), decorator.child_by_field_name("arguments")
    if function is None or arguments is None or not arguments.named_children or code.words is None:
        return
    event = code.literal(arguments.named_children[0])
    if event is None or handler is None or code.origin != "source" or not text_of(function).endswith(".on"):
        return
    for node in _returned(handler):
        yield from _claim(event, code.payload_of(node), code.words, code.place(node))


def _claim(
    event: str, shown: Payload | None, words: Vocabulary, place: Place, origin: Origin = "source"
) -> Iterator[Claim]:  # fmt: skip
    known = words.bundle.events.get(event)
    reply = known.request.reply if known is not None and known.request is not None else None
    if reply is not None and reply.event is not None and shown is not None and _fits(shown, reply.event, words):
        yield Claim(
            kind="event", subject=reply.event, place=place, origin=origin, how="payload", direction="to-client",
            payload=shown,
        )  # fmt: skip


def _fits(shown: Payload, answer: str, words: Vocabulary) -> bool:
    """Whether an object has most of the fields of an answer: another one tells of a failure."""
    names = {field.name for field in shown.fields}
    required = [set(schema.get("required", ())) for schema in of_event(words.bundle, answer, "to-client")]
    return any(one and len(one & names) * 2 >= len(one) for one in required)


def _returned(function: Node) -> Iterator[Node]:
    """The objects that a function returns, in the order of the text."""
    body = function.child_by_field_name("body")
    left = [body] if body is not None else []
    while left:
        node = left.pop()
        if node.type in OBJECTS:
            if node.parent is not None and node.parent.type == "return_statement":
                yield node
        elif node.type not in INNER:
            left += reversed(node.named_children)


def _handler_of(decorator: Node) -> Node | None:
    """The method that a decorator of TypeScript stands before."""
    one = decorator.next_named_sibling
    while one is not None and one.type in ("decorator", "comment"):
        one = one.next_named_sibling
    return one if one is not None and one.type == "method_definition" and text_of(one) else None
