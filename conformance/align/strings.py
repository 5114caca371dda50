"""Names of events in strings of code that nothing else was made of: arrays, cases, fragments of constants. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from conformance.align import receivers
from conformance.align.http import BASE
from conformance.align.model import Claim
from conformance.align.nodes import text_of
from conformance.align.scope import EVENTS, STORES
from conformance.align.vocabulary import NAME

if TYPE_CHECKING:
    from tree_sitter import Node

    from conformance.align.code import Code
    from conformance.align.vocabulary import Vocabulary

OTHER_CALLS = re.compile(
    r"defineEmits|redis|log|console|cache|metric|queue|require|import|publish|\bset\b|getItem|setItem|css|style|class",
    re.IGNORECASE,
)
"""Calls whose strings are no names of events."""

DENIED = re.compile(r"\.(?:not|never)\.|\b(?:refute|assertNot)")
"""An assertion that something is not there."""

TESTS = re.compile(r"(?:^|/)(?:tests?|__tests__|e2e|specs?)/|\.(?:test|spec)\.\w+$")
"""Files of tests: they also list the names that must never come."""

RETURNED = frozenset({"arrow_function", "return_statement", "pair", "parenthesized_expression"})
"""What gives a template on."""

UP = 6
"""How many nodes around a string are asked what it is."""

OTHERS = 2
"""A plain word such as `error` is an event's name where so many names of events stand in the same text."""


def claims(code: Code, nodes: Sequence[Node]) -> Iterator[Claim]:
    """Names and paths in strings that are not taken yet."""
    if code.words is None or (code.origin != "document" and TESTS.search(code.file)):
        return
    yield from _templates(code, nodes)
    helpers = _helpers(code, nodes)
    plain: list[Node] = []
    count = 0
    for node in nodes:
        if node.type != "string" or node.start_byte in code.taken:
            continue
        text = text_of(node)[1:-1]
        if NAME.fullmatch(text):
            how = "" if among_strangers(node, code.words) else _how(node)
            meant = how == "constant" or (how and _helper_of(node) in helpers)
            if (how and code.words.surely_an_event(text)) or (meant and code.words.like_an_event(text)):
                count += 1
                yield code.claim("event", text, code.place(node), how, listed=True)
        elif text in code.words.events:
            plain.append(node)
        elif code.words.other_spelling(text) and (
            _how(node) == "constant" or _of_a_constant(node) or _helper_of(node) in helpers
        ):
            yield code.claim("event", text, code.place(node), "constant", listed=True)
        elif text.startswith("/") and text.count("/") > 1:
            yield code.claim("call", text, code.place(node), "path")
        elif re.match(r"(?:GET|POST|PUT|PATCH|DELETE) /\S+$", text):
            yield code.claim("call", text, code.place(node), "string")
    for node in plain if count >= OTHERS else ():
        if _how(node):
            yield code.claim("event", text_of(node)[1:-1], code.place(node), "string", listed=True)


STRANGERS = 3
"""From how many names on an object or a list of which none is documented, or nearly, holds other names."""


def among_strangers(node: Node, words: Vocabulary) -> bool:
    """Whether a name stands in an object or a list that has several, and none of them is an event's or a slip of one.

    An object that is called after events, or has keys in capitals, holds names of events all the same.
    """
    held = node.parent
    if held is not None and held.type == "pair":
        held = held.parent
    if held is None or held.type not in ("object", "array"):
        return False
    of = next(
        (one for one in (held.parent, held.parent and held.parent.parent) if one and one.type == "variable_declarator"),
        None,
    )
    name = of.child_by_field_name("name") if of is not None else None
    keys = [one.child_by_field_name("key") for one in held.named_children if one.type == "pair"]
    if (name is not None and EVENTS.search(text_of(name))) or any(key and text_of(key).isupper() for key in keys):
        return False
    values = (one.child_by_field_name("value") if one.type == "pair" else one for one in held.named_children)
    names = [text_of(one)[1:-1] for one in values if one is not None and one.type == "string"]
    names = [name for name in names if NAME.fullmatch(name)]
    return len(names) >= STRANGERS and not any(words.known(name) or words.slip_of(name) for name in names)


