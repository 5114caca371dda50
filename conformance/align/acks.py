"""What code reads of the answer to a request: in the callback of `emit`, and of what `emitWithAck` gives. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from conformance.align import payload
from conformance.align.model import Payload
from conformance.align.nodes import bare, text_of
from conformance.align.scope import FUNCTIONS, Scope

if TYPE_CHECKING:
    from tree_sitter import Node

FAILED = frozenset({"error", "errors", "err", "ok", "success", "message", "code", "status", "reason"})
"""What an answer has that tells of a failure, and no contract of a good one."""
ERROR = re.compile(r"_?e(?:rr(?:or)?)?|_|timeout")
"""The first parameter of a callback that is told whether an answer came."""
MOST = 20
"""Statements behind a call in which its answer is read."""
BLOCKS = ("statement_block", "program", "class_body")


def read_of(scope: Scope, name: str, receiver: str, given: list[Node]) -> Payload | None:
    """The fields of the answer that are read after a call of `emit` or `emitWithAck`; None where nothing shows any.

    Args:
        name: the name of the method.
        receiver: what it is called on; behind `timeout()` a callback is given an error first.
    """
    if name == "emitWithAck":
        return _good(_given_to(scope, given[0]))
    handler = bare(given[-1]) if len(given) > 1 else None
    if handler is None or handler.type not in FUNCTIONS:
        return None
    parameters = handler.child_by_field_name("parameters")
    some = [one for one in parameters.named_children if one.type != "comment"] if parameters is not None else []
    some = some or [one for one in (handler.child_by_field_name("parameter"),) if one is not None]
    if not some:
        return None
    failing = ".timeout(" in receiver or (len(some) > 1 and ERROR.fullmatch(text_of(some[0])) is not None)
    if failing and len(some) < 2:
        return None
    return _good(payload.of_parameter_and_body(scope, some[1 if failing else 0], handler.child_by_field_name("body")))


def _given_to(scope: Scope, event: Node) -> Payload | None:
    """What is read of the variable that an awaited answer is given to, in the block around it."""
    one: Node | None = event
    while one is not None and one.type not in ("variable_declarator", *BLOCKS, *FUNCTIONS):
        one = one.parent
    name = one.child_by_field_name("name") if one is not None and one.type == "variable_declarator" else None
    value = one.child_by_field_name("value") if one is not None else None
    if one is None or name is None or value is None or value.type != "await_expression":
        return None
    if name.type == "object_pattern":
        return payload.of_parameter(scope, name)
    again = re.compile(rf"(?:(?:const|let|var)\s+)?{re.escape(text_of(name))}\s*=[^=]")
    behind = following(one.parent) if one.parent is not None else []
    return payload.read_of(
        scope, text_of(name), *takewhile(lambda statement: not again.match(text_of(statement)), behind)
    )


def following(statement: Node) -> list[Node]:
    """The statements that stand behind one in its block."""
    some: list[Node] = []
    after = statement.next_named_sibling
    while after is not None and len(some) < MOST:
        some.append(after)
        after = after.next_named_sibling
    return some


def _good(shown: Payload | None) -> Payload | None:
    """What is read of an answer, but for what tells that there is none."""
    fields = tuple(field for field in shown.fields if field.name not in FAILED) if shown is not None else ()
    return replace(shown, fields=fields, whole=False) if shown is not None and fields else None
