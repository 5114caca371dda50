"""What an event or a reply carries, as a contract writes it: a payload or several arguments, and where the room is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.faults import Fault, line_of
from contracts.form import REMEMBERED, Form, is_bare, may_be_anything, schema_of
from contracts.generated import any_value, complete, completed, fitting
from contracts.model import Bundle
from contracts.replies import UNSAID, Answer, Examples, Invalid, RefusedAck, Reply, Roster
from contracts.room import Room
from contracts.rooms import at_of
from contracts.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one event or reply carries."""

    payload: Schema
    form: Form | None
    examples: Examples


def message_of(document: dict[str, Any], room: Room, *, about: bool = True, is_reply: bool = False) -> Message:
    """What a part of a contract says of what it carries.

    Args:
        room: the kind of room that it may be about.
        about: whether it is.
        is_reply: a bare value is read as one, since a reply names no room.
    """
    key = room.key
    several, room_at = "args" in document, at_of(document) if about else None
    written = document.get("payload", {})
    free = may_be_anything(written) and (room.is_none or not about)
    bare = (is_bare(written) or free) and not is_reply
    if room_at is None and _goes_to_a_room(document) and not _names(document, key):
        room_at = REMEMBERED
    if room_at is None and about and room.has_numbers and not several and not bare and _may_name(document, key):
        room_at = f"/0/{key}"
    if not several and room_at is None and not bare:
        made = _written(document, document["payload"], room, f"/{key}" if about else None, is_reply=is_reply)
        return Message(payload=Schema(document["payload"]), form=None, examples=_examples(made))
    schemas = tuple(document["args"]) if several else (document["payload"],)
    form = Form(schemas=schemas, room_at=room_at, key=key, number=room.has_numbers)
    carried = form.document() if several else document["payload"]
    at = None if room_at == REMEMBERED else room_at if several or room_at is None else room_at.removeprefix("/0")
    examples = _written(document, carried, room, at, is_reply=is_reply)

    def fields(example: Any) -> Any:
        return form.fields(example if several and isinstance(example, list) else (example,))

    valid = tuple(map(fields, examples["valid"]))
    invalid = tuple(Invalid(**{**one, "payload": fields(one["payload"])}) for one in examples["invalid"])
    read = Examples(valid=valid, invalid=invalid, made=examples.get("made", False))
    return Message(payload=schema_of(form), form=form, examples=read)


def reply_of(document: dict[str, Any] | None, room: Room, *, about: bool) -> Reply | None:
    """How a request is answered.

    Args:
        about: whether the request is about a room.
    """
    if document is None:
        return None
    carried = message_of(document, room, about=about, is_reply=True)
    roster, refused = document.get("roster"), document.get("refused")
    if roster and carried.form is not None and "args" not in document:
        # Its form is of our making: pointers of a contract with a `payload` go into that.
        roster = roster | {name: f"/0{roster[name]}" for name in ("members", "count") if name in roster}
    return Reply(
        payload=carried.payload,
        form=carried.form,
        ack=document.get("ack", False),
        event=document.get("event"),
        clocks=document.get("clocks", {}),
        roster=Roster(**roster) if roster else None,
        examples=carried.examples,
        refused=_refused(refused) if refused else None,
        promises=document.get("promises"),
    )


def _refused(document: dict[str, Any]) -> RefusedAck:
    value = Schema(document["value"]) if "value" in document else None
    return RefusedAck(at=document["at"], const=document.get("const", UNSAID), value=value)


def answer_of(document: dict[str, Any] | None, room: Room) -> Answer | None:
    """What a client has to answer to an event."""
    if document is None:
        return None
    examples = completed({"invalid": (), **document.get("examples", {})}, _schema_of(document))
    carried = message_of({**document, "examples": examples}, room, about=False, is_reply=True)
    return Answer(payload=carried.payload, form=carried.form, examples=carried.examples)


def _schema_of(document: dict[str, Any]) -> dict[str, Any]:
    """The schema of the payload of a part, or of its list of arguments."""
    if "args" in document:
        return Form(schemas=tuple(document["args"]), room_at=None, key="").document()
    payload: dict[str, Any] = document["payload"]
    return payload


