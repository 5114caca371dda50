"""NestJS: events that methods of gateways handle and answer, routes of controllers. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.align import handler_answers
from conformance.align.nodes import text_of
from conformance.align.routes import good

if TYPE_CHECKING:
    from tree_sitter import Node

    from conformance.align.code import Code
    from conformance.align.model import Claim

METHODS = frozenset({"Get", "Post", "Put", "Patch", "Delete"})


def response(code: Code, node: Node) -> Iterator[Claim]:
    """`{ event: 'x', data }`, with which a handler of NestJS answers."""
    key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
    if key is None or value is None or text_of(key) != "event" or value.type != "string" or node.parent is None:
        return
    others = {text_of(one).split(":")[0].strip() for one in node.parent.named_children}
    if "data" in others and "@SubscribeMessage" in code.text:
        code.taken.add(value.start_byte)
        yield code.claim("event", text_of(value)[1:-1], code.place(value), "emit", direction="to-client")


def decorator(code: Code, node: Node) -> Iterator[Claim]:
    """`@SubscribeMessage('x')`, and what its method returns."""
    call = node.named_children[0] if node.named_children else None
    function = call.child_by_field_name("function") if call is not None else None
    arguments = call.child_by_field_name("arguments") if call is not None else None
    if function is None or arguments is None or not arguments.named_children:
        return
    if text_of(function) == "SubscribeMessage":
        event = code.scope.literal(arguments.named_children[0])
        if event:
            code.taken.add(arguments.named_children[0].start_byte)
            place = code.place(arguments.named_children[0])
            yield code.claim("event", event, place, "on", direction="to-server")
            yield from handler_answers.of_typescript(code, event, node)


def routes(code: Code) -> Iterator[Claim]:
    """The routes of the controllers of a text: what their decorators say of paths and statuses."""
    if "@Controller" not in code.text:
        return
    for node in code.nodes:
        body = node.child_by_field_name("body") if node.type == "class_declaration" else None
        if body is None:
            continue
        around = [*node.named_children, *(node.parent.named_children if node.parent is not None else ())]
        base = next((one for one in around if _name(one) == "Controller"), None)
        prefix = _path(code, base) if base is not None else None
        if prefix is None:
            continue
        decorators: list[Node] = []
        for member in body.named_children:
            if member.type == "decorator":
                decorators.append(member)
            elif member.type != "comment":
                yield from _routes(code, prefix, decorators)
                decorators = []


def _routes(code: Code, prefix: str, decorators: Sequence[Node]) -> Iterator[Claim]:
    codes = [one for node in decorators if _name(node) == "HttpCode" for one in _given(node)]
    status = good(codes)
    for node in decorators:
        path = _path(code, node) if _name(node) in METHODS else None
        if path is None:
            continue
        given = _given(node)
        code.taken |= {one.start_byte for one in given}
        whole = "/" + "/".join(part for part in (*prefix.split("/"), *path.split("/")) if part)
        subject = f"{_name(node).upper()} {whole}"
        yield code.claim("call", subject, code.place(given[0] if given else node), "route")
        if status is not None:
            yield replace(code.claim("call", subject, code.place(status), "payload"), status=int(text_of(status)))


def _name(node: Node) -> str:
    """What a decorator is called; empty where it is none that is given anything."""
    call = node.named_children[0] if node.type == "decorator" and node.named_children else None
    function = call.child_by_field_name("function") if call is not None and call.type == "call_expression" else None
    return text_of(function) if function is not None else ""


def _given(node: Node) -> list[Node]:
    arguments = node.named_children[0].child_by_field_name("arguments")
    return list(arguments.named_children) if arguments is not None else []


def _path(code: Code, node: Node) -> str | None:
    """The path that a decorator is given: nothing, a string, or the `path` of an object; None where it is unknown."""
    given = _given(node)
    if not given:
        return ""
    if given[0].type == "object":
        for pair in given[0].named_children:
            key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
            if key is not None and text_of(key) == "path":
                return code.scope.literal(value)
        return None
    return code.scope.literal(given[0])
