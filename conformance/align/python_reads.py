"""What Python reads of a payload: `data["a"]` and `data.get("a")` in a handler, and of what `call` gives. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from conformance.align.acks import FAILED, following
from conformance.align.model import Field, Payload, Place
from conformance.align.nodes import text_of, walk

if TYPE_CHECKING:
    from tree_sitter import Node

Placed = Callable[["Node"], Place]
"""Where a node is in the file."""

WRAPPED = frozenset({"data", "payload", "args"})
"""What is read of an object that holds the payload, and is not the payload itself."""
NO_PAYLOAD = frozenset({"self", "sid", "environ", "auth", "reason"})


def of_handler(place: Placed, function: Node | None) -> Payload | None:
    """The fields that a handler reads of its last parameter; a type of it says nothing here."""
    given = function.child_by_field_name("parameters") if function is not None else None
    body = function.child_by_field_name("body") if function is not None else None
    names = [one for one in given.named_children if one.type != "comment"] if given is not None else []
    if not names or body is None or names[-1].type != "identifier" or text_of(names[-1]) in NO_PAYLOAD:
        return None
    return _read(place, text_of(names[-1]), body)


def of_answer(place: Placed, call: Node) -> Payload | None:
    """The fields that are read of the variable to which the answer of a `call` is given, in the block around it."""
    one = call.parent
    if one is not None and one.type == "await":
        one = one.parent
    left = one.child_by_field_name("left") if one is not None and one.type == "assignment" else None
    if one is None or one.parent is None or left is None or left.type != "identifier":
        return None
    again = re.compile(rf"{re.escape(text_of(left))}\s*=[^=]")
    after = list(takewhile(lambda statement: not again.match(text_of(statement)), following(one.parent)))
    shown = _read(place, text_of(left), *after)
    fields = tuple(field for field in shown.fields if field.name not in FAILED) if shown is not None else ()
    return replace(shown, fields=fields) if shown is not None and fields else None


def _read(place: Placed, name: str, *bodies: Node) -> Payload | None:
    """The fields that code reads of a variable; None where it is changed, or may hold something else."""
    found = dict[str, Field]()
    for node in (node for body in bodies for node in walk(body)):
        if node.type in ("function_definition", "lambda") and _takes(node, name):
            return None
        if node.type == "assignment" and text_of(node).startswith((f"{name}[", f"{name}.")):
            return None
        for key in _keys(node, name):
            field = Field(name=text_of(key).strip("'\""), place=place(key))
            if field.name in WRAPPED:
                return None
            found.setdefault(field.name, field)
    return Payload(fields=tuple(found.values()), whole=False) if found else None


def _keys(node: Node, name: str) -> Iterator[Node]:
    """The key that an expression reads of a variable."""
    key: Node | None = None
    if node.type == "subscript":
        of, key = node.child_by_field_name("value"), node.child_by_field_name("subscript")
    elif node.type == "call":
        function, given = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        of = function.child_by_field_name("object") if function is not None else None
        gets = function is not None and text_of(function) == f"{name}.get" and given is not None
        key = given.named_children[0] if gets and given is not None and given.named_children else None
    else:
        return
    if of is not None and of.type == "identifier" and text_of(of) == name and key is not None and key.type == "string":
        yield key


def _takes(function: Node, name: str) -> bool:
    given = function.child_by_field_name("parameters")
    return given is not None and any(text_of(one) == name for one in given.named_children)
