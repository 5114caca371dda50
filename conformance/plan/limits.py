"""Acts about limits: as many events as the contract allows, then more; the largest payload, then a larger one.

What goes above a limit may be ignored, refused, or end the connection: only rules about limits judge these acts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from conformance.model.act import Act, Burst, Emit, Step, Together
from conformance.model.wire import emitted
from conformance.plan.questions import asking
from conformance.plan.stimulus import NO_FIELDS, Setting, Stimulus, act, caused_broadcasts, connect, cue, enter
from contracts.limits import Limit, json_bytes
from contracts.model import Bundle
from contracts.model import Request as ClientRequest

RATES = "rate-limits"
LARGEST = "largest-payload"
"""The names of the acts."""

WITNESS = "wes"
"""How the names of those begin who hear what is sent: each is in one room, as a service may want it."""

ABOVE = 3
"""How many times the limit is sent at once: whichever way a service counts seconds, more than the limit is in one."""

MOST_AT_ONCE = 500
"""Events of one burst: a limit that needs more to be exceeded is not tried."""

MOST_TRIED_BYTES = 8_000_000
"""A limit of size above this is not tried."""

HEADROOM_BYTES = 256
"""What a packet has beside the arguments of its event at most, such as its name and its number."""

LARGER = 1.25
"""How many times as large as allowed the payload is that is too large."""

PADDING = "padding"
"""The field that makes a payload large where the contract has no free text of any length, and allows more fields."""


def witness(actor: str) -> str:
    """Who hears what an actor sends."""
    return f"{WITNESS}-{actor}"


def headroom_bytes(most_bytes: int) -> int:
    """How much smaller than allowed the largest payload is: a packet is counted with its name and its number."""
    return min(HEADROOM_BYTES, most_bytes // 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """An event that is emitted, and what is heard of it where it is not answered."""

    emit: Emit
    stimulus: Stimulus | None

    def steps(self) -> tuple[Step, ...]:
        """Emit it, and wait for what comes of it."""
        return (self.emit, self.stimulus.heard_by(witness(self.emit.actor))) if self.stimulus else (self.emit,)


def rates(setting: Setting) -> Act | None:
    """Of each limit, one socket sends as many events at once as are allowed, and another sends more.

    Both send one event more when their seconds are over: it shows what had become of the rest.
    """
    rooms: list[str] = []
    lanes: list[Step] = []
    actors: list[str] = []
    for number, limit in enumerate(setting.bundle.limits):
        counts = _counts(setting.bundle, limit)
        if counts is None:
            continue
        for name, count in zip((f"brim{number}", f"over{number}"), counts, strict=True):
            # Each has a room of its own: what is alike in one could not be told apart.
            room = setting.room("rates", name)
            made = (_burst(setting, request, room, name, count) for request in _countable(setting.bundle, limit))
            lane = next((one for one in made if one), None)
            if lane is not None:
                rooms.append(room)
                actors.append(name)
                lanes.append(lane)
    if not lanes:
        return None
    entering = [enter(setting, room, witness(actor), actor) for room, actor in zip(rooms, actors, strict=True)]
    everybody = [*actors, *map(witness, actors)]
    return act(RATES, rooms, connect(*everybody), Together(steps=tuple(entering)), Together(steps=tuple(lanes)))


def _burst(setting: Setting, request: ClientRequest, room: str, actor: str, count: int) -> Burst | None:
    """So many events at once, and one later; None where what comes of that could not be told from the others."""
    many = [_asked(setting, request, room, actor, f"{actor}-{number}") for number in range(count)]
    last = _asked(setting, request, room, actor, f"{actor}-last", example=1)
    if last is None or (
        last.stimulus and any(one and one.stimulus and last.stimulus.is_like(one.stimulus) for one in many)
    ):
        return None
    return Burst(actor=actor, emits=tuple(replace(one.emit, above=True) for one in many if one), then=last.steps())


def _counts(bundle: Bundle, limit: Limit) -> tuple[int, int] | None:
    """How many events are as many as allowed, and how many are more; None where other limits are met before."""
    others = [one for one in bundle.limits if one is not limit and set(one.events) >= set(limit.events)]
    most = min([MOST_AT_ONCE, *(other.count for other in others if not other.events or limit.events)])
    above = min(ABOVE * limit.count + 2, most)
    return (limit.count, above) if above > limit.count else None


def _countable(bundle: Bundle, limit: Limit) -> Iterator[ClientRequest]:
    """The events that a limit counts and of which it can be seen that they were taken, best first."""
    found = [request for request in bundle.free_requests() if limit.covers(request.event) and not request.membership]
    if not limit.events:
        found = [
            request for request in found if not any(one.events and one.covers(request.event) for one in bundle.limits)
        ]
    yield from (request for request in found if request.reply and request.reply.ack and not request.broadcast)
    yield from (request for request in found if _heard(bundle, request))


def _heard(bundle: Bundle, request: ClientRequest) -> bool:
    """Whether a witness hears what a request causes."""
    return any(
        broadcast.caused_by_event == request.event
        and not broadcast.volatile
        and any(isinstance(group, str) for group in broadcast.groups)
        for broadcast in caused_broadcasts(bundle)
    )


def _asked(
    setting: Setting,
    request: ClientRequest,
    room: str,
    actor: str,
    mark: str,
    fixed: Mapping[str, Any] = NO_FIELDS,
    example: int = 0,
) -> _Asked | None:
    """An event of an actor, unlike any other where it can be marked."""
    bundle = setting.bundle
    for broadcast in caused_broadcasts(bundle) if _heard(bundle, request) else ():
        if broadcast.caused_by_event == request.event and not broadcast.volatile:
            one = cue(setting, broadcast, room, actor, mark, fixed, by="event", example=example)
            if one is not None and isinstance(one.step, Emit):
                return _Asked(emit=one.step, stimulus=one)
    if request.reply is None:
        return None
    emit = asking(bundle, request, room, actor)
    payload = {**emit.args[0], **fixed} if isinstance(emit.args[0], dict) else emit.args[0]
    return _Asked(emit=replace(emit, args=(payload,)), stimulus=None)


def largest(setting: Setting) -> Act | None:
    """A payload of nearly the largest size is sent by one socket, and a larger one by another."""
    bundle, most_bytes = setting.bundle, setting.bundle.max_payload_bytes
    found = next(_padded(bundle), None)
    if most_bytes is None or most_bytes > MOST_TRIED_BYTES or found is None:
        return None
    request, name = found
    room = setting.room("largest", "1")
    lanes: list[Step] = []
    for actor, least in (("large", False), ("larger", True)):
        plain = _asked(setting, request, room, actor, actor, {name: ""})
        if plain is None:
            return None
        own = json_bytes(emitted(request, plain.emit.args))
        count = int(most_bytes * LARGER) if least else most_bytes - headroom_bytes(most_bytes) - own
        one = _asked(setting, request, room, actor, actor, {name: "x" * count})
        last = _asked(setting, request, room, actor, f"{actor}-last")
        if one is None or last is None or count < 1:
            return None
        emit = replace(one.emit, above=least)
        lanes.append(Burst(actor=actor, emits=(emit,), then=last.steps()))
    everybody = ("large", "larger", witness("large"), witness("larger"))
    return act(
        LARGEST,
        (room,),
        connect(*everybody),
        enter(setting, room, *everybody),
        Together(steps=tuple(lanes)),
    )


def _padded(bundle: Bundle) -> Iterator[tuple[ClientRequest, str]]:
    """(request, field) of what can be made as large as one likes: by a free text, or else by a field of its own."""
    fit = [
        request
        for request in bundle.free_requests()
        if not request.membership and ((request.reply and request.reply.ack) or _heard(bundle, request))
    ]
    for request in fit:
        for name, shape in request.payload.properties().items():
            if isinstance(shape, dict) and name != bundle.room.key and _is_endless(shape):
                yield request, name
    for request in fit:
        if request.form is None and request.payload.document.get("additionalProperties", True) is True:
            yield request, PADDING


def _is_endless(shape: Mapping[str, Any]) -> bool:
    bounds = {"enum", "const", "format", "pattern", "maxLength"}
    return shape.get("type") == "string" and not bounds & shape.keys()
