"""What of a bundle a lie can be told of: events, calls, kinds of rooms, limits, and the fields of what they carry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.plan.requests import refusable
from conformance.plan.schedule import MOST_S
from conformance.plan.stimulus import owed_broadcasts
from conformance.server.values import followed
from contracts.form import Form
from contracts.model import Broadcast, Bundle, Call, Request
from contracts.parts import parts_of
from contracts.schema import Schema, kinds

MOST_DEPTH = 4
"""How deep fields are looked for: schemas may refer to themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """What one lie is told of."""

    name: str
    """Of an event, a call, a kind of room, a limit or a kind of token."""
    at: str = ""
    """Which field: a JSON pointer into the list of arguments, or for a call into its answer; empty for the whole."""
    field: str = ""
    """The field as people call it."""

    def __str__(self) -> str:
        return f"{self.name}, {self.field}" if self.field else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field that arguments or an answer may have."""

    at: str
    shape: Mapping[str, Any]
    required: bool
    """Whether it is there in whatever keeps the schema."""

    @property
    def name(self) -> str:
        """Its last name; the number of an argument that is no object."""
        return self.at.rpartition("/")[2]

    @property
    def title(self) -> str:
        """How messages call it."""
        steps = self.at.split("/")[1:]
        if len(steps) == 1 and steps[0].isdigit():
            return str(self.shape.get("title", f"argument {int(steps[0]) + 1}"))
        return ".".join(steps[1:] if steps[0].isdigit() else steps)


def seen_broadcasts(bundle: Bundle) -> list[Broadcast]:
    """The broadcasts that a check can make a service send, or waits for."""
    found: dict[str, Broadcast] = {}
    for part in parts_of(bundle):
        for broadcast in (*owed_broadcasts(part), *(one for one in part.broadcasts() if _is_awaited(one))):
            if is_caused(part, broadcast):
                found.setdefault(broadcast.event, broadcast)
    return list(found.values())


def _is_awaited(broadcast: Broadcast) -> bool:
    every_s = broadcast.causes.every_s
    return every_s is not None and every_s <= MOST_S and broadcast.receivers != "nobody"


def is_caused(bundle: Bundle, broadcast: Broadcast) -> bool:
    """Whether a check can cause it: by a request, a call, another broadcast, or by connecting and going."""
    causes = broadcast.causes
    events = (*causes.events, *filter(None, [broadcast.caused_by_event]))
    calls = (*causes.calls, *filter(None, [broadcast.caused_by_call]))
    if any(bundle.request(event) for event in events) or any(call in bundle.calls for call in calls):
        return True
    followed = (bundle.broadcast(name) for name in causes.follows)
    return causes.connection or causes.disconnect or _is_awaited(broadcast) or any(map(bool, followed))


def unseen_broadcasts(bundle: Bundle) -> list[Broadcast]:
    """The broadcasts that no check provokes, and of which therefore no lie can be told; errors are none."""
    seen = {broadcast.event for broadcast in seen_broadcasts(bundle)}
    errors = {part.errors for part in parts_of(bundle)}
    return [one for one in bundle.broadcasts() if one.event not in seen | errors and one.receivers != "nobody"]


def requests(bundle: Bundle) -> list[Request]:
    """The requests of clients."""
    return list(bundle.requests())


def calls(bundle: Bundle) -> list[Call]:
    """The documented calls; whether a service is up is seen by everything else, and triggers are no contract."""
    return [call for call in bundle.calls.values() if call.role != "health" and call.trigger is None]


def part_with(bundle: Bundle, event: str) -> Bundle:
    """The part of a bundle that has an event."""
    return next((part for part in parts_of(bundle) if event in part.events), bundle)


def schemas_of(payload: Schema, form: Form | None) -> Sequence[Mapping[str, Any]]:
    """The schemas of the arguments of an event or reply."""
    return form.schemas if form is not None else (payload.document,)


def fields_of(payload: Schema, form: Form | None = None) -> list[Field]:
    """The fields of the arguments of an event or reply: those of objects, and arguments that are none."""
    found: list[Field] = []
    for place, schema in enumerate(schemas_of(payload, form)):
        whole = Field(at=f"/{place}", shape=followed(schema, schema), required=True)
        inner = list(_inner(whole, schema, MOST_DEPTH))
        found += inner if inner or is_object(whole.shape) else [whole]
    return found


def answer_fields(payload: Schema) -> list[Field]:
    """The fields of the answer to a call."""
    whole = Field(at="", shape=followed(payload.document, payload.document), required=True)
    return list(_inner(whole, payload.document, MOST_DEPTH))


def _inner(field: Field, root: Mapping[str, Any], depth: int) -> Iterator[Field]:
    named = field.shape.get("properties", {})
    # What may be null in place of an object has none of its fields for sure.
    sure = field.required and "null" not in kinds(field.shape)
    for name, shape in named.items() if depth and isinstance(named, Mapping) else ():
        required = sure and name in field.shape.get("required", ())
        one = Field(at=f"{field.at}/{name}", shape=followed(shape, root), required=required)
        yield one
        yield from _inner(one, root, depth - 1)


def is_object(shape: Mapping[str, Any]) -> bool:
    """Whether what keeps a schema is an object."""
    return kinds(shape) == ("object",) or ("properties" in shape and not kinds(shape))


def of_fields(name: str, fields: Iterable[Field]) -> Iterator[Spot]:
    """A spot for each field."""
    for field in fields:
        yield Spot(name=name, at=field.at, field=field.title)


def field_at(fields: Iterable[Field], spot: Spot) -> Field:
    """The field that a spot names."""
    return next(field for field in fields if field.at == spot.at)


def payloads(bundle: Bundle) -> Iterator[tuple[str, list[Field]]]:
    """What the server sends by itself, broadcasts and errors, each with the fields that it may have."""
    for broadcast in (*seen_broadcasts(bundle), *errors_of(bundle)):
        yield broadcast.event, fields_of(broadcast.payload, broadcast.form)


def errors_of(bundle: Bundle) -> list[Broadcast]:
    """The error events."""
    names = dict.fromkeys(part.errors for part in parts_of(bundle) if part.errors)
    return [broadcast for broadcast in map(bundle.broadcast, names) if broadcast is not None]


def sent_payload(bundle: Bundle, event: str) -> list[Field]:
    """The fields of one broadcast or error."""
    return next(fields for name, fields in payloads(bundle) if name == event)


def changeable(bundle: Bundle, broadcast: Broadcast) -> Iterator[Field]:
    """The fields of a broadcast that come out as they went in: by `echoes`, or by their names, which each cause has.

    The room is none of them, nor is a value that cannot be another, nor the sender and the time.
    """
    part = part_with(bundle, broadcast.event)
    given = _given(bundle, broadcast)
    own = {part.room.key, broadcast.sender, *broadcast.clocks}
    for field in fields_of(broadcast.payload, broadcast.form):
        told = {field.name, field.title} & set(broadcast.echoes) or (field.required and field.name in given)
        if told and field.name not in own and can_change(field.shape):
            yield field


def _given(bundle: Bundle, broadcast: Broadcast) -> set[str]:
    """The names of the fields that every cause of a broadcast has to carry."""
    causes = broadcast.causes
    names = [
        {field.name for field in fields_of(request.payload, request.form) if field.required and field.at.count("/") < 3}
        for event in dict.fromkeys([*causes.events, broadcast.caused_by_event or ""])
        if (request := bundle.request(event)) is not None
    ]
    names += [
        {field.name for field in answer_fields(call.body) if field.required}
        for name in dict.fromkeys([*causes.calls, broadcast.caused_by_call or ""])
        if (call := bundle.calls.get(name)) is not None and call.body is not None and call.trigger is None
    ]
    unseen = causes.is_seen or causes.is_unseen
    return set.intersection(*names) if names and not unseen else set()


def can_change(shape: Mapping[str, Any]) -> bool:
    """Whether a value of a schema can be changed in a way that this module knows."""
    return bool(shape.get("binary") or len(shape.get("enum", ())) > 1) or (
        "enum" not in shape
        and "const" not in shape
        and not {"string", "number", "integer", "boolean"}.isdisjoint(kinds(shape))
    )


def bounded(field: Field) -> bool:
    """Whether values of a field have an end that they may be at."""
    return (
        field.required and "enum" not in field.shape and bool({"minimum", "maximum", "maxLength"} & field.shape.keys())
    )


def is_refusable(bundle: Bundle, request: Request) -> bool:
    """Whether the contracts say how a bad request is answered."""
    return refusable(part_with(bundle, request.event), request)


def request_named(bundle: Bundle, event: str) -> Request:
    """The request of that name."""
    return next(request for request in bundle.requests() if request.event == event)
