"""Questions about payloads that need no transcript."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.model.transcript import Acked, AnyEntry, Got
from contracts.form import Fields
from contracts.model import Broadcast, Bundle
from contracts.pointer import pointed
from contracts.replies import Roster
from contracts.schema import shown


def same(left: Any, right: Any) -> bool:
    """Equality of JSON values: unlike Python's, true is not 1, inside containers too."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


def flat(body: Any) -> dict[str, Any]:
    """The fields of a body, and those of the objects in it, for what travels in an envelope: the outer ones win."""
    if not isinstance(body, dict):
        return {}
    inner = {name: value for one in body.values() if isinstance(one, dict) for name, value in one.items()}
    return {**inner, **body}


def payload_of(args: tuple[Any, ...]) -> Any:
    """The first argument of an event; None where it has none."""
    return args[0] if args else None


def room_of(bundle: Bundle, payload: Any) -> str | None:
    """The room that a payload names."""
    room = payload.get(bundle.room.key) if isinstance(payload, dict) else None
    if isinstance(room, int) and not isinstance(room, bool) and bundle.room.has_numbers:
        return str(room)
    return room if isinstance(room, str) else None


def roster_of(roster: Roster, reply: Any) -> list[tuple[str | None, str | None]]:
    """(socket id, user id) of each member that a roster reply lists; empty where it lists none.

    None stands for an id that is not told, and an id that is no text for its JSON: it equals no id of ours.
    """
    members = pointed(list(reply.args) if isinstance(reply, Fields) else reply, roster.members)
    if not isinstance(members, list):
        return []
    users = [pointed(member, roster.user) if roster.user is not None else None for member in members]
    return [(id_of(pointed(member, roster.socket)), id_of(user)) for member, user in zip(members, users, strict=True)]


def id_of(value: Any) -> str | None:
    """An id as text, whatever JSON type it was sent as; None where none was told."""
    return value if value is None or isinstance(value, str) else shown(value)


def rosters(bundle: Bundle, entries: tuple[AnyEntry, ...]) -> Iterator[tuple[int, Any]]:
    """The roster replies of a transcript: the entry's index and the payload."""
    request = bundle.roster_request()
    if request is None or request.reply is None:
        return
    for index, entry in enumerate(entries):
        is_ack = isinstance(entry, Acked) and entry.event == request.event
        is_event = isinstance(entry, Got) and entry.event == request.reply.event
        if (is_ack or is_event) and isinstance(entry, Acked | Got):
            yield index, payload_of(entry.args)


def echoes_of(broadcast: Broadcast, given: Mapping[str, Any], *, triggered: bool) -> dict[str, Any]:
    """The values that a broadcast must carry as its cause gave them.

    A trigger may take values that the contract does not have. A service may pass those on or translate them, which the
    schema of the broadcast judges: they are not among these.
    """
    names = [name for name in broadcast.echoes if name in given]
    return {name: given[name] for name in names if not triggered or broadcast.payload.accepts(name, given[name])}
