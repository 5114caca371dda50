"""The building blocks of acts: fresh rooms, valid payloads, and cues that provoke a broadcast."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from conformance.model.act import (
    Act,
    Await,
    Connect,
    Emit,
    Enter,
    Exit,
    FromAnswer,
    FromEvent,
    InOrder,
    Now,
    Request,
    SocketOf,
    Step,
    Together,
    UserOf,
)
from conformance.model.payload import echoes_of, flat
from conformance.plan.payloads import filled, moved, timed, valid_payload
from conformance.plan.setting import Setting as Setting
from conformance.support.template import written
from conformance.target.triggers import exemplary, used
from contracts.model import Broadcast, Bundle, Call, Membership
from contracts.model import Request as ClientRequest

Planner: TypeAlias = Callable[[Setting], Act | None]
Cause: TypeAlias = Literal["event", "call"]
TOLD_LATER = (FromAnswer, FromEvent, Now, SocketOf, UserOf)
"""What is filled in only as a step is taken."""
NO_FIELDS: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stimulus:
    """A step that provokes a broadcast, and what the broadcast must then carry."""

    event: str
    room: str
    step: Emit | Request
    match: Mapping[str, Any] = field(default_factory=dict)
    to_sender: bool = True
    sender: str | None = None

    def owed_to(self, actor: str) -> bool:
        """Whether an actor in the room is to hear it: the sender only where that is documented."""
        return self.to_sender or actor != self.sender

    def is_like(self, other: Stimulus) -> bool:
        """Whether it calls for a broadcast that cannot be told from the other's."""
        return (self.event, self.room, self.match) == (other.event, other.room, other.match)

    def heard_by(self, *actors: str, count: int = 1) -> Await:
        """Wait until these actors have it; the sender only where it is documented to hear itself."""
        owed = tuple(filter(self.owed_to, actors))
        return Await(actors=owed, event=self.event, room=self.room, match=self.match, count=count)


def cue(
    setting: Setting,
    broadcast: Broadcast,
    room: str,
    sender: str,
    mark: str,
    fixed: Mapping[str, Any] = NO_FIELDS,
    by: Cause | None = None,
    example: int = 0,
) -> Stimulus | None:
    """How to provoke a broadcast in a room; None where it has no such cause, or comes with a change of membership.

    Args:
        sender: the actor that emits, where a client's event is the cause.
        mark: makes the echoed values of this cue unlike those of any other.
        fixed: echoed values that are not to be chosen.
        by: which of its causes; the usual one otherwise.
        example: which of the contract's examples it is like: they tell apart what no mark does.
    """
    bundle = setting.bundle
    # What everyone receives has to be known from that of other acts, and what names no room from that of other rooms.
    request = bundle.request(broadcast.caused_by_event or "")
    by = by or usual_cause(bundle, broadcast)
    made = _made_together(bundle, broadcast, by)
    echoes = tuple(dict.fromkeys(name for one in made for name in one.echoes))
    nameless = any(one.to_everyone or (one.to_room and not bundle.names_room(one)) for one in made)
    mark = f"{room} {mark}" if nameless else mark
    chance = setting.chance(broadcast.event, mark)
    call: Call | None = None
    if request is not None and by == "event":
        if request.membership or not request.examples.valid or _lacks(bundle, broadcast, request, fixed):
            return None
        like = request.examples.valid[example % len(request.examples.valid)]
        payload = filled(bundle, request.payload, like, echoes, mark, chance)
        payload = timed(moved({**payload, **fixed}, bundle, request, room), broadcast)
        # The act goes on at once: whether the ack comes is judged from what was seen by its deadline.
        step: Emit | Request = Emit(
            actor=sender, event=request.event, args=(payload,), ack=asks_for_an_ack(request), waits=False
        )
    elif broadcast.caused_by_call and by == "call":
        call = bundle.calls[broadcast.caused_by_call]
        if call.trigger is not None:
            step = _triggered(setting, broadcast, call, room, mark, fixed)
        else:
            like = call.examples.valid[example % len(call.examples.valid)] if call.body is not None else {}
            step = _request(setting, call, room, mark, _body(bundle, call, like, echoes, mark, chance), fixed)
        payload = {**step.params, **flat(step.body)}
    else:
        return None
    # What is filled in only as the step is taken cannot be waited for by its value.
    given = {name: value for name, value in flat(payload).items() if not isinstance(value, TOLD_LATER)}
    given |= {bundle.room.key: room} if bundle.room.has_numbers and bundle.room.key in given else {}
    return Stimulus(
        event=broadcast.event,
        room=room,
        step=step,
        match=echoes_of(broadcast, given, triggered=call is not None and call.trigger is not None),
        to_sender=broadcast.to_sender or broadcast.receivers == "requester",
        sender=sender if isinstance(step, Emit) else None,
    )


