"""The forms in which a service may take what a client emits of the server's own: shapes, and values that are marked."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from conformance.model.act import Now
from conformance.model.marks import LENGTH, mark
from conformance.plan.payloads import COORDINATE_DIGITS
from conformance.plan.stimulus import Setting
from conformance.support.template import names_in, written
from contracts.binary import attachments_count, binary, bytes_of, is_binary
from contracts.model import Broadcast, Bundle, Call
from contracts.replies import ClockUnit
from contracts.schema import Schema
from contracts.trigger import Trigger

WRAPPERS = ("message", "data", "payload")
"""Fields in which services commonly wrap what they relay; those that the bundle's own bodies use are added."""

ROOM_NAMES = ("room", "roomId", "id")
"""Fields by which services commonly take a room, besides the key of the contract."""

EVENT_NAMES = ("type", "event", "name")
"""Fields by which services commonly take the name of what they relay."""


MOST_ATTACHMENTS = 10
"""Of one packet: socket.io-parser hangs up above (`maxAttachments`, since 4.2.6)."""

SHORT, LONG = 1_000, 1_000_000_000
"""How far above its minimum a whole number may be that has no maximum.

A long one is known again wherever it comes out; a service with a limit of its own takes the short one.
"""


Envelope = Callable[[Any], tuple[Any, ...]]
"""Puts a value into the arguments of an event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What a form is made of: an example, what its schema says of it, and which fields tell the time."""

    schema: Schema = field(default_factory=lambda: Schema({}))
    example: Any = field(default_factory=dict)
    clocks: tuple[tuple[str, ClockUnit], ...] = ()
    trigger: Trigger | None = None
    """The internal call whose template the values are put into, if they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """What marks the values of one form."""

    mark: str
    chance: random.Random
    turn: int
    """Which of the values of an enumeration is taken, counted from its end."""
    is_long: bool
    """Whether whole numbers without a maximum are long ones."""
    key: str
    room: str | int

    def value(self, shape: Any, example: Any) -> Any:
        """The example with every value that the schema leaves free made unlike any other's."""
        shape = shape if isinstance(shape, dict) else {}
        match example:
            case dict() if is_binary(example):
                data = self.mark.encode() + (bytes_of(example) or b"")
                return binary(data) if len(data) <= shape.get("maxBytes", len(data)) else example
            case dict():
                inner = shape.get("properties", {})
                return {
                    name: self.room if name == self.key else self.value(inner.get(name), one)
                    for name, one in example.items()
                }
            case list():
                return [self.value(shape.get("items"), one) for one in example]
        if shape.get("enum"):
            return shape["enum"][-1 - self.turn % len(shape["enum"])]
        if {"const", "format", "pattern"} & shape.keys() or isinstance(example, bool):
            return f"{self.chance.getrandbits(128):032x}" if shape.get("format") == "uuid" else example
        match example:
            case str():
                return self._text(shape, example)
            case int() | float():
                return self._number(shape, example)
        return example

    def _text(self, shape: dict[str, Any], example: str) -> str:
        most = shape.get("maxLength", float("inf"))
        if most < LENGTH:
            return example
        # A text of one word may be an id, which has no blanks.
        text = f"{self.mark} {example}" if " " in example else self.mark
        return text if len(text) <= most else self.mark

    def _number(self, shape: dict[str, Any], example: float) -> float:
        low = shape.get("minimum", 0)
        if shape.get("type") == "number":
            return round(self.chance.uniform(low, shape.get("maximum", low + 100)), COORDINATE_DIGITS)
        if shape.get("type") != "integer":
            return example
        return self.chance.randint(low, shape.get("maximum", low + (LONG if self.is_long else SHORT)))


def forms(setting: Setting, room: str, event: str, bodies: list[Body]) -> Iterator[tuple[Any, ...]]:
    """The arguments under which one name is emitted, each form once, each with a mark of its own.

    The first body as it is, without its optional fields, and in the envelopes that services use; then the other bodies
    as they are. The last is the first once more, for an ack. The first has short numbers, the last long ones.
    """
    bundle, key = setting.bundle, setting.bundle.room.key
    named = bundle.room.value(room)
    chance = setting.chance(setting.nonce, "forged", event)
    seen: set[str] = set()
    main = bodies[0]

    def made(body: Body, turn: int, *, is_long: bool) -> Any:
        ink = Ink(mark=mark(chance), chance=chance, turn=turn, is_long=is_long, key=key, room=named)
        return _written(body, ink)

    wrappers = [name for name in dict.fromkeys([*WRAPPERS, *envelopes(bundle)]) if name != key]
    around = _envelopes(event, key, named, wrappers)
    shapes: list[tuple[Body, Envelope]] = [(main, _alone), (_required(main), _alone)]
    shapes += [(main, envelope) for envelope in around]
    # What is a text cannot have the time put in when it is sent.
    shapes += [(replace(main, clocks=()), _as_text)]
    shapes += [(body, _alone) for body in bodies[1:]]
    for turn, (body, envelope) in enumerate(shapes):
        args = envelope(made(body, turn, is_long=len(seen) % 2 == 1))
        if _shape(args) not in seen:
            seen.add(_shape(args))
            yield args
    yield (made(main, len(shapes), is_long=True),)


