"""A first bundle of contracts, made of a few names: what holds of nearly every service, to be edited from there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from contracts.data_text import as_json
from contracts.editor_schema import file_name
from contracts.yaml_text import is_plain

NO_SOURCE = "no document yet"
LONGEST_FILE_NAME = 60
"""Characters, so that every file system takes the name with its suffix."""
_OF_WINDOWS = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)")

Format = Literal["json", "yaml"]
Documents = dict[str, dict[str, Any]]
"""The documents of a bundle by the names of their files, without suffix: `bundle`, `events/say`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was asked of a first bundle."""

    name: str
    path: str = "/socket.io/"
    namespace: str = "/"
    room: str | None = None
    """The template of room names, with the key in braces; None where there are no rooms."""
    enter: str | None = None
    """The event by which a socket enters a room."""
    leave: str | None = None
    events: tuple[tuple[str, str], ...] = ()
    """Events of clients, each with the broadcast that it causes; that may have the same name."""
    requests: tuple[str, ...] = ()
    """Events of clients that are answered by an ack and cause nothing."""
    broadcasts: tuple[str, ...] = ()
    """Events of the service whose cause is not known yet."""
    errors: str | None = None
    """The event that answers a bad request."""
    receivers: str | None = None
    """Of all broadcasts; None for the room, or for everyone where there are no rooms."""
    fields: tuple[tuple[str, str], ...] = (("text", "string"),)
    """Of payloads besides the room: name and JSON type."""
    bare: bool = False
    """Whether payloads are one text by itself, and no object with fields."""
    acks: bool = False
    """Whether every request is answered by an ack."""
    ack: Any = None
    """What a good ack carries, by an example; None where anything does."""
    numbers: bool = False
    """Whether payloads name the room by an integer."""

    @property
    def key(self) -> str | None:
        """The field that names the room."""
        return self.room.split("{", 1)[1].split("}", 1)[0] if self.room else None

    def names(self) -> list[str]:
        """Every event that is named."""
        singles = (self.enter, self.leave, self.errors, *self.requests, *self.broadcasts)
        return [name for pair in self.events for name in pair] + [name for name in singles if name is not None]


def documents(draft: Draft) -> Documents:
    """The documents of a first bundle."""
    made: dict[str, dict[str, Any]] = {}
    for name, way, part in _parts(draft):
        event = made.setdefault(name, {"event": name, "summary": _summary(name, draft), "source": NO_SOURCE})
        event[way] = part
    stems = file_names(list(made))
    return {"bundle": _head(draft)} | {f"events/{stems[name]}": event for name, event in made.items()}


def _head(draft: Draft) -> dict[str, Any]:
    head: dict[str, Any] = {
        "bundle": draft.name,
        "title": draft.name.replace("-", " ").capitalize(),
        "version": "0.1.0",
        "summary": f"The events of {draft.name}.",
        "source": NO_SOURCE,
        "path": draft.path,
        "namespace": draft.namespace,
    }
    if draft.room:
        head["room"] = {"template": draft.room, "key": draft.key, "source": NO_SOURCE}
    return head | ({"errors": draft.errors} if draft.errors else {})


def _summary(name: str, draft: Draft) -> str:
    if name == draft.enter:
        return "A socket enters a room."
    if name == draft.leave:
        return "A socket leaves a room."
    return "A request was bad." if name == draft.errors else f"To be written: what `{name}` means."


def _parts(draft: Draft) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(event, direction, what holds of it)."""
    for name, change in ((draft.enter, "enter"), (draft.leave, "leave")):
        if name is not None:
            yield name, "client_to_server", _request(draft, {"membership": change}, fields=False)
    for name, broadcast in draft.events:
        yield name, "client_to_server", _request(draft, {"broadcast": broadcast})
        yield broadcast, "server_to_client", _broadcast(draft)
    for name in draft.requests:
        yield name, "client_to_server", _request(draft, None, fields=draft.key is None or draft.bare)
    for name in draft.broadcasts:
        yield name, "server_to_client", _broadcast(draft, {"other": "to be written: what causes it"})
    if draft.errors:
        told = {"receivers": "requester", "caused_by": {"bad_request": True}, "payload": {}}
        yield draft.errors, "server_to_client", told


