"""Acts about requests: answers, bad requests, junk, and requests whose name the service may know otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from conformance.model.act import Act, Emit, Filler, InOrder, Request, Step, Together
from conformance.model.payload import same
from conformance.plan.payloads import invalid_payload, valid_payload
from conformance.plan.questions import asking, question
from conformance.plan.stimulus import (
    Setting,
    Stimulus,
    act,
    comes_after,
    connect,
    cue,
    enter,
    path_params,
    room_broadcasts,
    signal,
    way_out,
)
from contracts.model import Broadcast, Bundle, Call
from contracts.model import Request as ClientRequest

PROBE = "probe-"
"""How the name of an act begins that tries other names for a request; the request's own name follows."""

DEEP_LEVELS = 400
"""Nesting of the deep junk: under the 1,000 levels at which common JSON readers give up."""

BIG = Filler(least=10_000, most=950_000)
"""Under Engine.IO's default limit of 1,000,000 bytes, above which a server must hang up, with room for the
other packets of the same polling request. A shorter text than the least is none that a service need be afraid of."""


def answers(setting: Setting) -> Act | None:
    """Requests that are answered: `ann` asks for acks, `dan` for events alone, `bob` listens; then one member fewer.

    A request by which a member goes is made by a member of its own, last of all.
    """
    bundle = setting.bundle
    answered = [request for request in bundle.free_requests() if request.reply]
    if not answered:
        return None
    room = setting.room("answers", "1")
    asked = [request for request in answered if request.membership in (None, "enter")]
    going = {f"go{n}": request for n, request in enumerate(answered) if request not in asked}

    def ask(actor: str, mark: str) -> Together:
        return Together(steps=tuple(_marked(setting, asking(bundle, r, room, actor), r, room, mark) for r in asked))

    silent = [
        replace(one, ack=False, answered=()) for one in ask("dan", "q2").steps if isinstance(one, Emit) and one.answered
    ]
    fence = signal(setting, room, "bob", "q1")
    return act(
        "answers",
        (room,),
        connect("ann", "bob", "cyd", "dan", *going),
        enter(setting, room, "ann", "bob", "cyd", "dan", *going),
        ask("ann", "q3"),
        *silent,
        fence.step if fence else None,
        fence.heard_by("ann", "bob", "cyd", "dan") if fence else None,
        way_out(setting, "leave", room, "cyd", "bob"),
        ask("ann", "q4"),
        *(asking(bundle, request, room, actor) for actor, request in going.items()),
    )


def _marked(setting: Setting, step: Emit, request: ClientRequest, room: str, mark: str) -> Emit:
    """A request with values of its own where it causes a broadcast, so that this is known from others."""
    broadcast = setting.bundle.broadcast(request.broadcast or "")
    one = cue(setting, broadcast, room, step.actor, mark, by="event") if broadcast else None
    if one is None or not isinstance(one.step, Emit) or one.step.event != step.event:
        return step
    return replace(step, args=one.step.args)


def bad_requests(setting: Setting) -> Act | None:
    """Every bad request whose answer is documented, a socket for each event, `wes` listening in the room."""
    bundle = setting.bundle
    room = setting.room("bad", "1")
    groups: list[Step] = []
    actors: list[str] = []
    alive: list[Stimulus] = []
    for request in bundle.requests():
        bad = [invalid for invalid in request.examples.invalid if invalid.answer == "error"]
        if not bad or not refusable(bundle, request):
            continue
        # What a service may drop for its rate is sent by a socket of its own each.
        for share in [[invalid] for invalid in bad] if request.most_per_s else [bad]:
            actor = f"bad{len(actors)}"
            actors.append(actor)
            payloads = [invalid_payload(bundle, invalid, room, setting.number) for invalid in share]
            groups.append(InOrder(steps=tuple(_refused(bundle, request, actor, payload) for payload in payloads)))
            one = alive_cue(setting, room, actor)
            if one:
                alive.append(one)
    if not groups:
        return None
    return act(
        "bad-requests",
        (room,),
        connect("wes", *actors),
        enter(setting, room, "wes", *actors),
        Together(steps=tuple(groups)),
        *_still_alive(setting, room, actors, alive),
    )


def refusable(bundle: Bundle, request: ClientRequest) -> bool:
    """Whether the contract says how a bad request is answered: by the error event, or by the request's own reply."""
    return bundle.errors is not None or (request.reply is not None and request.reply.refused is not None)


def _refused(bundle: Bundle, request: ClientRequest, actor: str, payload: Any) -> Emit:
    """A bad request, with an ack where that can say that it was refused."""
    reply = request.reply if request.reply is not None and request.reply.refused is not None else None
    names = (bundle.errors, reply.event if reply else None)
    answered = tuple(name for name in names if name is not None)
    return Emit(actor=actor, event=request.event, args=(payload,), ack=bool(reply and reply.ack), answered=answered)


def alive_cue(setting: Setting, room: str, actor: str) -> Stimulus | None:
    """A cue that an actor gives over its own socket: it shows that the connection still works both ways."""
    unfit = {r.broadcast for r in setting.bundle.requests() if r.most_per_s or r.membership or r.given}
    found = [b for b in room_broadcasts(setting.bundle) if _shows_life(setting.bundle, b) and b.event not in unfit]
    found.sort(key=lambda broadcast: broadcast.receivers != "room")
    return cue(setting, found[0], room, actor, f"alive-{actor}") if found else None


def _shows_life(bundle: Bundle, broadcast: Broadcast) -> bool:
    return bool(broadcast.caused_by_event) and not broadcast.volatile and not comes_after(bundle, broadcast)


