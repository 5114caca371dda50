"""The act about broadcasts to others than one room: everyone who is connected, or whom a field of the cause names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from conformance.model.act import Act, Connect, SocketOf, Step, Together, UserOf
from conformance.plan.questions import asking, question
from conformance.plan.stimulus import (
    Setting,
    Stimulus,
    act,
    caused_broadcasts,
    comes_after,
    connect,
    cue,
    enter,
    signal,
    usual_cause,
    usual_request,
    variants,
)
from contracts.model import Address, Broadcast, Bundle

SENDER, NAMED, MEMBER, OTHER = "ann", "bob", "mia", "oda"
TWIN, SENDERS = "ben", "amy"
"""A second socket of the user whom fields name, and one of the user that sends."""


def assembly(setting: Setting) -> Act | None:
    """`ann` sends, `bob` is the one whom fields name, `mia` is in the room, and `oda` is only connected.

    Where a user is named, `ben` is a second socket of the user of `bob`, and where the sender's own sockets receive it,
    `amy` of that of `ann`. A broadcast that everyone receives has to come to all of them; what is addressed, to those
    whom it is addressed to.
    """
    bundle = setting.bundle
    room = setting.room("assembly", "1")
    shared = [
        caused
        for b in caused_broadcasts(bundle)
        if not b.to_room and not comes_after(bundle, b)
        for caused, by, _ in variants(bundle, b)
        if by == usual_cause(bundle, caused)
    ]
    made = [(b, one) for number, b in enumerate(shared) if (one := _cue(setting, b, room, f"a{number}"))]
    if not made:
        return None
    everybody = _everybody(setting.bundle)
    twins = ((TWIN, NAMED), (SENDERS, SENDER))
    steps: list[Step] = [Connect(actor=twin, like=actor) for twin, actor in twins if twin in everybody]
    for broadcast, one in made:
        steps += [one.step, one.heard_by(*(actor for actor in everybody if _hears(broadcast, actor)))]
    return act(
        "assembly",
        (room,),
        connect(SENDER, NAMED, MEMBER, OTHER),
        enter(setting, room, MEMBER),
        *steps,
        *_last(setting, room, made),
    )


def _everybody(bundle: Bundle) -> tuple[str, ...]:
    groups = [group for broadcast in caused_broadcasts(bundle) for group in broadcast.groups]
    users = any(isinstance(group, Address) and group.kind == "user" for group in groups)
    twins = ((TWIN,) if users else ()) + ((SENDERS,) if "sender" in groups else ())
    return (SENDER, NAMED, MEMBER, OTHER, *twins)


def _cue(setting: Setting, broadcast: Broadcast, room: str, mark: str, named: str = NAMED) -> Stimulus | None:
    """A cue whose fields name `bob`, or another."""
    return cue(setting, broadcast, room, SENDER, mark, addressing(setting, broadcast, named))


def addressing(setting: Setting, broadcast: Broadcast, actor: str) -> Mapping[str, Any]:
    """The fields of a cause by which an actor is among those that receive a broadcast; none where no field says so."""
    fixed: dict[str, Any] = {}
    for group in broadcast.groups:
        if isinstance(group, Address):
            value = UserOf(actor=actor) if group.kind == "user" else SocketOf(actor=actor)
            fixed = _with(fixed, _example(setting, broadcast), group.at.split("/")[1:], value)
    return fixed


def _example(setting: Setting, broadcast: Broadcast) -> Mapping[str, Any]:
    """An example of the payload of its cause, in which fields are replaced."""
    request = usual_request(setting.bundle, broadcast)
    call = setting.bundle.calls.get(broadcast.caused_by_call or "")
    examples = request.examples.valid if request else call.examples.valid if call else ()
    return next((one for one in examples if isinstance(one, dict)), {})


def _with(fields: Mapping[str, Any], example: Mapping[str, Any], path: list[str], value: Any) -> dict[str, Any]:
    """Fields with a value at a path; beside it an object is as the example has it."""
    name, *rest = path
    if not rest:
        return {**fields, name: value}
    inner = fields.get(name, example.get(name, {}))
    inner = inner if isinstance(inner, dict) else {}
    return {**fields, name: _with(inner, inner, rest, value)}


def _hears(broadcast: Broadcast, actor: str) -> bool:
    groups = broadcast.groups
    named = {NAMED: ("user", "socket"), TWIN: ("user",)}.get(actor, ())
    addressed = any(isinstance(group, Address) and group.kind in named for group in groups)
    if "sender" in groups and actor in (SENDER, SENDERS):
        return True
    if addressed or (actor != SENDER and broadcast.to_everyone) or "everyone" in groups:
        return True
    return actor == MEMBER and any(group in ("room", "room-but-sender") for group in groups)


def _last(setting: Setting, room: str, made: list[tuple[Broadcast, Stimulus]]) -> list[Step]:
    """Something later that every socket hears: what it was to hear before has come, or does not come.

    An answer to a question of its own, or what everyone receives, or what the room does, or what is addressed to it.
    """
    everybody = _everybody(setting.bundle)
    asked = question(setting.bundle)
    if asked is not None:
        return [Together(steps=tuple(asking(setting.bundle, asked, room, actor) for actor in everybody))]
    loud = next((broadcast for broadcast, _ in made if "everyone" in broadcast.groups), None)
    one = _cue(setting, loud, room, "last") if loud else signal(setting, room, MEMBER, "last")
    if one is None:
        return _told_each(setting, room, made, everybody)
    entered = () if loud else (enter(setting, room, *(actor for actor in everybody if actor != MEMBER)),)
    return [*entered, one.step, one.heard_by(*everybody)]


def _told_each(
    setting: Setting, room: str, made: list[tuple[Broadcast, Stimulus]], actors: Iterable[str]
) -> list[Step]:
    """What is addressed to each of these."""
    fit = [broadcast for broadcast, _ in made if not broadcast.volatile and addressing(setting, broadcast, NAMED)]
    told = [(actor, _cue(setting, fit[0], room, f"last-{actor}", actor)) for actor in actors] if fit else []
    steps: list[Step] = []
    for actor, one in told:
        steps += [one.step, one.heard_by(actor)] if one is not None else []
    return steps