def _request(draft: Draft, effect: dict[str, Any] | None, *, fields: bool = True) -> dict[str, Any]:
    part: dict[str, Any] = {"effect": effect} if effect else {}
    if draft.bare and draft.key and effect:
        part["room"] = "remembered" if fields else "/0"
    part["payload"] = _payload(draft, with_room=True, fields=fields)
    if draft.acks or effect is None:
        part["reply"] = {"ack": True, "payload": like(draft.ack)}
    return part | ({"invalid_answer": "error"} if draft.errors else {})


def _broadcast(draft: Draft, cause: dict[str, Any] | None = None) -> dict[str, Any]:
    """`cause` is left out where a request has it as its effect: what that carries comes out again then."""
    receivers = draft.receivers or ("room" if draft.room else "everyone")
    part: dict[str, Any] = {"receivers": receivers}
    if cause is not None:
        part["caused_by"] = cause
    else:
        part["echoes"] = ["text"] if draft.bare else [name for name, _ in draft.fields]
    return part | {"payload": _payload(draft, with_room=receivers.startswith("room"))}


def _payload(draft: Draft, *, with_room: bool, fields: bool = True) -> dict[str, Any]:
    text: dict[str, Any] = {"type": "string", "minLength": 1}
    room: dict[str, Any] = {"type": "integer"} if draft.numbers else text
    if draft.bare:
        return {"title": "text", **text} if fields else {"title": str(draft.key), **room}
    properties = {draft.key: room} if draft.key and with_room else {}
    for name, kind in draft.fields if fields else ():
        properties[name] = text if kind == "string" else {"type": kind}
    return {"type": "object", "required": list(properties), "properties": properties}


def like(example: Any) -> dict[str, Any]:
    """A schema that an example keeps, and what says something else does not."""
    match example:
        case None:
            return {}
        case dict():
            fields = {name: like(value) for name, value in example.items()}
            return {"type": "object", "required": list(fields), "properties": fields} if fields else {}
        case bool() | str():
            return {"const": example}
        case int():
            return {"type": "integer"}
        case float():
            return {"type": "number"}
        case _:
            return {"type": "array"}


def file_names(events: list[str]) -> dict[str, str]:
    """A name for the file of each event: lower-case letters, digits and dashes, no two the same."""
    made: dict[str, str] = {}
    for event in events:
        stem = re.sub(r"[^a-z0-9]+", "-", event.lower()).strip("-")[:LONGEST_FILE_NAME].strip("-") or "event"
        stem = f"event-{stem}" if _OF_WINDOWS.fullmatch(stem) else stem
        number = 1
        while (f"{stem}-{number}" if number > 1 else stem) in made.values():
            number += 1
        made[event] = f"{stem}-{number}" if number > 1 else stem
    return made


def text_of(name: str, document: dict[str, Any], form: Format, *, schema: bool) -> str:
    """The text of a contract file.

    Args:
        name: of the file, as in `Documents`.
        schema: whether it names its schema, in the folder `schema` of the bundle.
    """
    place = f"../schema/{file_name('event')}" if "/" in name else f"schema/{file_name('bundle')}"
    if form == "json":
        return as_json({**({"$schema": place} if schema else {}), **document})
    lines = [f"# yaml-language-server: $schema={place}", f"# $schema: {place}"] if schema else []
    return "\n".join([*lines, *_block(document, "")]) + "\n"


def _block(document: dict[str, Any], indent: str) -> Iterator[str]:
    """A mapping as YAML, a key a line."""
    for key, value in document.items():
        if isinstance(value, dict) and value:
            yield f"{indent}{_plain(key)}:"
            yield from _block(value, indent + "  ")
        else:
            yield f"{indent}{_plain(key)}: {_flow(value)}"


def _flow(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _plain(value) if isinstance(value, str) else json.dumps(value)


def _plain(text: str) -> str:
    """A text as YAML writes it: in quotes where it would be read as something else without them."""
    simple = re.fullmatch(r"[A-Za-z/$_][\w /.$-]*(?<! )", text, re.ASCII) and is_plain(text)
    if simple:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    # Some separators end a line for YAML; what cannot be seen is better read as its number anyway.
    return "".join(one if one.isprintable() else f"\\U{ord(one):08x}" for one in quoted)