def _goes_to_a_room(document: dict[str, Any]) -> bool:
    return document.get("receivers") in ("room", "room-but-sender")


def _may_name(document: dict[str, Any], key: str) -> bool:
    """Whether a payload that is one object names the room by its key: its schema has it, or it is about a room."""
    payload = document["payload"]
    if payload.get("type", "object") != "object":
        return False
    about = "membership" in document.get("effect", {}) or "broadcast" in document.get("effect", {})
    return key in payload.get("properties", {}) or (about and payload.get("additionalProperties") is not False)


def _names(document: dict[str, Any], key: str) -> bool:
    """Whether the one payload of a broadcast has the room's key in it."""
    if "args" in document:
        return False
    examples = document.get("examples", {}).get("valid", ())
    return key in document["payload"].get("properties", {}) or any(
        key in one for one in examples if isinstance(one, dict)
    )


def _written(
    document: dict[str, Any], carried: dict[str, Any], room: Room, at: str | None, *, is_reply: bool
) -> dict[str, Any]:
    """The examples of a part, with what it leaves out: nothing of a reply, which nobody has to make."""
    if is_reply:
        return {"valid": (), "invalid": (), **document.get("examples", {})}
    count = len(document["args"]) if "args" in document else None
    return completed(
        document.get("examples"),
        carried,
        at=at,
        room=room,
        answer=document.get("invalid_answer"),
        fits=any_value if count is None else fitting(count),
        answered=any_value if count is None else complete(count),
    )


def _examples(document: dict[str, Any]) -> Examples:
    return Examples(
        valid=tuple(document["valid"]),
        invalid=tuple(Invalid(**invalid) for invalid in document["invalid"]),
        made=document.get("made", False),
    )


def message_faults(path: Path, document: dict[str, Any]) -> Iterator[Fault]:
    """Parts of an event file that say neither what they carry nor how, or both ways."""
    for where, part in _parts(document):
        if ("payload" in part) == ("args" in part):
            words = "give either `payload`, the one argument, or `args`, a list of schemas"
            yield Fault(file=path, line=line_of(path, where), message=f"{where[-1]}: {words}")
        names = [str(one.get("title", place)) for place, one in enumerate(part.get("args", ()))]
        if len(set(names)) < len(names):
            yield Fault(
                file=path, line=line_of(path, (*where, "args")), message="args: two arguments have the same `title`"
            )


def _parts(document: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    for name in ("client_to_server", "server_to_client"):
        if name in document:
            yield (name,), document[name]
            for answer in ("reply", "answer"):
                if answer in document[name]:
                    yield (name, answer), document[name][answer]


def room_faults(bundle: Bundle) -> Iterator[Fault]:
    """Requests that are about a room which their payload cannot name, and broadcasts to a room without one."""
    for event in bundle.events.values():
        request, path = event.request, Path(event.place)
        broadcast = bundle.broadcast(request.broadcast or "") if request and not request.by_peer else None
        about_room = request is not None and (request.membership is not None or (broadcast and broadcast.to_room))
        if request is None or bundle.room.is_none:
            continue
        key = bundle.rooms.get(request.kind or "", bundle.room).key
        if about_room and not _can_name(request.payload, request.form, key):
            yield Fault(
                file=path,
                line=line_of(path, ("client_to_server",)),
                message=f"its payload can have no field `{key}`, by which it would name its room; say where"
                ' the room is: `"room"` with a pointer into the arguments such as "/0", or "remembered" where the'
                " socket knows",
            )
        if request.membership == "enter" and request.form is not None and request.form.room_at == REMEMBERED:
            yield Fault(
                file=path,
                line=line_of(path, ("client_to_server", "room")),
                message="a request that enters a room has to name it: only later ones can leave it to the socket",
            )


def _can_name(payload: Schema, form: Form | None, key: str) -> bool:
    if form is not None:
        return form.room_at is not None or (form.is_object and _takes(form.schemas[0], key))
    return payload.document.get("type", "object") == "object" and _takes(payload.document, key)


def _takes(document: dict[str, Any], key: str) -> bool:
    return key in document.get("properties", {}) or document.get("additionalProperties") is not False
