"""HTTP calls in code: `fetch`, axios and their like, routes, bodies and queries. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.align import paths, payload, receivers, routes, search_params
from conformance.align.model import Claim, Field, Payload, Place
from conformance.align.nodes import bare, text_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from conformance.align.code import Code

METHODS = frozenset({"get", "post", "put", "patch", "delete"})
FUNCTIONS = re.compile(r"\$?fetch|axios|request|got|ky|\w*(?:[fF]etch|[rR]equest|[aA]pi)")
"""Functions that call a URL which is their first argument."""

CHAIN = 16
"""How many nodes up a chain of calls is followed."""

BASE = re.compile(r"^(?:https?://[^/]*|(?:\{[^}]*\})+)(?=/)")
"""What stands before a path: an address, or a variable that holds one."""


def called(code: Code, name: str, receiver: str, given: list[Node]) -> Iterator[Claim]:
    """What a call of a function or a method says of HTTP."""
    path = code.scope.literal(given[0])
    if path is None:
        return
    path = BASE.sub("", path)
    via = re.sub(r"^this\.", "", receiver or name)
    if not path.startswith("/"):
        if via not in code.bases or not paths.is_relative(path):
            return
        path = f"/{path}"
    for claim in _made(code, name, receiver, path, given):
        yield replace(claim, via=via) if claim.how == "call" else claim


def _made(code: Code, name: str, receiver: str, path: str, given: list[Node]) -> Iterator[Claim]:
    """What a call of a function or a method says of a path."""
    if not receiver and FUNCTIONS.fullmatch(name):
        yield _fetch(code, path, given)
    elif receiver and name in METHODS:
        if receivers.ROUTER.search(receiver) and len(given) > 1 and not _is_object(given[1]):
            made = _claim(code, name.upper(), path, given[0], "route")
            yield made
            status = routes.answered(given[1:])
            if status is not None:
                yield replace(made, how="payload", place=code.place(status), status=int(text_of(status)))
        elif (
            receivers.CALLER.search(receiver)
            or receivers.ROUTER.search(receiver)
            or receiver in code.bases
            or _documented(code, path)
        ):
            yield _axios(code, name.upper(), path, given)
    elif receiver and name in ("fetch", "request") and receivers.CALLER.search(receiver):
        yield _fetch(code, path, given)


def _documented(code: Code, path: str) -> bool:
    """Whether a path is a documented one or a slip of one, so that whatever is asked for it calls HTTP."""
    if code.words is None:
        return False
    return any(
        paths.fits(path, call.path) or paths.is_slip(path, call.path) for call in code.words.bundle.calls.values()
    )


def _is_object(node: Node) -> bool:
    return node.type in ("object", "null", "undefined")


def _claim(
    code: Code, method: str, path: str, node: Node, how: str, body: Payload | None = None, query: Payload | None = None
) -> Claim:  # fmt: skip
    code.taken.add(node.start_byte)
    asked = query_of(path, code.place(node))
    both = [one for one in (asked, query, search_params.of(code, node)) if one is not None]
    whole = tuple(field for one in both for field in one.fields)
    return code.claim(
        "call", f"{method} {path}", code.place(node), how, payload=body, query=Payload(fields=whole) if both else None
    )


def query_of(path: str, place: Place) -> Payload | None:
    """The parameters of a path's query."""
    _, _, query = path.partition("?")
    fields = []
    for found in re.finditer(r"(?:^|&)(?P<name>\w+)=(?P<value>[1-9]\d*(?=&|$))?", query):
        value = found["value"]
        told = Field(name=found["name"], place=place, shape="number", value=int(value)) if value else None
        fields.append(told or Field(name=found["name"], place=place))
    return Payload(fields=tuple(fields)) if fields else None


def _fetch(code: Code, path: str, given: list[Node]) -> Claim:
    method, body = "GET", None
    options = bare(given[1]) if len(given) > 1 else None
    for pair in options.named_children if options is not None and options.type == "object" else ():
        key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        if key is None or value is None:
            continue
        if text_of(key) == "method":
            method = (code.scope.literal(value) or method).upper()
        elif text_of(key) in ("body", "json", "data"):
            body = payload.of_value(code.scope, value, placeholders=code.origin == "document")
    return _claim(code, method, path, given[0], "call", body)


def _chained(code: Code, path: Node) -> Payload | None:
    """The body that a later call of the same chain sends: `request(app).post(path).send({...})`."""
    one = path.parent
    for _ in range(CHAIN):
        of = one.parent if one is not None else None
        if of is None or of.type not in ("call_expression", "member_expression", "arguments"):
            return None
        if of.type == "call_expression" and of.child_by_field_name("function") is not None:
            function, arguments = of.child_by_field_name("function"), of.child_by_field_name("arguments")
            name = function.child_by_field_name("property") if function is not None else None
            if name is not None and text_of(name) in ("send", "json") and arguments and arguments.named_children:
                return payload.of_value(code.scope, arguments.named_children[0], placeholders=code.origin == "document")
        one = of
    return None


OPTIONS = frozenset(
    {"json", "body", "form", "searchParams", "params", "query", "headers", "timeout", "retry", "signal", "hooks",
     "throwHttpErrors", "credentials", "auth", "cache"}
)  # fmt: skip
"""What clients such as `ky` and `got` take beside a path, for every method alike."""


def _as_options(node: Node | None) -> dict[str, Node]:
    """The values of an object that has nothing but options, with a body among them."""
    pairs = node.named_children if node is not None and node.type == "object" else []
    found = {
        text_of(key): value
        for pair in pairs
        if (key := pair.child_by_field_name("key")) is not None
        and (value := pair.child_by_field_name("value")) is not None
    }
    return found if found.keys() & {"json", "searchParams", "headers"} and found.keys() <= OPTIONS else {}


def _axios(code: Code, method: str, path: str, given: list[Node]) -> Claim:
    body, query = None, None
    alone = _as_options(bare(given[1])) if len(given) == 2 else {}
    if alone and (method != "GET" or "searchParams" in alone):
        sent, asked = alone.get("json") or alone.get("body"), alone.get("searchParams") or alone.get("params")
        shown = payload.of_value(code.scope, sent, placeholders=code.origin == "document")
        query = payload.of_value(code.scope, asked, placeholders=code.origin == "document")
        return _claim(code, method, path, given[0], "call", shown, query)
    if method in ("POST", "PUT", "PATCH") and len(given) > 1:
        body = payload.of_value(code.scope, given[1], placeholders=code.origin == "document")
    elif method in ("POST", "PUT", "PATCH"):
        body = _chained(code, given[0])
    options = given[2:3] if method in ("POST", "PUT", "PATCH") else given[1:2]
    for node in options:
        for pair in node.named_children if node.type == "object" else ():
            key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
            if key is not None and text_of(key) == "params":
                query = payload.of_value(code.scope, value, placeholders=code.origin == "document")
    return _claim(code, method, path, given[0], "call", body, query)