def _still_alive(setting: Setting, room: str, actors: list[str], alive: list[Stimulus]) -> list[Step]:
    """Each actor asks something, gives a cue, and hears the room: proof of life, and the fence."""
    asked = [one for one in (question(setting.bundle),) if one]
    fence = signal(setting, room, "wes", "alive")
    steps: list[Step] = [
        Together(steps=tuple(asking(setting.bundle, request, room, actor) for request in asked for actor in actors)),
        Together(steps=tuple(one.step for one in alive)),
        Together(steps=tuple(one.heard_by("wes") for one in alive)),
    ]
    if fence:
        steps += [fence.step, fence.heard_by("wes", *actors)]
    return steps


def junk_values() -> dict[str, Any]:
    """What no request is documented to look like."""
    deep: Any = []
    for _ in range(DEEP_LEVELS):
        deep = [deep]
    return {"null": None, "number": 42, "array": ["junk", None, {}], "deep": deep, "big": BIG}


def is_junk(value: Any, sent: Any) -> bool:
    """Whether what was sent is that junk value."""
    return value.is_text(sent) if isinstance(value, Filler) else same(sent, value)


def junk(setting: Setting) -> Act | None:
    """Junk under every documented name, a socket for each kind of junk, `wes` listening in the room."""
    bundle = setting.bundle
    requests = list(bundle.requests())
    if not requests:
        return None
    room = setting.room("junk", "1")
    groups: list[Step] = []
    alive: list[Stimulus] = []
    for label, value in junk_values().items():
        # A megabyte under one name shows what a megabyte does; under ten it only fills the wire.
        names = [request.event for request in (requests[:1] if label == "big" else requests)]
        groups.append(InOrder(steps=tuple(Emit(actor=label, event=name, args=(value,)) for name in names)))
        one = alive_cue(setting, room, label)
        if one:
            alive.append(one)
    actors = list(junk_values())
    return act(
        "junk",
        (room,),
        connect("wes", *actors),
        enter(setting, room, "wes", *actors),
        Together(steps=tuple(groups)),
        *_still_alive(setting, room, actors, alive),
    )


def bad_calls(setting: Setting) -> Act | None:
    """HTTP calls with bodies that are too long, lack a field, are no JSON; and ids that are not known."""
    bundle = setting.bundle
    room = setting.room("calls", "1")
    steps: list[Step] = []
    for call in bundle.calls.values():
        params = path_params(call, bundle, room, "no-such-thing")
        for invalid in call.examples.invalid:
            if isinstance(invalid.answer, int):
                steps.append(Request(call=call.name, params=params, body=invalid.payload))
        if call.body is not None and any(isinstance(i.answer, int) for i in call.examples.invalid):
            steps.append(Request(call=call.name, params=params, raw='{"cut": '))
            steps += [Request(call=call.name, params=params, body=body) for body in too_long(call)]
        if call.missing is not None:
            steps.append(Request(call=call.name, params=params))
    listing = bundle.by_role("list")
    fence = signal(setting, room, "wes", "b1")
    if not steps or fence is None:
        return None
    return act(
        "bad-calls",
        (room,),
        connect("wes"),
        enter(setting, room, "wes"),
        Together(steps=tuple(steps)),
        fence.step,
        fence.heard_by("wes"),
        Request(call=listing.name, params={bundle.room.key: room}) if listing else None,
    )


def too_long(call: Call) -> list[dict[str, Any]]:
    """Bodies with one text a single character over its documented length."""
    if call.body is None or not call.examples.valid:
        return []
    shapes = call.body.properties()
    return [
        {**call.examples.valid[0], name: "m" * (shapes[name]["maxLength"] + 1)}
        for name in call.texts
        if "maxLength" in shapes.get(name, {})
    ]


def probe(setting: Setting, event: str, names: tuple[str, ...]) -> Act | None:
    """Try other names for a request that was ignored, each by a socket of its own in a room of its own."""
    request = setting.bundle.request(event)
    if request is None:
        return None
    name = PROBE + event
    tries = [(f"try{number}", setting.room(name, str(number)), other) for number, other in enumerate(names)]
    steps: list[Step] = []
    for actor, room, other in tries:
        emit = Emit(actor=actor, event=other, like=event, args=(valid_payload(setting.bundle, request, room),))
        named = (request.reply.event,) if request.reply and request.reply.event else ()
        if request.reply:
            steps.append(Emit(actor=actor, event=other, like=event, args=emit.args, ack=True, answered=named))
        elif request.membership == "enter":
            one = signal(setting, room, actor, "probe")
            steps.append(InOrder(steps=(emit, one.step, one.heard_by(actor))) if one else emit)
        else:
            broadcast = setting.bundle.broadcast(request.broadcast or "")
            due = cue(setting, broadcast, room, actor, "probe") if broadcast else None
            payload = due.step.args if due and isinstance(due.step, Emit) else emit.args
            wait = (due.heard_by(f"{actor}w"),) if due else ()
            steps.append(InOrder(steps=(Emit(actor=actor, event=other, like=event, args=payload), *wait)))
    listeners = tuple(enter(setting, room, actor, f"{actor}w") for actor, room, _ in tries)
    joins = request.membership == "enter" or request.reply is not None
    actors = [actor for actor, _, _ in tries] + ([] if joins else [f"{actor}w" for actor, _, _ in tries])
    return act(
        name,
        [room for _, room, _ in tries],
        connect(*actors),
        None if joins else Together(steps=listeners),
        Together(steps=tuple(steps)),
    )
