"""Which schemas a payload that is shown has to keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from conformance.align import paths
from conformance.align.model import Claim, Direction, Field, Payload
from contracts.form import FormSchema
from contracts.model import Bundle, Call
from contracts.schema import Schema


def schemas(bundle: Bundle, claim: Claim) -> list[dict[str, Any]]:
    """The schemas of an event, of both directions where nothing says which is meant, and of others named beside it."""
    others = (replace(claim, subject=name, others=(), direction=None) for name in claim.others)
    return [*_own(bundle, claim), *(schema for other in others for schema in _own(bundle, other))]


def fields_in(schemas: Iterable[Mapping[str, Any]]) -> set[str]:
    """The names of the fields that any of some schemas has."""
    return {name for schema in schemas for name in schema.get("properties", ())}


def known_fields(bundle: Bundle, claim: Claim) -> set[str]:
    """The fields that the contracts have of what a claim speaks of; of a call those of its body, or of its query."""
    if claim.kind == "event":
        return fields_in(schemas(bundle, claim))
    call = paths.call_of(bundle, claim.subject)
    part = (call.body or call.query) if call is not None else None
    return fields_in([part.document] if part is not None else [])


def _own(bundle: Bundle, claim: Claim) -> list[dict[str, Any]]:
    if claim.of_reply:
        asked = bundle.events.get(claim.subject)
        reply = asked.request.reply if asked is not None and asked.request is not None else None
        return [_written(reply.payload)] if reply is not None else []
    event, found = bundle.events.get(claim.subject), of_event(bundle, claim.subject, claim.direction)
    if event and event.request and event.request.reply and claim.how == "payload" and claim.direction is None:
        found.append(_written(event.request.reply.payload))  # Below its name, its answer may be shown.
    return found


def of_event(bundle: Bundle, name: str, way: Direction | None) -> list[dict[str, Any]]:
    """The schemas of what is sent under a name in a direction; in both where none is given."""
    event, reply = bundle.events.get(name), bundle.reply_names().get(name)
    found = []
    if event and event.request and way != "to-client":
        found.append(_written(event.request.payload))
    if event and event.broadcast and way != "to-server":
        found.append(_written(event.broadcast.payload))
    if reply and reply.reply:
        found.append(_written(reply.reply.payload))
    return found


def _written(payload: Schema) -> dict[str, Any]:
    """The schema of a payload as it is written: what names a room by an integer is read as a text elsewhere."""
    if isinstance(payload, FormSchema) and payload.form.is_object:
        return payload.form.schemas[0]
    return payload.document


def payloads(bundle: Bundle, claim: Claim) -> Iterator[tuple[Payload, list[dict[str, Any]]]]:
    """Each payload of a claim, of an event or a call, with the schemas of which it has to keep one."""
    if claim.kind == "event" and claim.payload is not None:
        # Where the direction is wrong, the values may be as well.
        yield from _whole(claim.payload, schemas(bundle, claim) or schemas(bundle, replace(claim, direction=None)))
    elif claim.kind == "call":
        call = paths.call_of(bundle, claim.subject) or _by_its_body(bundle, claim)
        if call is None:
            return
        if claim.payload is not None and not (claim.how == "payload" and _is_an_answer(bundle, call, claim.payload)):
            yield from _whole(claim.payload, [call.body.document] if call.body else [])
        elif claim.payload is not None and not _is_an_error(bundle, claim.payload):
            yield from _answered(call, claim.payload)
        if claim.answer is not None and not _is_an_error(bundle, claim.answer):
            yield from _answered(call, claim.answer)
        if call.query and claim.query is not None:
            yield Payload(fields=tuple(map(_in_text, claim.query.fields)), whole=False), [call.query.document]


def _in_text(field: Field) -> Field:
    """A parameter of a query, in which every number stands as a text."""
    number = field.shape == "string" and isinstance(field.value, str) and field.value.lstrip("-").isdecimal()
    return replace(field, shape="number", value=int(field.value)) if number and field.value is not None else field


def _by_its_body(bundle: Bundle, claim: Claim) -> Call | None:
    """The call that is meant by another method, where its path and the whole of its body are those of one alone."""
    if claim.payload is None or claim.how == "payload":
        return None
    there = _names(claim.payload)
    fitting = paths.fitting(bundle, claim.subject.partition(" ")[2])
    bodies = [(call, call.body.document) for call in fitting if call.body]
    found = [call for call, body in bodies if set(body.get("required", ())) <= there <= set(body.get("properties", ()))]
    return found[0] if len(found) == 1 else None


def _whole(payload: Payload, documented: list[dict[str, Any]]) -> Iterator[tuple[Payload, list[dict[str, Any]]]]:
    """A payload, and what is inside of its fields, each with its schemas."""
    if documented:
        yield payload, documented
        yield from _nested(payload, fitting(payload, documented))


def _answered(call: Call, payload: Payload) -> Iterator[tuple[Payload, list[dict[str, Any]]]]:
    """What a call answers; an example may leave out some of it, and show more."""
    schema = _part_of(call.answer.document, payload)
    if schema.get("properties"):
        yield lenient(payload, schema), [schema]
        yield from _nested(payload, [schema])


def _part_of(answer: dict[str, Any], payload: Payload) -> dict[str, Any]:
    """The whole of an answer, or the item within it of which a payload has the fields."""
    names, properties = _names(payload), answer.get("properties", {})
    if names & set(properties):
        return answer
    items = (part.get("items", part) for part in properties.values() if isinstance(part, dict))
    return next((one for one in items if len(names & set(one.get("properties", ()))) * 2 > len(names)), answer)


def _nested(payload: Payload, documented: list[dict[str, Any]]) -> Iterator[tuple[Payload, list[dict[str, Any]]]]:
    if len(documented) != 1:
        return
    for field in payload.fields:
        schema = documented[0].get("properties", {}).get(field.name)
        inner = schema.get("items", schema) if isinstance(schema, dict) else None
        if isinstance(inner, dict) and inner.get("properties"):
            for one in field.inside:
                yield lenient(one, inner), [inner]
                yield from _nested(one, [inner])


def lenient(payload: Payload, schema: dict[str, Any]) -> Payload:
    """A payload that may have less and more: an unknown field is wrong only where it stands for a missing one."""
    there = {field.name for field in payload.fields}
    known = schema.get("properties", {})
    missing = [known.get(name, {}) for name in schema.get("required", ()) if name not in there] if payload.whole else []
    kept = (one for one in payload.fields if one.name in known or any(_may_be(one, part) for part in missing))
    return Payload(fields=tuple(kept), whole=False)


def _may_be(field: Field, schema: dict[str, Any]) -> bool:
    """Whether a field has a value of the type of another, for which it may stand."""
    types = schema.get("type", "string" if "enum" in schema else [])
    allowed = {types} if isinstance(types, str) else set(types)
    return field.shape == "unknown" or not allowed or bool(JSON_TYPES[field.shape] & allowed)


JSON_TYPES = {
    "string": {"string"}, "number": {"number", "integer"}, "boolean": {"boolean"}, "object": {"object"},
    "array": {"array"}, "null": {"null"},
}  # fmt: skip
"""The types of a schema that a value of each shape may have."""


def _is_an_answer(bundle: Bundle, call: Call, payload: Payload) -> bool:
    """Whether an object below a call is what it answers, and not its body: its names are those."""
    if _is_an_error(bundle, payload):
        return True
    body, answer = call.body.document if call.body else {}, call.answer.document
    part = _part_of(answer, payload)
    known = set(part.get("properties", ())) or {"success"}
    return bool(_names(payload) & known) and (not body or fitting(payload, [body, part]) == [part])


def _is_an_error(bundle: Bundle, payload: Payload) -> bool:
    """Whether an object tells that a call was refused."""
    known = bundle.http_error.document.get("properties", {}) if bundle.http_error else {}
    names = _names(payload)
    failed = any(field.name in ("success", "ok") and field.value is False for field in payload.fields)
    return failed or bool(names & ERRORS) or bool(names and known and names <= set(known))


def _names(payload: Payload) -> set[str]:
    return {field.name for field in payload.fields}


ERRORS = frozenset({"error", "errors", "statusCode"})
"""Fields of what tells that a call was refused."""


def fitting(payload: Payload, documented: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of some schemas that a payload fits best by the names of its fields: the others are of something else."""
    there = {field.name for field in payload.fields}

    def unlike(schema: dict[str, Any]) -> int:
        known, required = set(schema.get("properties", ())), set(schema.get("required", ()))
        return len(there - known) + (len(required - there) if payload.whole else 0)

    least = min(map(unlike, documented), default=0)
    return [schema for schema in documented if unlike(schema) == least]
