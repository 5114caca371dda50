"""Typed event maps: interfaces whose members are events, with their directions, payloads and acks. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.align import moods, payload, receivers, sides
from conformance.align.model import Claim, Payload
from conformance.align.nodes import text_of
from conformance.align.vocabulary import fold

if TYPE_CHECKING:
    from tree_sitter import Node

    from conformance.align.code import Code

TO_CLIENT = re.compile(r"server(?:side)?(?:emit|sent|events)|^serverevent|incomingevents?$|broadcasts?events?$")
TO_SERVER = re.compile(r"client(?:side)?(?:emit|sent|events)|^clientevent|outgoingevents?$")
SENDS, HEARS = re.compile(r"emit"), re.compile(r"listen|receiv|subscri")
OF_EVENTS = re.compile(
    r"events?(?:map|payloads?|types?|handlers?)?$|payloadmap$|socketevents|eventpayloads?", re.IGNORECASE
)
"""Names of types whose members are events."""

AFFIXES = ("payload", "event", "data", "dto", "params", "args", "schema", "interface")
"""What people put behind an event's name to name its payload."""


def claims(code: Code, node: Node) -> Iterator[Claim]:
    """The events of an interface or a type, or the event whose payload it is named after."""
    name = node.child_by_field_name("name")
    body = node.child_by_field_name("body") or node.child_by_field_name("value")
    if name is None or body is None or body.type not in ("interface_body", "object_type"):
        return
    title = text_of(name)
    if LOCAL.search(title) or moods.ELSEWHERE.search(_comment(node)):
        return
    members = [one for one in body.named_children if one.type in ("property_signature", "method_signature")]
    quoted = [one for one in members if ":" in _key(code, one)]
    if not quoted and not _plain_map(code, title, members):
        yield from _named_after(code, title, node)
        return
    for member in members:
        yield from _member(code, title, member)


LOCAL = re.compile(
    r"(?:^|[a-z])(?:Local|Internal|InterServer|Browser|InApp|Ui|UI|Analytics|Tracking|Mitt)(?=[A-Z]|$)|Bus$"
)
"""The name of a type of events that never leave the app, or go between servers only."""


def _comment(node: Node) -> str:
    """The comment right above a declaration, also where it is exported."""
    outer = node.parent if node.parent is not None and node.parent.type == "export_statement" else node
    above = outer.prev_sibling
    return text_of(above) if above is not None and above.type == "comment" else ""


def _key(code: Code, member: Node) -> str:
    """The name of a member, also where it is a constant in brackets; empty where nothing says it."""
    name = member.child_by_field_name("name")
    if name is not None and name.type == "computed_property_name":
        return (code.scope.literal(name.named_children[0]) or "") if name.named_children else ""
    return text_of(name).strip("'\"") if name is not None else ""


def _plain_map(code: Code, title: str, members: list[Node]) -> bool:
    """Whether a type of plain names is a map of events: by its name, and because its members are functions."""
    if not OF_EVENTS.search(title):
        return False
    known = code.words is not None and any(code.words.known(_key(code, one)) for one in members)
    return known or (bool(members) and all("=>" in text_of(one) or one.type == "method_signature" for one in members))


def _member(code: Code, title: str, member: Node) -> Iterator[Claim]:
    key, event = member.child_by_field_name("name"), _key(code, member)
    if key is None or not event or event in receivers.OWN:
        return
    code.taken.add(key.start_byte)
    made = code.claim("event", event, code.place(key), "event map", listed=True, payload=_payload(code, member))
    small = title.lower()
    if "clienttoserver" in small or (TO_SERVER.search(small) and "servertoclient" not in small):
        yield replace(made, direction="to-server")
    elif "servertoclient" in small or TO_CLIENT.search(small):
        yield replace(made, direction="to-client")
    elif (SENDS.search(small) is None) != (HEARS.search(small) is None):
        yield sides.directed(made, "sends" if SENDS.search(small) else "hears", code.side_of(key))
    else:
        yield made


def _payload(code: Code, member: Node) -> Payload | None:
    """The type of a member, or of the first parameter of the function that it is."""
    kind = member.child_by_field_name("type")
    if member.type == "method_signature":
        return _first(code, member.child_by_field_name("parameters"))
    inner = kind.named_children[0] if kind is not None and kind.named_children else None
    if inner is not None and inner.type == "parenthesized_type" and inner.named_children:
        inner = inner.named_children[0]
    if inner is not None and inner.type == "function_type":
        return _first(code, inner.child_by_field_name("parameters"))
    return payload.of_type(code.scope, inner)


def _first(code: Code, parameters: Node | None) -> Payload | None:
    given = [one for one in parameters.named_children if one.type != "comment"] if parameters is not None else []
    if not given:
        return None
    return payload.of_type(code.scope, given[0].child_by_field_name("type"))


def _named_after(code: Code, title: str, node: Node) -> Iterator[Claim]:
    """The payload of the event that a type is named after: `LocationUpdatePayload`."""
    if code.words is None:
        return
    event = event_of(title, code.words.bundle.events)
    shown = payload.of_type(code.scope, node.child_by_field_name("body") or node.child_by_field_name("value"))
    name = node.child_by_field_name("name")
    if event is None or shown is None or name is None or code.origin != "document":
        return
    if title in code.scope.extended:
        shown = replace(shown, whole=False)
    yield code.claim("event", event, code.place(name), "payload", payload=shown)


def event_of(title: str, events: Iterable[str]) -> str | None:
    """The event that a type is named after; None where it is none, or not only one."""
    names = {fold(name): name for name in events if ":" in name}
    small = fold(title)
    for _ in range(3):
        if small in names:
            return names[small]
        affix = next((one for one in AFFIXES if small.endswith(one) and len(small) > len(one)), None)
        if affix is None:
            return None
        small = small.removesuffix(affix)
    return None
