"""The act about invalid requests: every invalid example that the contract gives, and who would hear of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from conformance.model.act import Act, Emit, InOrder, Step, Together
from conformance.model.ids import SPOILT
from conformance.plan.payloads import filled, is_number, timed, valid_payload, wrong_id
from conformance.plan.questions import asking, question
from conformance.plan.stimulus import Setting, Stimulus, act, asks_for_an_ack, connect, cue, enter, signal
from contracts.binary import is_binary
from contracts.model import Bundle
from contracts.model import Request as ClientRequest
from contracts.replies import Invalid
from contracts.schema import Schema

WATCHER, OUTSIDER, CONTROL = "wes", "oda", "ctl"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lane:
    """One socket and the invalid requests that it sends."""

    actor: str
    request: ClientRequest
    room: str
    steps: tuple[Step, ...]

    @property
    def is_member(self) -> bool:
        """Whether it is in the room; a socket that asks to enter it wrongly is not."""
        return self.request.membership != "enter"


def invalid_requests(setting: Setting) -> Act | None:
    """Every invalid example of each request that has an effect, in a room of that request.

    `wes` listens in each of these rooms, `oda` in another valid one, and one socket each in the rooms that a missing id
    turns into. Afterwards each request is sent with a valid payload, in one more room: it shows that there is an effect
    to be had, and, coming from the same socket, that what was sent before it has been taken.
    """
    bundle = setting.bundle
    lanes = [lane for number, request in enumerate(bundle.requests()) for lane in _lanes(setting, request, number)]
    if not lanes or not bundle.has_way_in:
        return None
    proven, apart = setting.room("invalid", "valid"), setting.room("invalid", "apart")
    # Where ids are not any text, nobody may ask for a room of such a name.
    joins = bundle.room.entry is None and bundle.by_membership("enter") is not None
    spoilt = (*SPOILT, str(setting.number)) if bundle.room.is_free and joins else ()
    strays = {f"nil{place}": room for place, room in enumerate(spoilt)}
    listeners = [*strays, *(lane.actor for lane in lanes if lane.request.membership)]
    fences = [fence for actor in listeners if (fence := _asked(setting, proven, actor))]
    rooms = list(dict.fromkeys(lane.room for lane in lanes))
    controls = list(_controls(setting, lanes, proven))
    told = [one for one in (*_after(setting, lanes), signal(setting, apart, OUTSIDER, "i9")) if one]
    # Whoever asked for an id that is a number may have got the room of its text.
    counted = next((actor for actor, room in strays.items() if room == str(setting.number)), None)
    numbered = signal(setting, strays[counted], counted, "i7") if counted else None
    return act(
        "invalid-requests",
        (proven, apart, *rooms, *strays.values()),
        connect(WATCHER, OUTSIDER, CONTROL, *strays, *(lane.actor for lane in lanes)),
        Together(steps=tuple(_stray(bundle, actor, room) for actor, room in strays.items())),
        Together(
            steps=(
                *(enter(setting, room, WATCHER) for room in (proven, apart, *rooms)),
                enter(setting, proven, *dict.fromkeys(one.sender for one in controls if one.sender)),
                enter(setting, apart, OUTSIDER, *(() if fences else listeners)),
                *(enter(setting, lane.room, lane.actor) for lane in lanes if lane.is_member),
            )
        ),
        Together(steps=tuple(InOrder(steps=lane.steps) for lane in lanes)),
        Together(steps=tuple(one.step for one in (*controls, *told, numbered) if one)),
        Together(steps=tuple(one.heard_by(WATCHER) for one in (*controls, *told))),
        numbered.heard_by(counted) if numbered and counted else None,
        Together(steps=tuple(fences)),
    )


def _asked(setting: Setting, room: str, actor: str) -> Emit | None:
    """A question on an actor's socket, whose answer comes after everything that it was to hear."""
    asked = question(setting.bundle)
    return asking(setting.bundle, asked, room, actor) if asked else None


