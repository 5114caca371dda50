"""The kinds of rooms of a bundle: how each is named, which ids it has, and which of them an event is about."""

from __future__ import annotations

import difflib
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from contracts.faults import Fault, line_of
from contracts.form import REMEMBERED
from contracts.ids import drawn, id_type
from contracts.model import Call, Event
from contracts.pointer import pointed
from contracts.room import Entry, Room
from contracts.schema import Schema

Kinds: TypeAlias = dict[tuple[str, str], str]
"""The kind of room that each event is about, by its name and direction."""

DIRECTIONS = ("client_to_server", "server_to_client")

SAID = ("type", "pattern", "format", "enum", "const", "minLength", "maxLength", "minimum", "maximum")
"""Keywords by which the schema of a field says which ids there are."""
ANY_TEXT: tuple[dict[str, Any], ...] = ({}, {"type": "string"})


def rooms_of(head: Mapping[str, Any], events: list[tuple[Path, dict[str, Any]]]) -> dict[str, Room]:
    """The kinds of rooms, by name; the one of the short form `room` has no name."""
    if "rooms" in head:
        return {name: _room(name, one, events) for name, one in head["rooms"].items()}
    if "room" not in head:
        return {}
    one = head["room"]
    return {"": Room(**{**one, "retired": tuple(one.get("retired", ())), "id": _documented(one["key"], events)})}


def _room(name: str, one: Mapping[str, Any], events: list[tuple[Path, dict[str, Any]]]) -> Room:
    return Room(
        kind=name,
        template=one["template"],
        key=_variable(one["template"]),
        source=one["source"],
        retired=tuple(one.get("retired", ())),
        id=Schema(one["id"]) if "id" in one else _documented(_variable(one["template"]), events),
        entry=entry_of(one.get("entered_by")),
    )


def _variable(template: str) -> str:
    return template.split("{", 1)[1].split("}", 1)[0]


def entry_of(written: Any) -> Entry | None:
    """How a socket becomes a member where neither an event nor a call enters it."""
    if written is None:
        return None
    if written == "service":
        return Entry(at="service")
    ((at, name),) = written["handshake"].items()
    return Entry(at="auth" if at == "auth" else "query", name=name)


def _documented(key: str, events: list[tuple[Path, dict[str, Any]]]) -> Schema | None:
    """The ids that requests take where a kind says none: what the schemas of its key say, where they say something."""
    said: list[dict[str, Any]] = []
    for _, document in events:
        part = document.get(DIRECTIONS[0], {})
        shape = _shape(part, key)
        own = {name: value for name, value in shape.items() if name in SAID}
        if own not in said and own not in ANY_TEXT:
            said.append(own)
    if not said:
        return None
    return Schema(said[0] if len(said) == 1 else {"allOf": said})