def asks_for_an_ack(request: ClientRequest) -> bool:
    """Whether a client has to pass a callback with a request: it is answered by an ack, and by nothing else.

    A handler may rely on it: one that calls what it was not given ends its whole process.
    """
    return request.reply is not None and request.reply.ack and not request.reply.event


def _body(
    bundle: Bundle, call: Call, like: Mapping[str, Any], echoes: Iterable[str], mark: str, chance: random.Random
) -> dict[str, Any]:
    """The body of a call with its own values; empty where it has none."""
    return filled(bundle, call.body, like, echoes, mark, chance) if call.body is not None else {}


def _request(
    setting: Setting, call: Call, room: str, mark: str, values: Mapping[str, Any], fixed: Mapping[str, Any]
) -> Request:
    """A documented call about a room."""
    bundle = setting.bundle
    body = {**values, **fixed} if call.body is not None else {}
    if call.body is not None and bundle.room.has_numbers and bundle.room.key in call.body.properties():
        body[bundle.room.key] = bundle.room.value(room)
    params = path_params(call, bundle, room, mark) | {k: v for k, v in fixed.items() if k in call.params()}
    return Request(call=call.name, params=params, body=body or None)


def _made_together(bundle: Bundle, broadcast: Broadcast, by: Cause) -> list[Broadcast]:
    """A broadcast and all that its cause causes besides, and what follows these."""
    cause: ClientRequest | Call | None = bundle.request(broadcast.caused_by_event or "")
    cause = cause if by == "event" else bundle.calls.get(broadcast.caused_by_call or "")
    made = {broadcast.event: broadcast}
    ahead = list(cause.broadcasts) if cause else []
    while ahead:
        one = bundle.broadcast(ahead.pop())
        if one is not None and one.event not in made:
            made[one.event] = one
            ahead += [other.event for other in bundle.broadcasts() if one.event in other.causes.follows]
    return list(made.values())


def variants(bundle: Bundle, broadcast: Broadcast) -> list[tuple[Broadcast, Cause, int]]:
    """A broadcast with each of its causes that can be given, and its number: 0 for the usual event and call.

    A trigger of the target stands in the place of all documented calls.
    """
    calls = broadcast.causes.calls if broadcast.caused_by_call in broadcast.causes.calls else ()
    given: list[tuple[Cause, list[str | None]]] = [
        ("event", list(dict.fromkeys([broadcast.caused_by_event, *broadcast.causes.events]))),
        ("call", list(dict.fromkeys([broadcast.caused_by_call, *calls]))),
    ]
    return [
        (replace(broadcast, caused_by_event=name) if by == "event" else replace(broadcast, caused_by_call=name), by, n)
        for by, names in given
        for n, name in enumerate(names)
        if name and (name in bundle.calls if by == "call" else bundle.request(name))
    ]


def usual_cause(bundle: Bundle, broadcast: Broadcast) -> Cause:
    """Of two causes the documented call, or else what a client emits."""
    call = bundle.calls.get(broadcast.caused_by_call or "")
    by_call = call is not None and (call.trigger is None or broadcast.caused_by_event is None)
    return "call" if by_call else "event"


def usual_request(bundle: Bundle, broadcast: Broadcast) -> ClientRequest | None:
    """The client's event that usually causes it; None where a call does."""
    return bundle.request(broadcast.caused_by_event or "") if usual_cause(bundle, broadcast) == "event" else None