def _alone(value: Any) -> tuple[Any, ...]:
    return (value,)


def _as_text(value: Any) -> tuple[Any, ...]:
    return (json.dumps(value, ensure_ascii=False),)


def _envelopes(event: str, key: str, room: str | int, wrappers: list[str]) -> Iterator[Envelope]:
    """The room and the value as two arguments, a list, and objects with the value in each of the usual places.

    The last has every usual name at once, and the value at one depth more: a handler takes from it what it knows. One
    that refuses what it does not know is reached by the others.
    """
    yield lambda value: (room, value)
    yield lambda value: (value, room)
    yield lambda value: ([value],)
    for name in wrappers:
        yield partial(_wrapped, {key: room}, name)
    for kind, name in (("type", "payload"), ("event", "data")):
        yield partial(_wrapped, {kind: event}, name)
    names = dict.fromkeys(EVENT_NAMES, event) | dict.fromkeys((*ROOM_NAMES, key), room)
    yield lambda value: (_in_each(value, wrappers) | names,)


def _wrapped(beside: dict[str, Any], name: str, value: Any) -> tuple[Any, ...]:
    return ({**beside, name: value},)


def _in_each(value: Any, wrappers: list[str]) -> dict[str, Any]:
    """A value in each of the usual fields, and in each of those once more where no packet gets too large by it."""
    deeper = dict.fromkeys(wrappers, _deeper(value, wrappers))
    return deeper if attachments_count(deeper) <= MOST_ATTACHMENTS else dict.fromkeys(wrappers, value)


def _deeper(value: Any, wrappers: list[str]) -> Any:
    """A value with itself in each of the usual fields that it does not have."""
    return {**dict.fromkeys(wrappers, value), **value} if isinstance(value, dict) else value


def envelopes(bundle: Bundle) -> list[str]:
    """The fields in which the bundle's HTTP bodies and triggers hold objects."""
    triggers = [*(call.trigger for call in bundle.calls.values()), *_preset_triggers(bundle)]
    found = [
        name for one in triggers if one and isinstance(one.body, dict) for name, v in one.body.items() if _is_object(v)
    ]
    for call in bundle.calls.values():
        shapes = call.body.properties() if call.body else {}
        found += [name for name, shape in shapes.items() if isinstance(shape, dict) and "properties" in shape]
    return list(dict.fromkeys(found))


def of_broadcast(bundle: Bundle, broadcast: Broadcast) -> list[Body]:
    """What a broadcast may be taken for: its documented payload first, then the bodies of the calls that cause it."""
    call = bundle.calls.get(broadcast.caused_by_call or "")
    triggers = [call.trigger if call else None, *(t for t in _preset_triggers(bundle) if t.event == broadcast.event)]
    payload = Body(
        schema=broadcast.payload,
        example=_fullest(broadcast.payload, broadcast.examples.valid),
        clocks=tuple(broadcast.clocks.items()),
    )
    return [payload, *(replace(payload, trigger=one) for one in triggers if one), *(of_call(call) if call else ())]


def of_call(call: Call) -> list[Body]:
    """The body of a call, where it has one."""
    if call.body is None or not call.examples.valid:
        return []
    return [Body(schema=call.body, example=_fullest(call.body, call.examples.valid))]


def _fullest(schema: Schema, examples: tuple[Any, ...]) -> Any:
    """The first example, with each documented field that only others have."""
    first = examples[0]
    if not isinstance(first, dict):
        return first
    others = {name: value for one in reversed(examples) if isinstance(one, dict) for name, value in one.items()}
    return {name: value for name, value in others.items() if name in schema.properties()} | first


def _required(body: Body) -> Body:
    """A body without its optional fields."""
    needed = body.schema.document.get("required", ())
    if not isinstance(body.example, dict):
        return body
    return replace(body, example={name: value for name, value in body.example.items() if name in needed})


def _preset_triggers(bundle: Bundle) -> list[Trigger]:
    return [trigger for preset in bundle.presets.values() for trigger in preset.triggers.values()]


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _written(body: Body, ink: Ink) -> Any:
    """A body in one ink, for its room."""
    value = ink.value(body.schema.document, body.example)
    if not isinstance(value, dict):
        return value
    fields = {**value, **{name: Now(unit=unit) for name, unit in body.clocks if name in value}, ink.key: ink.room}
    if body.trigger is None:
        return fields
    own = {"now_ms": Now(unit="unix-ms"), "now_iso": Now(unit="date-time"), "uuid": ink.mark}
    template = body.trigger.body if isinstance(body.trigger.body, dict) else {}
    # A field that the example does not have is a text like any other.
    lacking = dict.fromkeys(names_in(template), ink.mark)
    return {**written(template, {**lacking, **fields, **own}), ink.key: ink.room}


def _shape(value: Any) -> str:
    """The names and the nesting of what is emitted, without its values."""

    def bare(one: Any) -> Any:
        match one:
            case dict():
                return {name: bare(inner) for name, inner in one.items()}
            case list() | tuple():
                return [bare(inner) for inner in one]
        return 0

    return json.dumps(bare(value), sort_keys=True)
