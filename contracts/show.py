"""Contracts as people read them: a table of all, and one in full."""

from __future__ import annotations

import json

from rich.table import Table

from contracts.form import REMEMBERED, Form
from contracts.model import Broadcast, Bundle, Call, Event, Request
from contracts.replies import UNSAID, Reply
from contracts.schema import Schema, shown


def table(bundle: Bundle) -> Table:
    """Every event and call of a bundle, a row each."""
    made = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, title_justify="left")
    templates = [room.template for room in bundle.rooms.values()] or [bundle.room.template]
    rooms = f"room {' and '.join(templates)}" if any(templates) else "no rooms"
    made.title = f"{bundle.title} {bundle.version}: {rooms}"
    made.add_column("name", no_wrap=True)  # A name that is broken in two cannot be searched for.
    for column in ("direction", "summary"):
        made.add_column(column, overflow="fold")
    for event in bundle.events.values():
        made.add_row(event.name, directions(event), event.summary)
    for call in bundle.calls.values():
        made.add_row(call.title, "HTTP", call.summary)
    for retired in bundle.retired:
        made.add_row(retired.event, "retired", f"now {retired.instead}")
    return made


def directions(event: Event) -> str:
    """Which way an event travels."""
    ways = [(event.request, "client to server"), (event.broadcast, "server to client")]
    return ", ".join(way for one, way in ways if one)


def detail(bundle: Bundle, name: str) -> str | None:
    """One contract in full; None where nothing has that name."""
    event = bundle.events.get(name)
    call = next((call for call in bundle.calls.values() if name in (call.name, call.title)), None)
    if event:
        lines = [event.name, event.summary, f"source: {event.source}", f"file: {event.place}"]
        lines += _request(event.request) if event.request else []
        lines += _broadcast(event.broadcast) if event.broadcast else []
        return "\n".join(lines)
    if call:
        return "\n".join([call.title, call.summary, f"source: {call.source}", f"file: {call.place}", *_call(call)])
    return None


def _schema(title: str, schema: Schema) -> list[str]:
    text = json.dumps(schema.document, ensure_ascii=False, indent=2)
    return [f"{title}:", *(f"  {line}" for line in text.splitlines())]


def _request(request: Request) -> list[str]:
    lines = ["", "client to server"]
    if request.broadcasts:
        lines.append(f"causes: {', '.join(request.broadcasts)}")
    if request.membership:
        lines.append(f"membership: {request.membership}")
    lines += [f"does: {request.does}"] if request.does else []
    if request.reply:
        ways = (["an ack"] if request.reply.ack else []) + ([request.reply.event] if request.reply.event else [])
        lines.append(f"answered within {request.deadline_ms} ms by {' or '.join(ways)}")
        lines += _told(request.reply)
    lines += [one.words for one in request.given]
    if request.most_per_s:
        lines.append(f"a service may drop more than {request.most_per_s:g} a second from one socket")
    lines += _carried("payload", request.payload, request.form)
    return lines + (_carried("reply", request.reply.payload, request.reply.form) if request.reply else [])


def _told(reply: Reply) -> list[str]:
    """What an answer tells besides its payload."""
    lines = [f"a good answer promises: {reply.promises}"] if reply.promises else []
    if reply.refused is None:
        return lines
    value = "present and not null" if reply.refused.const is UNSAID else shown(reply.refused.const)
    return [*lines, f"refused where {reply.refused.at} of the answer's arguments is {value}"]


def _broadcast(broadcast: Broadcast) -> list[str]:
    cause = broadcast.causes.words or "a bad request"
    lines = ["", "server to client", f"caused by: {cause}", f"received by: {broadcast.to_whom}"]
    lines.append(f"deadline: {broadcast.deadline_ms} ms")
    lines += ["volatile: it may be lost"] if broadcast.volatile else []
    lines += ["at least once: it may be sent again until it is acked"] if broadcast.at_least_once else []
    lines += _carried("payload", broadcast.payload, broadcast.form)
    return lines + (_carried("answer", broadcast.answer.payload, broadcast.answer.form) if broadcast.answer else [])


def _carried(title: str, schema: Schema, form: Form | None) -> list[str]:
    """A payload or the arguments, and where they name the room."""
    if form is None:
        return _schema(title, schema)
    lines = [f"room: {form.room_at if form.room_at != REMEMBERED else 'the one that the socket remembers'}"]
    for number, document in enumerate(form.schemas, 1):
        lines += _schema(f"{title}, argument {number} of {len(form.schemas)}", Schema(document))
    return (lines if form.room_at is not None else lines[1:]) + ([] if form.schemas else [f"{title}: no arguments"])


def _call(call: Call) -> list[str]:
    lines = [f"answered with: {' or '.join(map(str, call.status))}"]
    if call.broadcasts:
        lines.append(f"causes: {', '.join(call.broadcasts)}")
    lines += _schema("body", call.body) if call.body else []
    return lines + _schema("answer", call.answer)
