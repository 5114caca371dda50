"""Values of a play that only the service can tell: an id that it gave, the user that it knows a socket by."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from conformance.model.act import FromAnswer, FromEvent, Now, SocketOf, UserOf
from conformance.model.payload import roster_of
from conformance.model.transcript import Acked, Got, Opened
from conformance.model.wire import said
from conformance.stage.clients.recorder import Recorder
from contracts.form import Fields
from contracts.model import Bundle
from contracts.pointer import pointed


class Unresolved(Exception):
    """A value that the play takes from the service never came."""


def resolved(bundle: Bundle, log: Recorder, value: Any) -> Any:
    """Replace what stands for a value of the service by the value.

    Raises:
        Unresolved: the service never told it.
    """
    match value:
        case FromEvent() | FromAnswer():
            return _told(bundle, log, value)
        case UserOf():
            return user_of(bundle, log, value.actor)
        case SocketOf():
            return socket_of(log, value.actor)
        case Now():
            return _told_now(value)
        case Fields():
            return value  # What its contract calls wrong goes as it stands there.
        case list() | tuple():
            items = []
            for inner in value:  # No comprehension: its frames would halve the depth that junk may have.
                items.append(resolved(bundle, log, inner))
            return items
        case dict():
            return {name: resolved(bundle, log, inner) for name, inner in value.items()}
        case _:
            return value


def _told(bundle: Bundle, log: Recorder, value: FromEvent | FromAnswer) -> Any:
    """The value that an actor was told last, in an event or in the answer to a request."""
    request = bundle.request(value.event) if isinstance(value, FromAnswer) else None
    named = request.reply.event if request is not None and request.reply is not None else None
    name = named if isinstance(value, FromAnswer) else value.event
    for entry in reversed(log.entries):
        is_event = isinstance(entry, Got) and entry.event == name
        is_ack = isinstance(value, FromAnswer) and isinstance(entry, Acked) and entry.event == value.event
        if isinstance(entry, Acked | Got) and entry.actor == value.actor and (is_event or is_ack):
            found = pointed(said(bundle, entry), value.pointer)
            if found is not None:
                return found
    what = "answer to " if isinstance(value, FromAnswer) else ""
    raise Unresolved(f"{value.actor} got no {what}{value.event} with {value.pointer}")


def _told_now(value: Now) -> int | str:
    now = datetime.now(UTC)
    if value.unit == "unix-ms":
        return int(now.timestamp() * 1000)
    return now.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def socket_of(log: Recorder, actor: str) -> str:
    """The id of the socket that an actor opened last."""
    opened = [entry.socket for entry in log.entries if isinstance(entry, Opened) and entry.actor == actor]
    if not opened:
        raise Unresolved(f"{actor} has no socket")
    return opened[-1]


def user_of(bundle: Bundle, log: Recorder, actor: str) -> str:
    """The user id of an actor: minted, or told by a roster."""
    sockets = {entry.socket: entry for entry in log.entries if isinstance(entry, Opened) and entry.actor == actor}
    minted = next((entry.user for entry in sockets.values() if entry.user), None)
    if minted:
        return minted
    request = bundle.roster_request()
    if request and request.reply and request.reply.roster:
        for entry in log.entries:
            if isinstance(entry, Acked | Got):
                for socket, user in roster_of(request.reply.roster, said(bundle, entry)):
                    if socket in sockets and isinstance(user, str):
                        return user
    raise Unresolved(f"no payload of the service contains the user id of {actor}")
