"""What the honest service says: broadcasts, replies, refusals and errors, made of a cause and a contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from conformance.server.cause import Cause
from conformance.server.reading import arguments_of, typed
from conformance.server.rooms import Member, kind_of
from conformance.server.values import compiled, made, now
from contracts.ids import number_of
from contracts.model import Broadcast, Bundle, Call, Request
from contracts.replies import UNSAID, Reply
from contracts.room import Room
from contracts.schema import Problem, Schema, kinds


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What an HTTP call carries."""

    params: Mapping[str, str]
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None


def composed(bundle: Bundle, broadcast: Broadcast, cause: Cause) -> tuple[Any, ...]:
    """The arguments of a broadcast: what the contract says of a field comes before what its cause carries."""
    room = kind_of(bundle, broadcast.kind)
    properties = broadcast.payload.properties()
    known = {
        name: value
        for name, value in cause.values.items()
        if name in broadcast.echoes or (name in properties and broadcast.payload.accepts(name, value))
    }
    if cause.kind == "schedule":
        known.update(_counted(broadcast, cause.count))
    # What a call has created is told with the time at which it was stored.
    stored = cause.values if cause.kind == "call" else {}
    known.update({name: now(unit) for name, unit in broadcast.clocks.items() if name not in stored})
    if broadcast.sender is not None:
        known[broadcast.sender] = cause.sid if broadcast.sender_is == "socket" else cause.user
    if room is not None and cause.subject is not None:
        known[room.key] = typed(room, cause.subject, formed=broadcast.form is not None)
    gone = frozenset(name for name in broadcast.echoes if name not in known)
    payload = made(broadcast.payload, broadcast.examples.valid, known, gone)
    return arguments_of(broadcast.form, payload)


def _counted(broadcast: Broadcast, count: int) -> dict[str, Any]:
    """Whole numbers of what comes by a schedule: they count its rounds, where their schema allows that."""
    found = {}
    for name, shape in broadcast.payload.properties().items():
        if kinds(shape) == ("integer",) and name not in broadcast.echoes and broadcast.payload.accepts(name, count):
            found[name] = count
    return found


def replied(bundle: Bundle, request: Request, reply: Reply, cause: Cause, listed: Sequence[Member]) -> tuple[Any, ...]:
    """The arguments of the reply to a good request."""
    room = kind_of(bundle, request.kind)
    known = {name: value for name, value in cause.values.items() if _fits(reply.payload, name, value)}
    known.update({name: now(unit) for name, unit in reply.clocks.items()})
    if room is not None and cause.subject is not None:
        known[room.key] = typed(room, cause.subject, formed=reply.form is not None)
    arguments = arguments_of(reply.form, made(reply.payload, _good(reply), known))
    if reply.refused is not None and reply.refused.is_in(arguments):
        arguments = put(arguments, reply.refused.at, None)
    if reply.roster is not None:
        arguments = _with_roster(reply, arguments, listed)
    return arguments


def _good(reply: Reply) -> list[Any]:
    return [one for one in reply.examples.valid if not reply.refuses(arguments_of(reply.form, one))]


def _fits(schema: Schema, name: str, value: Any) -> bool:
    """Whether a reply has a field of that name, at the top or in an object there, that may have this value."""
    if name in schema.properties():
        return schema.accepts(name, value)
    return any(name in one.get("properties", {}) for one in schema.properties().values() if isinstance(one, Mapping))


def _with_roster(reply: Reply, arguments: tuple[Any, ...], listed: Sequence[Member]) -> tuple[Any, ...]:
    roster, root = reply.roster, reply.payload.document
    if roster is None:
        return arguments
    before = "" if reply.form is not None else "/0"
    schemas = reply.form.schemas if reply.form is not None else (root,)
    shape: Any = {"prefixItems": list(schemas)}
    for step in f"{before}{roster.members}".split("/")[1:]:
        shape = shape["prefixItems"][int(step)] if "prefixItems" in shape else shape.get("properties", {}).get(step, {})
    blank = made(compiled(shape.get("items", {})), (), {})
    members = []
    for member in listed:
        item = _put_in(blank if isinstance(blank, dict) else {}, roster.socket, member.sid)
        members.append(item if roster.user is None else _put_in(item, roster.user, member.user))
    arguments = put(arguments, f"{before}{roster.members}", members)
    return arguments if roster.count is None else put(arguments, f"{before}{roster.count}", len(members))


def refusing(reply: Reply, problem: Problem) -> tuple[Any, ...]:
    """The arguments by which a reply says that its request was refused."""
    refused = reply.refused
    if refused is None:
        return ()
    steps = refused.at.split("/")[1:]
    if refused.const is not UNSAID:
        value = refused.const
    else:
        shape = refused.value.document if refused.value is not None else _shape_at(reply, steps)
        value = made(compiled({**shape, "type": _not_null(shape)}), (), _words(shape, problem))
    schemas = reply.form.schemas if reply.form is not None else (reply.payload.document,)
    arguments: list[Any] = []
    for place, shape in enumerate(schemas):
        if str(place) == steps[0] or "null" in kinds(shape):
            arguments.append(None)
        else:
            break
    while len(arguments) <= int(steps[0]):
        arguments.append(None)
    return put(tuple(arguments), refused.at, value)


def _shape_at(reply: Reply, steps: Sequence[str]) -> dict[str, Any]:
    schemas = reply.form.schemas if reply.form is not None else (reply.payload.document,)
    shape: Any = schemas[int(steps[0])] if int(steps[0]) < len(schemas) else {}
    for step in steps[1:]:
        shape = shape.get("properties", {}).get(step, {})
    return dict(shape)


