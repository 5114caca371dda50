"""What contracts say of events beside their payloads, in sentences that other formats have as descriptions."""

from __future__ import annotations

from contracts.form import REMEMBERED
from contracts.model import Broadcast, Bundle, Request
from contracts.replies import UNSAID, Reply
from contracts.schema import shown


def of_rooms(bundle: Bundle) -> list[str]:
    """How rooms are called."""
    rooms = [room for room in bundle.rooms.values() or [bundle.room] if not room.is_none]
    return [f"Rooms: {', '.join(room.template for room in rooms)}."] if rooms else []


def of_request(request: Request) -> list[str]:
    """What a good request does, and how it is answered."""
    lines = ["Emitted by a peer service, not by clients."] if request.by_peer else []
    if request.broadcasts:
        lines.append(f"Causes: {', '.join(request.broadcasts)}.")
    if request.membership:
        what = {"enter": "enters the room", "leave": "leaves the room", "close": "leaves the room, which is closed"}
        lines.append(f"The socket {what[request.membership]}.")
    lines += [f"Does: {request.does}."] if request.does else []
    if request.reply is not None:
        lines += of_reply(request.reply, request.deadline_ms)
    if request.form is not None and request.form.room_at is not None:
        at = request.form.room_at
        named = "is the one that the socket entered last" if at == REMEMBERED else f"is named at {at} of the arguments"
        lines.append(f"The room {named}.")
    lines += [f"{one.words}." for one in request.given]
    if request.most_per_s:
        lines.append(f"The service may drop more than {request.most_per_s:g} a second from one socket.")
    return lines


def of_reply(reply: Reply, deadline_ms: int) -> list[str]:
    """How a request is answered."""
    ways = (["an ack"] if reply.ack else []) + ([f"the event {reply.event}"] if reply.event else [])
    lines = [f"Answered within {deadline_ms} ms by {' or '.join(ways)}."]
    if reply.refused is not None:
        value = "present and not null" if reply.refused.const is UNSAID else shown(reply.refused.const)
        lines.append(f"Refused where {reply.refused.at} of the answer's arguments is {value}.")
    return lines


def of_broadcast(broadcast: Broadcast) -> list[str]:
    """Who receives a broadcast, and what causes it."""
    lines = [f"Received by: {broadcast.to_whom}.", f"Caused by: {broadcast.causes.words or 'a bad request'}."]
    lines.append(f"Arrives within {broadcast.deadline_ms} ms.")
    lines += ["It may be lost on the way."] if broadcast.volatile else []
    lines += ["It may be sent again until it is acked."] if broadcast.at_least_once else []
    return lines + (["The client answers with an ack."] if broadcast.answer is not None else [])