def _shape(part: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The schema of what names the room in the arguments of a request."""
    schemas = part.get("args", [part.get("payload", {})])
    at = at_of(part)
    steps = at.split("/")[1:] if at is not None and at.startswith("/") else ["0", key]
    if at == REMEMBERED or not steps[0].isdigit() or int(steps[0]) >= len(schemas):
        return {}
    node: Any = schemas[int(steps[0])]
    root = node
    for step in steps[1:]:
        node = _followed(node, root).get("properties", {}).get(step, {})
    return _followed(node, root)


def _followed(node: Any, root: Any) -> Mapping[str, Any]:
    """A schema, or what it refers to by `$ref`."""
    at = node.get("$ref") if isinstance(node, dict) else None
    found = pointed(root, at.removeprefix("#")) if isinstance(at, str) else node
    return found if isinstance(found, dict) else {}


def at_of(part: Mapping[str, Any]) -> str | None:
    """Where a part of a contract says that the room is named: a pointer, `remembered`, or None for the key."""
    written = part.get("room")
    return written.get("at") if isinstance(written, dict) else written


def kinds_of(rooms: Mapping[str, Room], events: list[tuple[Path, dict[str, Any]]]) -> Kinds:
    """The kind of room that each event is about, by (event, direction); without one where it is about none.

    It is the kind that the event names; or the one whose key is among its fields; or that of the event that causes it,
    or that it causes.
    """
    if len(rooms) == 1:
        (only,) = rooms
        return {(document["event"], way): only for _, document in events for way in DIRECTIONS if way in document}
    found: Kinds = {}
    for _, document in events:
        for way in DIRECTIONS:
            kind = _said(rooms, document.get(way, {}))
            if kind is not None:
                found[document["event"], way] = kind
    for cause, effect in _links(events):
        sent, told = (cause, DIRECTIONS[0]), (effect, DIRECTIONS[1])
        if sent in found and told not in found and _goes_to_a_room(events, effect):
            found[told] = found[sent]
        elif told in found and sent not in found:
            found[sent] = found[told]
    return found


def _said(rooms: Mapping[str, Room], part: Mapping[str, Any]) -> str | None:
    written = part.get("room")
    if isinstance(written, dict):
        return str(written["kind"])
    schemas = part.get("args", [part.get("payload", {})])
    fields = {name for schema in schemas for name in (*schema.get("properties", {}), schema.get("title"))}
    own = [name for name, room in rooms.items() if room.key in fields]
    return own[0] if len(own) == 1 else None


def _links(events: list[tuple[Path, dict[str, Any]]]) -> Iterator[tuple[str, str]]:
    """(cause, broadcast) as events say it, on either side."""
    for _, document in events:
        effects = document.get("client_to_server", {}).get("effect", {}).get("broadcast", ())
        for effect in [effects] if isinstance(effects, str) else effects:
            yield document["event"], effect
        causes = document.get("server_to_client", {}).get("caused_by", ())
        for cause in [causes] if isinstance(causes, dict) else causes:
            if "event" in cause:
                yield cause["event"], document["event"]


def _goes_to_a_room(events: list[tuple[Path, dict[str, Any]]], event: str) -> bool:
    told = [document.get("server_to_client", {}) for _, document in events if document["event"] == event]
    receivers = [one for part in told for one in _listed(part.get("receivers"))]
    return any(one in ("room", "room-but-sender") for one in receivers)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def kind_faults(path: Path, head: Mapping[str, Any], events: list[tuple[Path, dict[str, Any]]]) -> Iterator[Fault]:
    """Kinds that events name and the bundle does not have; events about a room of which the kind is not said."""
    if {"room", "rooms"} <= head.keys():
        message = "give either `rooms`, all kinds by name, or `room`, the short form of one"
        yield Fault(file=path, line=line_of(path, ("rooms",)), message=message)
    rooms = rooms_of(head, events)
    for name, room in rooms.items():
        where = ("rooms", name) if name else ("room",)
        if room.id is not None and drawn(room.id, random.Random(0)) is None:  # noqa: S311 - no secret
            message = f"no id can be made that keeps the schema of {_called(name)}: give an `enum` of ids, or a pattern"
            yield Fault(file=path, line=line_of(path, where), message=message + " without look-arounds")
        elif room.id is not None and id_type(room.id) is None:
            message = f"an id of {_called(name)} has to be a text or an integer"
            yield Fault(file=path, line=line_of(path, where), message=message)
    kinds = kinds_of(rooms, events)
    for path, document in events:
        for way in DIRECTIONS:
            part = document.get(way)
            if part is None:
                continue
            written = part.get("room")
            if isinstance(written, dict) and written["kind"] not in rooms:
                near = difflib.get_close_matches(written["kind"], sorted(rooms), n=1)
                hint = f"; did you mean `{near[0]}`?" if near else f"; there are {', '.join(sorted(rooms)) or 'none'}"
                message = f"no kind of room is called {written['kind']!r}{hint}"
                yield Fault(file=path, line=line_of(path, (way, "room")), message=message)
            elif len(rooms) > 1 and _about_a_room(part) and (document["event"], way) not in kinds:
                message = (
                    "it is about a room, and does not say of which kind: "
                    f'"room": {{"kind": ..., "at": ...}} with one of {", ".join(sorted(rooms))}'
                )
                yield Fault(file=path, line=line_of(path, (way,)), message=message)


def _called(name: str) -> str:
    return f"the kind {name!r}" if name else "the room"


def _about_a_room(part: Mapping[str, Any]) -> bool:
    receivers = _listed(part.get("receivers"))
    return "membership" in part.get("effect", {}) or any(one in ("room", "room-but-sender") for one in receivers)


def crossing_faults(events: Mapping[str, Event]) -> Iterator[Fault]:
    """Requests about a room of one kind whose broadcast goes to a room of another."""
    for event in events.values():
        request = event.request
        for name in [request.broadcast] if request is not None and request.broadcast else []:
            other = events.get(name)
            told = other.broadcast if other is not None else None
            if request is None or told is None or not told.to_room:
                continue
            if request.kind is not None and told.kind is not None and request.kind != told.kind:
                path = Path(event.place)
                yield Fault(
                    file=path,
                    line=line_of(path, ("client_to_server",)),
                    message=f"it is about a room of the kind {request.kind!r}, and its broadcast {name!r} goes to "
                    f"one of the kind {told.kind!r}: a cause that names rooms of two kinds cannot be played; describe "
                    'it in words, as `"caused_by": {"other": ...}`',
                )


def call_faults(calls: Mapping[str, Call], rooms: Mapping[str, Room]) -> Iterator[Fault]:
    """Calls that enter a room and do not name it and a user in their paths."""
    keys = {room.key for room in rooms.values()}
    for call in calls.values():
        params = set(call.params())
        if call.membership == "enter" and not (params & keys and params - keys):
            path = Path(call.place)
            yield Fault(
                file=path,
                line=line_of(path, ("path",)),
                message="a call that enters a room has a path with the room and the user whose sockets enter it, "
                f"such as /rooms/:{min(keys)}/users/:user",
            )
