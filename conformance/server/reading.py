"""What has come, read as the contracts read it: the payload of arguments, what is wrong with it, and its room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.server.cause import Cause
from conformance.server.rooms import Member, kind_of
from contracts.form import REMEMBERED, Fields, Form
from contracts.ids import number_of
from contracts.model import Broadcast, Bundle, Request
from contracts.room import Room
from contracts.schema import Problem, shown


def payload_of(form: Form | None, arguments: tuple[Any, ...]) -> Any:
    """The payload that arguments stand for; None where an event has none."""
    if form is not None:
        return form.fields(arguments)
    return arguments[0] if arguments else None


def arguments_of(form: Form | None, payload: Any) -> tuple[Any, ...]:
    """The arguments that a payload stands for."""
    return form.args(payload) if form is not None and isinstance(payload, Mapping) else (payload,)


def problem_of(request: Request, room: Room | None, arguments: tuple[Any, ...]) -> Problem | None:
    """Why a request is none that the contract allows; None where it is one."""
    payload = payload_of(request.form, arguments)
    if request.form is None and len(arguments) > 1:
        return Problem(path="", keyword="maxItems", expected="one argument", got=f"{len(arguments)}")
    problem = None if request.payload.is_valid(payload) else request.payload.explain(payload)
    if problem is not None:
        return problem
    subject = subject_of(request, room, payload)
    must_name = request.form is None or request.form.room_at not in (None, REMEMBERED)
    about = request.membership is not None or bool(request.broadcasts)
    if room is not None and about and subject is None and must_name and _names(request, room):
        return Problem(path=room.key, keyword="required", expected=f"the field `{room.key}`", got=shown(payload))
    if room is not None and subject is not None and not room.takes(subject):
        return Problem(path=room.key, keyword="type", expected="the id of a room", got=shown(subject))
    return None


def _names(request: Request, room: Room) -> bool:
    return room.key in request.payload.properties() or request.membership is not None


def subject_of(one: Request | Broadcast, room: Room | None, payload: Any) -> str | None:
    """The id of the room that a payload names; None where it names none."""
    value = payload.get(room.key) if room is not None and isinstance(payload, Mapping) else None
    if isinstance(value, int) and not isinstance(value, bool) and room is not None and room.has_numbers:
        return str(value)
    return value if isinstance(value, str) and value else None


def known_of(payload: Any, documented: Mapping[str, Any]) -> dict[str, Any]:
    """The documented fields of a payload, and those of documented objects in it: the outer ones win."""
    if isinstance(payload, Fields):
        return {name: value for name, value in payload.items() if name in documented}
    if not isinstance(payload, Mapping):
        return {}
    own = {name: value for name, value in payload.items() if name in documented}
    inner = {
        name: value
        for outer, one in own.items()
        if isinstance(one, Mapping)
        for name, value in one.items()
        if name in documented[outer].get("properties", {})
    }
    return {**inner, **own}


def typed(room: Room | None, subject: str, *, formed: bool) -> Any:
    """The id of a room as a payload has it: its digits where a form writes them as a number."""
    return number_of(subject) if room is not None and room.has_numbers and not formed else subject


def cause_of(bundle: Bundle, request: Request, member: Member, arguments: tuple[Any, ...], *, asked: bool) -> Cause:
    """What a request is as a cause: its room is the one that it names, or else the one that its socket remembers."""
    room = kind_of(bundle, request.kind)
    payload = payload_of(request.form, arguments)
    subject = subject_of(request, room, payload)
    if subject is None and request.kind is not None:
        subject = member.remembered(request.kind)
    return Cause(
        kind="event",
        name=request.event,
        namespace=member.namespace,
        values=known_of(payload, request.payload.properties()),
        payload=payload,
        subject=subject,
        sid=member.sid,
        user=member.user,
        asked=asked,
    )
