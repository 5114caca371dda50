"""Rooms are named, entered and spoken of as before.

Other services and nodes send to a room by its name, clients name it by a field of their payloads: where either
changes, what is sent goes to a room in which nobody is. A kind of rooms that is added is safe. What contracts call a
kind is no matter of either.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.diff.model import Change
from conformance.diff.pairing import Both, Pair
from conformance.diff.templates import kind_shape, rooms, shape
from conformance.diff.told import BREAKING, RISKY, SAFE, change, differ
from conformance.diff.versions import Version

CLAUSE = "Rooms keep their names and their ways in."
KEYS = {"bundle": "room rooms", "bundle.room": "template key retired", "roomKind": "template retired entered_by id",
        "roomKind.entered_by": "handshake", "roomKind.entered_by.handshake": "auth query", "client_to_server": "room",
        "server_to_client": "room", "roomAt": "kind at"}  # fmt: skip


def judge(pair: Pair) -> Iterator[Change]:
    """Templates, keys and ways in of rooms, and where messages name them."""
    for label, both in rooms(pair):
        if both.old is None and both.new is not None:
            yield change(both, SAFE, label, None, f"`{both.new['template']}`", "nobody was in them before")
        elif both.old is not None and both.new is None:
            yield change(both, BREAKING, label, f"`{both.old['template']}`", None, "nobody gets into them any more")
        else:
            yield from _kind(both, label)
    for both in pair.messages:
        if both.is_in_both and differ(*both.values("room")):
            was, now = _named(pair.old, both.old, both.old_name), _named(pair.new, both.new, both.new_name)
            if was != now:
                why = "the room that the message is about is named elsewhere, or is of another kind"
                yield change(both, BREAKING, "place of the room", *map(_told, both.values("room")), why, "room")


def _told(room: Any) -> Any:
    return "the room's field" if room is None else room


def _named(version: Version, part: Mapping[str, Any] | None, name: str) -> tuple[str, str]:
    """The kind of room that a message is about, and where its arguments name it."""
    event = version.bundle.events[name]
    written = (part or {}).get("room")
    kind = written["kind"] if isinstance(written, dict) else event.kind
    at = written.get("at") if isinstance(written, dict) else written
    own = version.bundle.rooms.get(kind or "", version.bundle.room)
    return kind_shape(version, kind), at or f"/0/{own.key}"


def _key(part: Mapping[str, Any] | None) -> str:
    """The field that names the room: said, or in the braces of the template."""
    document = part or {}
    return str(document.get("key", document["template"].partition("{")[2].partition("}")[0]))


def _kind(both: Both, label: str) -> Iterator[Change]:
    was, now = both.values("template")
    if shape(was) != shape(now):
        why = "what other services and nodes send to the old name reaches nobody"
        yield change(both, BREAKING, f"name of {label}", f"`{was}`", f"`{now}`", why, "template")
    if _key(both.old) != _key(both.new):
        why = "clients name the room by the old field"
        yield change(both, BREAKING, f"field that names {label}", _key(both.old), _key(both.new), why)
    if differ(*both.values("entered_by")):
        was, now = both.values("entered_by")
        severity, why = (RISKY, "sockets that did not enter it are members now") if was is None else (
            BREAKING, "sockets of old clients do not get into the room")  # fmt: skip
        yield change(both, severity, f"way into {label}", was, now, why, "entered_by")
    if differ(*both.values("retired")):
        was, now = both.values("retired")
        yield change(both, SAFE, f"retired names of {label}", was, now, "nothing is sent to them", "retired")
    was, now = both.values("id")
    if (was is None) != (now is None):
        severity, why = (SAFE, "ids are no longer bounded") if now is None else (
            RISKY, "ids of rooms that were free may be refused")  # fmt: skip
        yield change(both, severity, f"ids of {label}", was, now, why, "id")


SILENT = """
bundle.json /room/retired = ["board-{room}", "b-{room}"]
"""
SPEAKS = """
bundle.json /room/template = "whiteboard:{room}"
"""
