"""What routes of source answer when all is well, and the routes that classes of NestJS declare. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.align.nodes import text_of, walk

if TYPE_CHECKING:
    from tree_sitter import Node

    from conformance.align.code import Code
    from conformance.align.model import Claim

METHODS = frozenset({"Get", "Post", "Put", "Patch", "Delete"})
ANSWERS = frozenset({"status", "sendStatus", "code"})
"""Methods of a response that are given its status."""
GOOD = re.compile(r"2\d\d")


def good(nodes: Sequence[Node]) -> Node | None:
    """The one number that says that all is well; None where there are several, or none."""
    found = [node for node in nodes if GOOD.fullmatch(text_of(node))]
    return found[0] if len({text_of(node) for node in found}) == 1 else None


def answered(handlers: Sequence[Node]) -> Node | None:
    """The status that handlers of a route answer with: `res.status(201)`."""
    found = []
    for node in (one for handler in handlers for one in walk(handler)):
        function = node.child_by_field_name("function") if node.type == "call_expression" else None
        name = function.child_by_field_name("property") if function is not None else None
        arguments = node.child_by_field_name("arguments")
        if name is not None and text_of(name) in ANSWERS and arguments is not None:
            found += arguments.named_children[:1]
    return good(found)


def of_function(arguments: Node, definition: Node | None) -> Node | None:
    """The status that a route of Python answers with, by its decorator or by what it returns."""
    return _told(arguments) or (_returned(definition) if definition is not None else None)


def _told(arguments: Node) -> Node | None:
    """The status that a decorator of FastAPI is given: `status_code=201`."""
    named = [one for one in arguments.named_children if one.type == "keyword_argument"]
    given = [one.child_by_field_name("value") for one in named if text_of(one).startswith("status_code")]
    return good([one for one in given if one is not None])


def _returned(function: Node) -> Node | None:
    """The status that a function of Python returns behind what it answers: `return body, 201`."""
    found = []
    for node in walk(function):
        if node.type == "return_statement" and node.named_children:
            value = node.named_children[0]
            if value.type in ("expression_list", "tuple") and len(value.named_children) > 1:
                found.append(value.named_children[1])
    return good(found)


def of_classes(code: Code) -> Iterator[Claim]:
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
