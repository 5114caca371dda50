"""What routes of source answer when all is well. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from conformance.align.nodes import text_of, walk

if TYPE_CHECKING:
    from tree_sitter import Node

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
