"""Slips that keep the closed schema and would switch a judgement off, or have a check play what nobody means."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from contracts.faults import Fault, line_of

Where = tuple[str | int, ...]
DIRECTIONS = ("client_to_server", "server_to_client")
RESERVED = ("connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener")
"""Names that Socket.IO keeps for itself: a client that emits one raises."""
LIKE = 0.6
"""How alike, by difflib's ratio, a required name and a field have to be for the one to be a slip of the other."""


def slips(path: Path, head: Mapping[str, Any], events: list[tuple[Path, dict[str, Any]]]) -> Iterator[Fault]:
    """All of them; `path` is the file of the bundle."""
    yield from template_faults(path, head)
    to_rooms = {document["event"] for _, document in events if _goes_to_a_room(document.get("server_to_client", {}))}
    for place, document in events:
        yield from event_faults(place, document)
        yield from key_faults(place, document, head, to_rooms)


def _goes_to_a_room(part: Mapping[str, Any]) -> bool:
    receivers = part.get("receivers", ())
    return bool(
        {"room", "room-but-sender"} & ({receivers} if isinstance(receivers, str) else {str(one) for one in receivers})
    )


def template_faults(path: Path, head: Mapping[str, Any]) -> Iterator[Fault]:
    """Templates of room names from which no name can be made."""
    kinds: list[tuple[Where, Mapping[str, Any], str | None]] = [
        (("rooms", name), kind, None) for name, kind in head.get("rooms", {}).items()
    ]
    kinds += [(("room",), head["room"], head["room"]["key"])] if "room" in head else []
    for where, kind, key in kinds:
        template = kind["template"]
        if "${" in template:
            message = (
                f"`${{` in {template!r} is of JavaScript: a template has the field in braces alone, as in room:{{room}}"
            )
            yield Fault(file=path, line=line_of(path, (*where, "template")), message=message)
        elif key is not None and "{" + key + "}" not in template:
            inside = template.split("{", 1)[1].split("}", 1)[0]
            message = (
                f"{template!r} has no field `{{{key}}}`: `key` is the name in braces; did you mean the key {inside!r}?"
            )
            yield Fault(file=path, line=line_of(path, (*where, "template")), message=message)


def event_faults(path: Path, document: Mapping[str, Any]) -> Iterator[Fault]:
    """Names that cannot be emitted, replies that answer by nothing, and required fields that are misspelt."""
    name = document["event"]
    if name in RESERVED:
        instead = {"connect": '"caused_by": {"connection": true}', "disconnect": '"caused_by": {"disconnect": true}'}
        more = f"; what it causes says so by {instead[name]}" if name in instead else ""
        message = f"`{name}` is an event of Socket.IO itself, which nobody emits{more}"
        yield Fault(file=path, line=line_of(path, ("event",)), message=message)
    for way in DIRECTIONS:
        part = document.get(way, {})
        reply = part.get("reply")
        if reply is not None and not reply.get("ack") and "event" not in reply:
            message = 'it answers by nothing: write `"ack": true`, the `event` that answers, or both'
            yield Fault(file=path, line=line_of(path, (way, "reply")), message=message)
        for where, schema in _schemas(part, (way,)):
            yield from (_misspelt(path, *one) for one in _required(schema, where))


def key_faults(path: Path, document: Mapping[str, Any], head: Mapping[str, Any], rooms_of: set[str]) -> Iterator[Fault]:
    """Requests that enter or leave a room and whose payload has fields, but none of the room's name.

    Args:
        rooms_of: broadcasts that go to a room.
    """
    part = document.get("client_to_server", {})
    key = None if "rooms" in head or "by" in part else head.get("room", {}).get("key")
    effect, payload = part.get("effect", {}), part.get("payload", {})
    told = effect.get("broadcast", ())
    about = "membership" in effect or bool({told} & rooms_of if isinstance(told, str) else set(told) & rooms_of)
    fields = payload.get("properties", {})
    if (
        key is None
        or not about
        or "room" in part
        or not fields
        or key in fields
        or payload.get("additionalProperties") is False
    ):
        return
    if "$ref" in payload or any(word in payload for word in ("allOf", "anyOf", "oneOf", "patternProperties")):
        return
    near = difflib.get_close_matches(key, sorted(fields), n=1)
    hint = (
        f' (is it `{near[0]}`? Then that is the `key` of the bundle\'s `room`, or `"room": "/0/{near[0]}"`)'
        if near
        else ""
    )
    message = (
        f"its payload has no field `{key}`, by which it would name its room{hint}: add the field, or say where the room"
        ' is: `"room"` with a pointer into the arguments, or "remembered"'
    )
    yield Fault(file=path, line=line_of(path, ("client_to_server", "payload", "properties")), message=message)


def _schemas(part: Mapping[str, Any], where: Where) -> Iterator[tuple[Where, Mapping[str, Any]]]:
    """The schemas of what a part of an event carries, and of its answers."""
    if isinstance(part.get("payload"), dict):
        yield (*where, "payload"), part["payload"]
    for number, schema in enumerate(part.get("args", ())):
        yield (*where, "args", number), schema
    for answer in ("reply", "answer"):
        if answer in part:
            yield from _schemas(part[answer], (*where, answer))


def _required(schema: Mapping[str, Any], where: Where) -> Iterator[tuple[Where, str, str]]:
    """(where, required name, the field that is meant): in a schema and in those of its fields and items."""
    fields = schema.get("properties", {})
    required = schema.get("required", ())
    for number, name in enumerate(required):
        near = (
            []
            if name in fields
            else difflib.get_close_matches(name, sorted(set(fields) - set(required)), n=1, cutoff=LIKE)
        )
        if near:
            yield (*where, "required", number), name, near[0]
    for name, inner in fields.items():
        yield from _required(inner, (*where, "properties", name))
    if isinstance(schema.get("items"), dict):
        yield from _required(schema["items"], (*where, "items"))


def _misspelt(path: Path, where: Where, name: str, near: str) -> Fault:
    message = f"the field `{name}` is required, and not among `properties`; did you mean `{near}`?"
    return Fault(file=path, line=line_of(path, where), message=message)