EVENT_HELPERS = re.compile(
    r"once|(?:waits?|await)(?:For|_for)?(?:Event|_event)?|next(?:Event|_event)|(?:expect|assert)(?:Event|_event|Heard|Received)"
)
"""Functions that are given an emitter and the name of one of its events."""
NEGATIVE = re.compile(
    r"no|not|never|nothing|without|(?:refus|reject|silent|fail)\w*|\w*(?:No|Not|Never|Nothing|Without|Refus|Reject)(?:[A-Z]\w*)?"
)
"""Functions that are given a name which must not come."""


def _helpers(code: Code, nodes: Sequence[Node]) -> set[tuple[str, int]]:
    """The (function, place of the argument) that are given documented events, besides those that are called so."""
    found = set[tuple[str, int]]()
    for node in nodes:
        if node.type == "string" and code.words is not None and ":" in (text := text_of(node)[1:-1]):
            name, at = _helper_of(node)
            if at and (text in code.words.events or EVENT_HELPERS.fullmatch(name)):
                found.add((name, at))
    return found


def _helper_of(node: Node) -> tuple[str, int]:
    """(the function, the place among its arguments) of a string that is given to a function behind what it is about."""
    given = node.parent
    call = given.parent if given is not None and given.type == "arguments" else None
    function = call.child_by_field_name("function") if call is not None else None
    if given is None or function is None or function.type != "identifier" or NEGATIVE.fullmatch(text_of(function)):
        return "", 0
    at = next((at for at, one in enumerate(given.named_children) if one.start_byte == node.start_byte), 0)
    about = given.named_children[0].type in ("identifier", "member_expression", "subscript_expression")
    return (text_of(function), at) if at > 0 and about else ("", 0)


def _templates(code: Code, nodes: Sequence[Node]) -> Iterator[Claim]:
    """The paths that templates make, where they are what a function returns or a key holds."""
    for node in nodes:
        if node.type != "template_string" or node.start_byte in code.taken:
            continue
        if node.parent is None or node.parent.type not in RETURNED:
            continue
        path = BASE.sub("", code.scope.literal(node) or "")
        if path.startswith("/") and path.count("/") > 1 and " " not in path:
            yield code.claim("call", path, code.place(node), "path")


def _of_other(function: Node) -> bool:
    """Whether another emitter than a socket sends or hears what a call names."""
    method, of = function.child_by_field_name("property"), function.child_by_field_name("object")
    if method is None or of is None or text_of(method) not in ("emit", "on", "once", "publish", "dispatch"):
        return False
    return receivers.kind(text_of(of)) == "other"


def _of_a_constant(node: Node) -> bool:
    """Whether a string is the value of a key in capitals, also where the object around it is cut off."""
    before = node.parent
    for _ in range(2):
        if before is None:
            return False
        name = before.child_by_field_name("key") or before.child_by_field_name("label")
        if name is not None:
            return text_of(name).isupper()
        before = before.parent
    return False


def _how(node: Node) -> str:
    """In which form a string names an event: a constant's value, a string; empty where it names none."""
    one = node.parent
    for _ in range(UP):
        if one is None:
            break
        match one.type:
            case "call_expression" | "new_expression":
                function = one.child_by_field_name("function") or one.child_by_field_name("constructor")
                if function is not None and (
                    OTHER_CALLS.search(text_of(function)) or DENIED.search(text_of(function)) or _of_other(function)
                ):
                    return ""
            case "variable_declarator" | "assignment_expression" | "public_field_definition" | "pair":
                name = (
                    one.child_by_field_name("name") or one.child_by_field_name("key") or one.child_by_field_name("left")
                )
                # A key in quotes is a name itself, and says nothing of what it holds.
                text = text_of(name) if name is not None and name.type != "string" else ""
                if EVENTS.search(text):
                    return "constant"
                if STORES.search(text):
                    return ""
            case "import_statement" | "jsx_attribute":
                return ""
        one = one.parent
    return "string"
