"""The words of the SOS service: how a socket joins, publishes, and what tells one publication from every other.

Everything that the plane says to a service, or reads of it, stands here; the ledger and the sockets know none of it.
A publication is marked in what the contract lets a client choose: a message in its content, a location in its
coordinates, a typing notice in the display name, a status in itself, since an SOS goes through each only once.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any, NamedTuple

key = "sosId"
join, leave, close, init = "sos:room:join", "sos:room:leave", "sos:close", "sos:init"
roster, roster_reply = "participants:active:request", "participants:active:response"
status_update, status_broadcast = "sos:status:update", "sos:status:broadcast"
location_update, location_broadcast = "location:update", "location:broadcast"
typing_start, typing_stop = "message:typing:start", "message:typing:stop"
message_broadcast = "message:broadcast"
LIST = "list-messages"
"""The contract of the call that lists them."""

message_call, list_call = "/api/messages/[sosId]", "/api/messages/[sosId] (all)"
CREATE = "create-message"
"""The contract of the call that creates a message."""

CREATED, OK = 201, 200

MOST_A_PAGE = 50
"""How many messages the service gives at once."""

STATUSES = ("active", "assigned", "responding", "en_route", "arrived", "resolved", "completed", "closed", "cancelled")

MOST_STREAMS = 80_000_000
"""Streams are told by latitudes from 0 to 80 degrees, with the six places that a service may store."""

_STAMP = re.compile(r"(\S+) (\d+) (\d+)")


class Mark(NamedTuple):
    """Which publication a payload is of."""

    room: str
    stream: int
    number: int


def joining(sos_id: str, user: str) -> dict[str, Any]:
    """What a socket joins with."""
    return {key: sos_id, "userType": "citizen", "displayName": user}


def message_path(sos_id: str) -> str:
    """Where messages are created."""
    return f"/api/messages/{sos_id}"


def page_path(sos_id: str, skip: int) -> str:
    """Where messages are listed."""
    return f"/api/messages/{sos_id}?skip={skip}&limit={MOST_A_PAGE}"


def message(sos_id: str, stream: int, number: int) -> dict[str, Any]:
    """A message to create."""
    return {"senderDisplayName": "load", "content": f"{sos_id} {stream} {number}"}


def page(told: Any) -> tuple[int, list[Any]] | None:
    """Of a page of messages: how many there are in all, and those on it; None where it is no page."""
    try:
        return int(told["pagination"]["total"]), list(told["data"])
    except (LookupError, TypeError, ValueError):
        return None


def created(told: Any) -> Any:
    """The id of the message that a call has created; None where its answer has none."""
    try:
        return told["data"]["id"]
    except (LookupError, TypeError):
        return None


def location(sos_id: str, stream: int, number: int) -> dict[str, Any]:
    """A location to report."""
    return {key: sos_id, "latitude": stream / 1e6, "longitude": number / 1e6, "accuracy": 4.5}


def typing(sos_id: str, stream: int, number: int) -> dict[str, Any]:
    """A notice that somebody types."""
    return {key: sos_id, "displayName": f"{sos_id} {stream} {number}"}


def status(sos_id: str, number: int) -> dict[str, Any]:
    """A status to report."""
    return {key: sos_id, "status": STATUSES[number]}


def status_stream(sos_id: str) -> int:
    """The stream of an SOS's statuses: whoever reports them, they are of one SOS."""
    return MOST_STREAMS + int.from_bytes(hashlib.blake2b(sos_id.encode(), digest_size=6).digest())


def mark(event: str, payload: dict[str, Any]) -> Mark | None:
    """Which publication a broadcast is of; None where it is of none of ours."""
    match event:
        case "message:broadcast":
            return _stamped(payload.get("content"))
        case "message:typing:start":
            return _stamped(payload.get("displayName"))
        case "location:broadcast":
            latitude, longitude = payload.get("latitude"), payload.get("longitude")
            if isinstance(latitude, int | float) and isinstance(longitude, int | float):
                return Mark(str(payload.get(key)), round(latitude * 1e6), round(longitude * 1e6))
        case "sos:status:broadcast":
            told, sos_id = payload.get("status"), str(payload.get(key))
            if told in STATUSES:
                return Mark(sos_id, status_stream(sos_id), STATUSES.index(told))
    return None


def sent(event: str, marked: Mark) -> dict[str, Any]:
    """What was sent for a publication that a broadcast is of."""
    match event:
        case "message:broadcast":
            return message(*marked) | {key: marked.room, "contentType": "text"}
        case "message:typing:start":
            return typing(*marked)
        case "location:broadcast":
            return location(*marked)
        case "sos:status:broadcast":
            return status(marked.room, marked.number)
    return {}


def same(sent: Any, told: Any) -> bool:
    """Whether a value comes out as it went in; a service may keep coordinates to six places."""
    if isinstance(sent, float) and isinstance(told, int | float):
        return abs(sent - told) < 1e-6
    return bool(sent == told)


def stored(item: Any) -> tuple[Mark | None, bool]:
    """Of a message that is listed: which it is, and whether it is as it was created."""
    content = item.get("content") if isinstance(item, dict) else None
    marked = _stamped(content)
    if marked is None:
        return None, False
    wanted = sent(message_broadcast, marked)
    return marked, all(same(value, item.get(name)) for name, value in wanted.items())


def _stamped(text: object) -> Mark | None:
    found = _STAMP.fullmatch(text) if isinstance(text, str) else None
    return Mark(found[1], int(found[2]), int(found[3])) if found else None


def listed(told: Any) -> set[str]:
    """The sockets that a roster lists."""
    members = told.get("participants") if isinstance(told, dict) else None
    return {str(one.get("socketId")) for one in members or () if isinstance(one, dict)}
