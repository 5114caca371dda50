"""The HTTP calls of a bundle: created, listed and read items, memberships, and what a call broadcasts."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from conformance.server import answers
from conformance.server.answers import Given
from conformance.server.cause import Cause
from conformance.server.gate import Refused, Shown
from conformance.server.reading import known_of
from conformance.server.service import Service
from conformance.server.store import id_field
from conformance.server.values import compiled, made, now
from contracts.model import Call
from contracts.room import Room
from contracts.schema import Problem

MOST_BODY_BYTES = 10_000_000
"""Of a call: more than a photo has. A longer one is refused with 413 as soon as that is known."""


async def handled(service: Service, call: Call, request: Request, params: Mapping[str, str]) -> Response:
    """Answer one call as its contract says."""
    service.say(f"<- {call.method} {request.url.path}")
    shown = Shown(query=dict(request.query_params), headers={k.lower(): v for k, v in request.headers.items()})
    try:
        user = service.gate.user(shown, caller=True) if call.role != "health" else None
    except Refused:
        status = service.bundle.refusal.http_status if service.bundle.refusal else 401
        return failed(service, "the token is missing or bad", status)
    try:
        body = await _body(request)
    except TooLarge:
        return failed(service, f"the body has more than {MOST_BODY_BYTES} bytes", 413)
    query = answers.numbered(dict(request.query_params), call.query)
    given = Given(params=params, query=query, body=body)
    problem = service.call_problem(call, given)
    if problem is not None:
        service.say(f"   {call.title} is refused: {problem}")
        return failed(service, str(problem), _status_of(call, problem))
    return await _taken(service, call, given, user)


class TooLarge(Exception):
    """The body of a call is larger than any that is read."""


async def _body(request: Request) -> Any:
    """The JSON that a call carries; None where it carries none, or no JSON.

    Raises:
        TooLarge: it has more than `MOST_BODY_BYTES`.
    """
    data = b""
    async for part in request.stream():
        data += part
        if len(data) > MOST_BODY_BYTES:
            raise TooLarge
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _status_of(call: Call, problem: Problem) -> int:
    """The documented status for what a keyword rejects, as the examples have it; 400 where they say none."""
    known = [one.answer for one in call.examples.invalid if isinstance(one.answer, int)]
    exact = [
        one.answer for one in call.examples.invalid if isinstance(one.answer, int) and one.keyword == problem.keyword
    ]
    return next(iter([*exact, *known]), 400)


async def _taken(service: Service, call: Call, given: Given, user: str | None) -> Response:
    room, subject = answers.subject_of_call(service.bundle, call, given)
    match call.role:
        case "list":
            return _listed(service, call, given, subject)
        case "read":
            kept = service.kept.read(call, given.params)
            if kept is None:
                return failed(service, "there is none of that id", call.missing or 404)
            return answered(call, {}, kept)
        case _:
            pass
    body = known_of(given.body, call.body.properties() if call.body is not None else {})
    fields = {**answers.numbered_params(service.bundle, given.params), **body}
    item: dict[str, Any] = {}
    if call.role == "create":
        item = _item(service, call, fields)
        await service.store(call, subject, item)
    cause = Cause(
        kind="call",
        name=call.name,
        namespace=service.bundle.namespace,
        values={**fields, **item},
        payload=given.body,
        subject=subject,
        user=user,
    )
    await _membership(service, call, cause, room, fields)
    return answered(call, fields, item if call.role == "create" else None)


async def _membership(service: Service, call: Call, cause: Cause, room: Room | None, fields: Mapping[str, Any]) -> None:
    """Enter the sockets of a user, broadcast, or take them out after that, since they still are to hear of it."""
    if call.membership == "enter":
        await _move(service, call, cause, room, fields, enters=True)
    for event in call.broadcasts:
        await service.provoke(event, cause)
    if call.membership in ("leave", "close") or call.role == "leave":
        await _move(service, call, cause, room, fields, enters=False)


async def _move(
    service: Service, call: Call, cause: Cause, room: Room | None, fields: Mapping[str, Any], *, enters: bool
) -> None:
    if room is None or cause.subject is None:
        return
    names = [name for name in call.params() if name != room.key]
    user = fields.get(names[0]) if names else None
    for member in service.sockets_of(str(user)) if user is not None else ():
        step = service.enter if enters else service.leave
        await step(member.sid, member.namespace, room.kind, cause.subject)


def _item(service: Service, call: Call, fields: Mapping[str, Any]) -> dict[str, Any]:
    """What a call creates: with an id of its own, and the time in the fields that tell it."""
    shape = _shape(call.answer.document, call.item)
    known: dict[str, Any] = {name: value for name, value in fields.items() if name in shape.get("properties", {})}
    known.update({name: now(unit) for name, unit in clocks_of(service, call, shape).items()})
    name = id_field(call)
    if name is not None:
        known[name] = _new_id(shape.get("properties", {}).get(name, {}))
    found = made(compiled(shape), _examples(service, call), known)
    return dict(found) if isinstance(found, dict) else {}


def _examples(service: Service, call: Call) -> list[Any]:
    return [
        one
        for event in call.broadcasts
        if (broadcast := service.bundle.broadcast(event)) is not None
        for one in broadcast.examples.valid
        if isinstance(one, dict)
    ]


def clocks_of(service: Service, call: Call, shape: Mapping[str, Any]) -> dict[str, str]:
    """The fields of an item that tell when it was created: those of its broadcasts, and what lists are sorted by."""
    found: dict[str, str] = {}
    for event in call.broadcasts:
        broadcast = service.bundle.broadcast(event)
        found.update(broadcast.clocks if broadcast is not None else {})
    for other in service.bundle.calls.values():
        if other.page is not None and other.page.order_by is not None and service.kept.creator(other) is call:
            found.setdefault(other.page.order_by, "")
    properties = shape.get("properties", {})
    return {
        name: unit or ("date-time" if properties[name].get("type") == "string" else "unix-ms")
        for name, unit in found.items()
        if name in properties
    }


def _new_id(shape: Mapping[str, Any]) -> Any:
    fresh = uuid.uuid4()
    return fresh.int % 2**31 if shape.get("type") == "integer" else str(fresh)


def _shape(document: Mapping[str, Any], pointer: str) -> dict[str, Any]:
    """The schema at a pointer into the values of another."""
    shape: Any = document
    for step in filter(None, pointer.split("/")):
        shape = shape.get("properties", {}).get(step, {})
    return dict(shape)


def _listed(service: Service, call: Call, given: Given, subject: str | None) -> Response:
    page = call.page
    skip, limit = 0, 1_000_000
    if page is not None:
        skip, limit = given.query.get(page.skip, 0), min(given.query.get(page.limit, page.most), page.most)
    items, total = service.page(call, subject, skip, limit)
    known = {} if page is None else {page.skip: skip, page.limit: limit}
    body = made(call.answer, (), known)
    body = put(body, call.item, items)
    if page is not None and page.total is not None:
        body = put(body, page.total, total)
    return JSONResponse(body, status_code=call.status[0])


def put(body: Any, pointer: str, value: Any) -> Any:
    """A body with a value at a pointer."""
    (found,) = answers.put((body,), f"/0{pointer}", value) if pointer else (value,)
    return found


def answered(call: Call, fields: Mapping[str, Any], item: Mapping[str, Any] | None) -> Response:
    """A successful answer, with the item where its contract has it."""
    status = call.status[0]
    if status == 204:
        return Response(status_code=status)
    body = made(call.answer, (), fields)
    if item is not None:
        body = put(body, call.item, dict(item))
    return JSONResponse(body, status_code=status)


def failed(service: Service, why: str, status: int) -> Response:
    """An answer that says what was wrong, in the documented form."""
    schema = service.bundle.http_error
    if schema is None:
        return JSONResponse({"error": why}, status_code=status)
    names = [name for name, one in schema.properties().items() if one.get("type") == "string" and "enum" not in one]
    return JSONResponse(made(schema, (), dict.fromkeys(names, why)), status_code=status)
