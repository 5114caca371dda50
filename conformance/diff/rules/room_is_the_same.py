"""Rooms are named, entered and spoken of as before.

Other services and nodes send to a room by its name, clients name it by a field of their payloads: where either
changes, what is sent goes to a room in which nobody is. A kind of rooms that is added is safe.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.diff.model import Change
from conformance.diff.pairing import Both, Pair
from conformance.diff.told import BREAKING, RISKY, SAFE, change, differ

CLAUSE = "Rooms keep their names and their ways in."
KEYS = {"bundle": "room rooms", "bundle.room": "template key retired", "roomKind": "template retired entered_by id",
        "roomKind.entered_by": "handshake", "roomKind.entered_by.handshake": "auth query", "client_to_server": "room",
        "server_to_client": "room", "roomAt": "kind at"}  # fmt: skip


def judge(pair: Pair) -> Iterator[Change]:
    """Templates, keys and ways in of rooms, and where messages name them."""
    old, new = _kinds(pair.old.head.document), _kinds(pair.new.head.document)
    for name, where in old.items():
        its = new.get(name) or (next(iter(new.values())) if len(old) == len(new) == 1 else None)
        if its is None:
            yield change(
                pair.head, BREAKING, f"rooms `{name}`".replace(" ``", ""), _template(pair.old, where), None,
                "nobody gets into these rooms any more", *where,
            )  # fmt: skip
        else:
            yield from _kind(pair, _part(pair, where, its), its)
    for name, where in new.items():
        if name not in old and not len(old) == len(new) == 1:
            yield change(
                pair.head, SAFE if old else RISKY, f"rooms `{name}`".replace(" ``", ""), None,
                _template(pair.new, where), "nobody was in them before", *where,
            )  # fmt: skip
    for both in pair.messages:
        if both.is_in_both and differ(*both.values("room")):
            was, now = both.values("room")
            why = "the room that the message is about is named elsewhere"
            yield change(both, BREAKING, "place of the room", was or "the key", now or "the key", why, "room")


def _kinds(head: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Where each kind of rooms is said; the short form has no name."""
    found: dict[str, tuple[str, ...]] = {name: ("rooms", name) for name in head.get("rooms", {})}
    return found | ({"": ("room",)} if "room" in head else {})


def _template(version: Any, where: tuple[str, ...]) -> str:
    part = version.head.document
    for step in where:
        part = part[step]
    return f"`{part['template']}`"


def _part(pair: Pair, where: tuple[str, ...], its: tuple[str, ...]) -> Both:
    old, new = pair.head.inner(*where), pair.head.inner(*its)
    return Both(
        subject=pair.head.subject, old=old.old, new=new.new, old_file=old.old_file, new_file=new.new_file, where=its
    )


def _key(part: Mapping[str, Any] | None) -> str:
    """The field that names the room: said, or in the braces of the template."""
    document = part or {}
    return str(document.get("key", document["template"].partition("{")[2].partition("}")[0]))


def _kind(pair: Pair, both: Both, where: tuple[str, ...]) -> Iterator[Change]:
    label = f" `{where[1]}`" if len(where) > 1 else ""
    was, now = both.values("template")
    if _shape(was) != _shape(now):
        why = "what other services and nodes send to the old name reaches nobody"
        yield change(both, BREAKING, f"name of rooms{label}", f"`{was}`", f"`{now}`", why, "template")
    elif was != now and _key(both.old) == _key(both.new):
        yield change(both, SAFE, f"name of rooms{label}", f"`{was}`", f"`{now}`", "the same names", "template")
    if _key(both.old) != _key(both.new):
        why = "clients name the room by the old field"
        yield change(both, BREAKING, f"field that names the room{label}", _key(both.old), _key(both.new), why)
    if differ(*both.values("entered_by")):
        was, now = both.values("entered_by")
        severity, why = (RISKY, "sockets that did not enter it are members now") if was is None else (
            BREAKING, "sockets of old clients do not get into the room")  # fmt: skip
        yield change(both, severity, f"way into rooms{label}", was, now, why, "entered_by")
    if differ(*both.values("retired")):
        was, now = both.values("retired")
        yield change(both, SAFE, f"retired names of rooms{label}", was, now, "nothing is sent to them", "retired")
    was, now = both.values("id")
    if (was is None) != (now is None):
        severity, why = (SAFE, "ids are no longer bounded") if now is None else (
            RISKY, "ids of rooms that were free may be refused")  # fmt: skip
        yield change(both, severity, f"ids of rooms{label}", was, now, why, "id")


def _shape(template: str) -> str:
    """A template, whatever its field is called."""
    before, _, rest = template.partition("{")
    return f"{before}{{}}{rest.partition('}')[2]}"


SILENT = """
bundle.json /room/retired = ["board-{room}", "b-{room}"]
"""
SPEAKS = """
bundle.json /room/template = "whiteboard:{room}"
"""