def _triggered(
    setting: Setting, broadcast: Broadcast, call: Call, room: str, mark: str, fixed: Mapping[str, Any]
) -> Request:
    """A trigger's call, with the fields of a valid payload in its template."""
    bundle, trigger = setting.bundle, call.trigger
    like = exemplary(broadcast)
    fields = filled(bundle, broadcast.payload, like, broadcast.echoes, mark, setting.chance(broadcast.event, mark))
    fresh = setting.chance(setting.nonce, room, broadcast.event, mark)
    fields |= {
        "now_ms": Now(unit="unix-ms"),
        "now_iso": Now(unit="date-time"),
        "uuid": f"{fresh.getrandbits(128):032x}",
    }
    fields |= {**fixed, bundle.room.key: bundle.room.value(room)}
    if trigger is None:
        return Request(call=call.name)
    for name, choices in trigger.values.items():
        if name not in fixed:
            fields[name] = setting.chance(broadcast.event, mark, name).choice(choices)
    asked = used(trigger)
    return Request(
        call=call.name,
        params={name: value for name, value in fields.items() if name in asked},
        body=written(trigger.body, fields),
    )


def path_params(call: Call, bundle: Bundle, room: str, mark: str) -> dict[str, Any]:
    """Values for a path's parameters: the room, and marked identifiers."""
    return {name: room if name == bundle.room.key else f"{name}-{mark}" for name in call.params()}


def caused_broadcasts(bundle: Bundle) -> list[Broadcast]:
    """The broadcasts to others than the requester whose cause is documented."""
    return [broadcast for broadcast in owed_broadcasts(bundle) if broadcast.is_shared]


def owed_broadcasts(bundle: Bundle) -> list[Broadcast]:
    """The broadcasts whose cause is documented and seen: those that are owed to the requester alone, too."""
    return [
        b
        for b in bundle.broadcasts()
        if b.receivers != "nobody"
        and b.event != bundle.errors
        and (b.caused_by_event or b.caused_by_call or b.causes.is_seen)
    ]


def room_broadcasts(bundle: Bundle) -> list[Broadcast]:
    """The broadcasts to rooms whose cause is documented."""
    return [b for b in bundle.broadcasts() if b.to_room and (b.caused_by_event or b.caused_by_call)]


def by_membership(bundle: Bundle, broadcast: Broadcast) -> bool:
    """Whether it is caused by a request that makes the sender a member, or ends that."""
    request = bundle.request(broadcast.caused_by_event or "")
    return bool(request and request.membership) and not broadcast.caused_by_call


def comes_after(bundle: Bundle, broadcast: Broadcast) -> bool:
    """Whether its cause needs another call before it, a value that the service has given, or somebody whom it names."""
    request = usual_request(bundle, broadcast)
    needs_call = broadcast.caused_by_call and bundle.calls[broadcast.caused_by_call].after
    if request is None:
        return bool(needs_call)
    return bool(needs_call or request.given or (broadcast.to_room and bundle.addresses(request)))


def _lacks(bundle: Bundle, broadcast: Broadcast, request: ClientRequest, fixed: Mapping[str, Any]) -> bool:
    """Whether a request needs values that are not to be chosen, and are not there."""
    needed = broadcast.to_room and not fixed and bundle.addresses(request)
    return bool(needed) or any(one.field not in fixed for one in request.given)


def cues(
    setting: Setting, room: str, sender: str, mark: str, *, later: bool | None = None, example: int = 0
) -> list[Stimulus]:
    """A cue for every room broadcast and cause; `later` picks those that come after another's, or those that do not."""
    made = [
        cue(setting, caused, room, sender, f"{mark}-{number}" if number else mark, by=by, example=example)
        for broadcast in room_broadcasts(setting.bundle)
        if later is None or comes_after(setting.bundle, broadcast) is later
        for caused, by, number in variants(setting.bundle, broadcast)
    ]
    return [one for one in made if one]


def signal(setting: Setting, room: str, sender: str, mark: str) -> Stimulus | None:
    """One cue that everyone in the room hears, the sender too, and that may be repeated at will.

    An HTTP-caused one is preferred: it needs no socket of its own and is not dropped for its rate. Where nothing goes
    to a room alone, it is one that everyone who is connected hears.
    """
    bundle = setting.bundle
    fit = [
        broadcast
        for broadcast in caused_broadcasts(bundle)
        if (broadcast.receivers == "room" or (broadcast.receivers == "everyone" and _is_markable(broadcast)))
        and (broadcast.caused_by_event or broadcast.caused_by_call)
        and not broadcast.volatile
        and not comes_after(bundle, broadcast)
        and not _limited(bundle, broadcast)
        and not by_membership(bundle, broadcast)
    ]
    fit.sort(key=lambda one: (one.to_everyone, one.caused_by_call is None, one.event))
    creates = [b for b in fit if b.caused_by_call and bundle.calls[b.caused_by_call].role == "create"]
    if not fit:
        return None
    chosen = fit[0] if fit[0].to_everyone else (creates or fit)[0]
    return cue(setting, chosen, room, sender, mark)


