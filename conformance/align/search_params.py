"""The parameters that code makes of an object for a path: `?${new URLSearchParams({...})}`. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.align import payload
from conformance.align.nodes import bare, text_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from conformance.align.code import Code
    from conformance.align.model import Payload

ASKED = re.compile(r"\?$")
"""What stands before the parameters in a path."""


def of(code: Code, path: Node) -> Payload | None:
    """The parameters of a path that is a template; None where it has none that are made so."""
    if path.type != "template_string":
        return None
    for part in path.named_children:
        before = code.text.encode()[path.start_byte : part.start_byte] if part.type == "template_substitution" else b""
        if ASKED.search(before.decode("utf-8", "replace")) and part.named_children:
            return _made(code, part.named_children[0])
    return None


def _made(code: Code, node: Node) -> Payload | None:
    """What an expression makes parameters of, perhaps through a variable."""
    one = bare(node)
    if one is not None and one.type == "identifier":
        one = bare(code.scope.variable(one))
    if one is not None and one.type == "call_expression":
        function = one.child_by_field_name("function")
        one = function.child_by_field_name("object") if function is not None else None
        one = code.scope.variable(one) if one is not None and one.type == "identifier" else one
    if one is None or one.type != "new_expression":
        return None
    maker, given = one.child_by_field_name("constructor"), one.child_by_field_name("arguments")
    if maker is None or given is None or text_of(maker) != "URLSearchParams" or not given.named_children:
        return None
    return payload.of_value(code.scope, given.named_children[0], placeholders=True)
