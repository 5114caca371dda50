"""Payloads of acts: valid examples with values of their own, for a room of the act."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from typing import Any

from conformance.model.act import Now
from contracts.binary import binary, bytes_of, is_binary
from contracts.form import Fields
from contracts.model import Broadcast, Bundle
from contracts.model import Request as ClientRequest
from contracts.pointer import pointed
from contracts.replies import Invalid
from contracts.schema import Schema

COORDINATE_DIGITS = 7
"""Decimals of generated numbers: a centimetre of latitude, and more than a 32-bit float keeps."""


def timed(payload: Mapping[str, Any], broadcast: Broadcast) -> dict[str, Any]:
    """A payload whose objects tell the time at which it is sent, where a client gives what the broadcast carries."""

    def stamped(name: str, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        clocks = {field: Now(unit=unit) for field, unit in broadcast.clocks.items() if field in value}
        return {**value, **clocks}

    return {name: stamped(name, value) for name, value in payload.items()}


def _about(bundle: Bundle, request: ClientRequest) -> bool:
    """Whether a request is about a room, so that its payload names it though the schema does not speak of it."""
    broadcast = bundle.broadcast(request.broadcast or "")
    return request.membership is not None or (broadcast is not None and broadcast.to_room)


def moved(payload: Mapping[str, Any], bundle: Bundle, request: ClientRequest, room: str) -> dict[str, Any]:
    """A payload for another room, the objects in it too; as it is where the contract has no room in it."""
    key = bundle.room.key
    value = bundle.room.value(room)
    inner = {name: {**one, key: value} for name, one in payload.items() if isinstance(one, dict) and key in one}
    named = key in payload or key in request.payload.properties() or (request.form is None and _about(bundle, request))
    return {**payload, **inner, **({key: room} if named else {})}


def filled(
    bundle: Bundle, schema: Schema, example: Mapping[str, Any], names: Iterable[str], mark: str, chance: random.Random
) -> dict[str, Any]:
    """A valid payload like the example, with its echoed free fields made unlike any other's."""
    payload = dict(example)
    identifiers = {name for call in bundle.calls.values() for name in call.params()}
    for name in names:
        shape = schema.properties().get(name)
        if not isinstance(shape, dict) or name == bundle.room.key or name not in payload:
            continue
        kind = shape.get("type")
        bounded = {"enum", "const", "format", "pattern"} & shape.keys()
        if kind == "string" and isinstance(payload[name], str) and not bounded:
            payload[name] = f"{name}-{mark}" if name in identifiers else _marked(payload[name], mark, shape)
        elif shape.get("binary") and is_binary(payload[name]):
            payload[name] = _marked_bytes(payload[name], mark, shape)
        elif kind == "number" and not bounded:
            low = shape.get("minimum", 0)
            payload[name] = round(chance.uniform(low, shape.get("maximum", low + 100)), COORDINATE_DIGITS)
        elif kind == "integer" and not bounded:
            low = shape.get("minimum", 0)
            payload[name] = chance.randint(low, shape.get("maximum", low + 1000))
    for name, shape in schema.properties().items():
        if isinstance(shape, dict) and "properties" in shape and isinstance(payload.get(name), dict):
            payload[name] = filled(bundle, Schema(shape), payload[name], names, mark, chance)
    return payload


def _marked(text: str, mark: str, shape: Mapping[str, Any]) -> str:
    """A text with a mark, no longer than its schema lets it be."""
    most = shape.get("maxLength", len(text) + 1 + len(mark))
    return f"{text} {mark}" if len(text) + 1 + len(mark) <= most else mark[-most:] if most else text


def _marked_bytes(example: Any, mark: str, shape: Mapping[str, Any]) -> dict[str, str]:
    """Binary data with a mark at its end, no longer than its schema lets it be."""
    data = (bytes_of(example) or b"") + mark.encode()
    most = shape.get("maxBytes", len(data))
    return binary(data[-most:] if most else b"")


def invalid_payload(bundle: Bundle, invalid: Invalid, room: str, number: float | None = None) -> Any:
    """An invalid example, moved to this room where it names one rightly.

    Args:
        number: in place of an id that is one: a service can take it for a text, and it may be a real subject's.
    """
    payload, key = invalid.payload, bundle.room.key
    if wrong_id(bundle, payload):
        return payload
    if isinstance(payload, dict) and isinstance(payload.get(key), str) and payload[key]:
        return {**payload, key: room}
    if isinstance(payload, dict) and is_number(payload.get(key)) and number is not None:
        return {**payload, key: number}
    return payload


def wrong_id(bundle: Bundle, payload: Any) -> bool:
    """Whether the id in an invalid example is what is wrong with it: another in its place would make it valid."""
    if isinstance(payload, Fields):
        place = pointed(list(payload.args), f"/0/{bundle.room.key}")
        if bundle.room.has_numbers and place is not None and payload.get(bundle.room.key) is None:
            return True
    value = payload.get(bundle.room.key) if isinstance(payload, dict) else None
    return isinstance(value, str) and bool(value) and not bundle.room.takes(value)


def is_number(value: Any) -> bool:
    """Whether a JSON value is a number: true is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def valid_payload(bundle: Bundle, request: ClientRequest, room: str) -> dict[str, Any]:
    """The first valid example of a request, for this room."""
    example = request.examples.valid[0] if request.examples.valid else {}
    return moved(example if isinstance(example, dict) else {}, bundle, request, room)