def _is_markable(broadcast: Broadcast) -> bool:
    """Whether a text in it comes out as it went in, by which it is known from that of other acts."""
    shapes = broadcast.payload.properties()
    return any(
        isinstance(shapes.get(name), dict)
        and shapes[name].get("type") == "string"
        and not {"enum", "const", "format", "pattern"} & shapes[name].keys()
        for name in broadcast.echoes
    )


def _limited(bundle: Bundle, broadcast: Broadcast) -> bool:
    request = bundle.request(broadcast.caused_by_event or "")
    return bool(request and request.most_per_s) and not broadcast.caused_by_call


def connect(*actors: str) -> Together:
    """Open a socket for each actor, at the same time."""
    return Together(steps=tuple(Connect(actor=actor) for actor in actors))


def enter(setting: Setting, room: str, *actors: str, event: str | None = None) -> Together:
    """Bring actors into a room by the documented way in, or by the request `event`."""
    if setting.bundle.room.entry is not None and event is None:
        return Together(steps=tuple(Enter(actor=actor, room=room, event="", payload=None) for actor in actors))
    request = setting.bundle.request(event) if event else setting.bundle.by_membership("enter")
    call = setting.bundle.call_in()
    if request is None and call is not None:
        return Together(steps=tuple(_by_call(setting, call, room, actor) for actor in actors))
    if request is None:
        return Together(steps=())
    payload = valid_payload(setting.bundle, request, room)
    return Together(
        steps=tuple(Enter(actor=actor, room=room, event=request.event, payload=payload) for actor in actors)
    )


def _by_call(setting: Setting, call: Call, room: str, actor: str) -> InOrder:
    """Enter a room by the call that enters the sockets of a user."""
    key = setting.bundle.room.key
    params: dict[str, Any] = {name: room if name == key else UserOf(actor=actor) for name in call.params()}
    body = call.examples.valid[0] if call.body is not None and call.examples.valid else None
    entered = Enter(actor=actor, room=room, event="", payload=None, call=call.name)
    return InOrder(steps=(Request(call=call.name, params=params, body=body), entered))


def way_out(setting: Setting, membership: Membership, room: str, actor: str, watcher: str) -> Exit | None:
    """Take an actor out of a room by the documented request, if there is one."""
    request = setting.bundle.by_membership(membership)
    if request is None:
        return None
    return Exit(actor=actor, room=room, step=going(setting.bundle, request, room, actor), watcher=watcher)


def going(bundle: Bundle, request: ClientRequest, room: str, actor: str) -> Emit:
    """A request by which a member goes, with its answer where it has one: from then on it is gone."""
    reply = request.reply
    named = (reply.event,) if reply is not None and reply.event else ()
    payload = valid_payload(bundle, request, room)
    return Emit(actor=actor, event=request.event, args=(payload,), ack=bool(reply and reply.ack), answered=named)


def at_once(made: Iterable[Stimulus]) -> Together:
    """Give all these cues at the same time."""
    return Together(steps=tuple(one.step for one in made))


def heard(made: Iterable[Stimulus], *actors: str, before: Iterable[Stimulus] = ()) -> Together:
    """Wait until the actors have heard all these cues, and like ones that were given before."""
    last = list(made)
    given = [*before, *last]
    return Together(
        steps=tuple(
            one.heard_by(actor, count=sum(other.is_like(one) and other.owed_to(actor) for other in given))
            for one in last
            for actor in actors
            if one.owed_to(actor)
        )
    )


def act(name: str, rooms: Iterable[str], *steps: Step | None) -> Act:
    """An act of the steps that are there."""
    return Act(name=name, rooms=tuple(rooms), steps=tuple(step for step in steps if step is not None))