def _not_null(shape: Mapping[str, Any]) -> list[str]:
    return [kind for kind in kinds(shape) if kind != "null"] or ["object"]


def _words(shape: Mapping[str, Any], problem: Problem) -> dict[str, Any]:
    """Fields of an error that may be any text: what was wrong."""
    return {
        name: str(problem)
        for name, one in shape.get("properties", {}).items()
        if name in ("message", "why", "error", "reason", "detail") and _is_text(one)
    }


def _is_text(shape: Any) -> bool:
    return kinds(shape) == ("string",) and not {"enum", "const", "pattern", "format", "maxLength"} & shape.keys()


def complaining(bundle: Bundle, problem: Problem, cause: Cause) -> tuple[Any, ...]:
    """The arguments of the event that tells a requester of a bad request."""
    broadcast = bundle.broadcast(bundle.errors or "")
    if broadcast is None:
        return ()
    known = _words(broadcast.payload.document, problem)
    known.update({name: now(unit) for name, unit in broadcast.clocks.items()})
    return arguments_of(broadcast.form, made(broadcast.payload, broadcast.examples.valid, known))


def refusal_of(bundle: Bundle, fault: str) -> tuple[str, Any]:
    """(message, data) of the connect error for what is wrong with a token; the data is None for none."""
    if bundle.refusal is None:
        return "the token is missing or bad", None
    form = bundle.refusal.of(fault)
    message = form.message if form.message is not None else f"{form.message_prefix or ''}: the token is missing or bad"
    return message, None if form.data is None else made(form.data, (), {})


def entered_by(room: Room, member: Member) -> str | None:
    """The id of the room of a kind that a socket enters by connecting; None where there is none."""
    entry = room.entry
    if entry is None:
        return None
    match entry.at:
        case "auth":
            value = member.auth.get(entry.name) if isinstance(member.auth, dict) else None
        case "query":
            value = next(iter(parse_qs(str(member.environ.get("QUERY_STRING", ""))).get(entry.name, ())), None)
        case "service":
            value = member.user
    if isinstance(value, int) and not isinstance(value, bool) and room.has_numbers:
        value = str(value)
    if not isinstance(value, str) or not value or not room.takes(value):
        return None
    return value


def subject_of_call(bundle: Bundle, call: Call, given: Given) -> tuple[Room | None, str | None]:
    """The kind and the id of the room that a call is about: by its path, or by a field of its body."""
    rooms = tuple(bundle.rooms.values()) or ((bundle.room,) if not bundle.room.is_none else ())
    for room in rooms:
        if room.key in given.params:
            return room, given.params[room.key]
    for room in rooms:
        value = given.body.get(room.key) if isinstance(given.body, dict) else None
        if isinstance(value, str | int) and not isinstance(value, bool):
            return room, str(value)
    return None, None


def problem_of_call(bundle: Bundle, call: Call, given: Given) -> Problem | None:
    """Why an HTTP call is not what its contract allows; None where it is."""
    room, subject = subject_of_call(bundle, call, given)
    if room is not None and subject is not None and not room.takes(subject):
        return Problem(path=room.key, keyword="type", expected="the id of a room", got=subject)
    if call.body is not None and not call.body.is_valid(given.body):
        return call.body.explain(given.body)
    if call.query is not None:
        query = dict(given.query)
        most = call.page.most if call.page is not None else None
        name = call.page.limit if call.page is not None else ""
        if most is not None and isinstance(query.get(name), int) and query[name] > most:
            query[name] = most
        if not call.query.is_valid(query):
            return call.query.explain(query)
        if call.page is not None:
            return _page_problem(call.page.skip, call.page.limit, query)
    return None


def _page_problem(skip: str, limit: str, query: Mapping[str, Any]) -> Problem | None:
    for name, least in ((skip, 0), (limit, 1)):
        value = query.get(name, least)
        if not isinstance(value, int) or value < least:
            return Problem(path=name, keyword="minimum", expected=f"a number of at least {least}", got=str(value))
    return None


def numbered_params(bundle: Bundle, params: Mapping[str, str]) -> dict[str, Any]:
    """The parameters of a path as payloads have them: ids of rooms that are numbers are so."""
    rooms = tuple(bundle.rooms.values()) or (bundle.room,)
    return {
        name: number_of(value) if any(room.key == name and room.has_numbers for room in rooms) else value
        for name, value in params.items()
    }


def numbered(query: Mapping[str, str], schema: Schema | None) -> dict[str, Any]:
    """The parameters of a query with numbers where the schema wants numbers and the text is one."""
    properties = schema.properties() if schema is not None else {}
    return {
        name: number_of(value) if {"integer", "number"} & set(kinds(properties.get(name))) else value
        for name, value in query.items()
    }


def put(arguments: tuple[Any, ...], at: str, value: Any) -> tuple[Any, ...]:
    """Arguments with a value at a pointer, and with what of its path was not there."""
    return tuple(_placed(list(arguments), at.split("/")[1:], value))


def _placed(node: Any, steps: Sequence[str], value: Any) -> Any:
    if not steps:
        return value
    step, *rest = steps
    if isinstance(node, list):
        place = int(step)
        return [*node[:place], _placed(node[place], rest, value), *node[place + 1 :]]
    fields = node if isinstance(node, dict) else {}
    return {**fields, step: _placed(fields.get(step), rest, value)}


def _put_in(item: dict[str, Any], at: str, value: Any) -> dict[str, Any]:
    (made_item,) = put((item,), f"/0{at}", value)
    return dict(made_item)