def _lanes(setting: Setting, request: ClientRequest, number: int) -> Iterator[_Lane]:
    """The sockets of one request: one for each example where a service may drop what comes fast, or a join shows."""
    broadcast = setting.bundle.broadcast(request.broadcast or "")
    if not request.membership and not (broadcast and broadcast.to_room):
        return
    room = setting.room("invalid", str(number))
    emits = [
        _emit(setting, request, invalid, f"bad{number}.{place}", room)
        for place, invalid in enumerate(request.examples.invalid)
    ]
    if request.most_per_s or request.membership == "enter":
        for emit in emits:
            yield _Lane(actor=emit.actor, request=request, room=room, steps=(emit,))
    elif emits:
        actor = f"bad{number}"
        steps = tuple(replace(one, actor=actor) for one in emits)
        yield _Lane(actor=actor, request=request, room=room, steps=steps)


def _emit(setting: Setting, request: ClientRequest, invalid: Invalid, name: str, room: str) -> Emit:
    payload = invalid.payload
    if not wrong_id(setting.bundle, payload):
        payload = moved_ids(setting.bundle, request, payload, room, setting.number)
    if request.form is None or not request.form.misnames(payload):
        payload = marked(setting, request, payload, name)
    broadcast = setting.bundle.broadcast(request.broadcast or "")
    payload = timed(payload, broadcast) if broadcast and isinstance(payload, dict) else payload
    errors = setting.bundle.errors
    return Emit(
        actor=name,
        event=request.event,
        args=(payload,),
        ack=bool(request.reply and request.reply.ack and request.reply.refused),
        answered=(errors,) if errors and invalid.answer == "error" else (),
    )


def moved_ids(bundle: Bundle, request: ClientRequest, payload: Any, room: str, number: int) -> Any:
    """An invalid payload in which nothing can be taken for the id of a real subject.

    Every id of the contract's examples, under whichever name, and every text and number that stands for an id.
    """
    key = bundle.room.key
    known = {one.get(key) for one in request.examples.valid if isinstance(one, dict)}

    def moved(value: Any, *, is_id: bool) -> Any:
        match value:
            case dict() if is_binary(value):
                return value
            case dict():
                return {name: moved(inner, is_id=is_id or name == key) for name, inner in value.items()}
            case list():
                return [moved(inner, is_id=is_id) for inner in value]
            case str():
                return room if value and (is_id or value in known) else value
            case _:
                return number if is_id and is_number(value) else value

    return moved(payload, is_id=not isinstance(payload, dict))


def marked(setting: Setting, request: ClientRequest, payload: Any, name: str) -> Any:
    """The payload with its free fields unlike any other's, of this run or another, and as invalid as before."""
    if not isinstance(payload, dict):
        return payload
    bundle, shapes = setting.bundle, request.payload.properties()
    sound = [
        field
        for field, value in payload.items()
        if isinstance(shapes.get(field), dict) and not isinstance(value, dict) and Schema(shapes[field]).is_valid(value)
    ]
    chance = setting.chance(setting.nonce, request.event, name)
    made = filled(bundle, request.payload, payload, sound, f"{setting.nonce} {name}", chance)
    return payload if request.payload.is_valid(made) else made


def _controls(setting: Setting, lanes: list[_Lane], room: str) -> Iterator[Stimulus]:
    """Each request with a valid payload, by the socket that sent the invalid ones, or one that sent nothing else."""
    bundle = setting.bundle
    for request in dict.fromkeys(lane.request.event for lane in lanes if not lane.request.membership):
        own = [lane for lane in lanes if lane.request.event == request]
        broadcast = bundle.broadcast(own[0].request.broadcast or "")
        sender = own[0].actor if len(own) == 1 else CONTROL
        one = cue(setting, broadcast, room, sender, f"i-{sender}", by="event") if broadcast else None
        if one and isinstance(one.step, Emit) and one.step.event == request:
            yield one


def _after(setting: Setting, lanes: list[_Lane]) -> Iterator[Stimulus | None]:
    """What is sent to the rooms that sockets asked wrongly to enter or to leave: who hears it, is a member."""
    rooms = dict.fromkeys(lane.room for lane in lanes if lane.request.membership)
    for room in rooms:
        yield signal(setting, room, WATCHER, "i8")


def _stray(bundle: Bundle, actor: str, room: str) -> Emit:
    """Ask for a room that no subject has, and make sure of nothing: a service may refuse it."""
    request = bundle.by_membership("enter")
    if request is None:
        raise ValueError("the contracts have no way into a room")
    payload = {**valid_payload(bundle, request, room), bundle.room.key: room}
    asked = asks_for_an_ack(request)
    return Emit(actor=actor, event=request.event, args=(payload,), ack=asked, waits=False)
