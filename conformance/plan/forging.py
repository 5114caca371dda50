"""Acts in which a client emits what only the server may: names that are the server's alone, and retired names.

A service may take a forgery in another form than the documented payload, such as the body of an internal call. So each
name is emitted in several forms, and each form carries marks of its own, by which its values are known again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from conformance.model.act import Act, Connect, Emit, InOrder, Request, Step, Together
from conformance.plan.forms import Body, forms, of_broadcast, of_call
from conformance.plan.questions import asking, repeatable
from conformance.plan.requests import alive_cue
from conformance.plan.stimulus import Setting, Stimulus, act, at_once, connect, enter, heard, signal

UNKNOWN = "unknown"
"""How a name begins that no service handles: what answers it answers every name."""


def forgeries(setting: Setting) -> Act | None:
    """Clients emit names that are the server's alone, and retired names, each name by a socket of its own.

    `bob` listens in the room of which the forgeries speak, `oda` in another, in which the forgers are as well; `lou`
    comes later, for what is replayed.
    `nil` emits a name that nobody can know: a service that answers it answers everything.
    """
    room, other = setting.room("forged", "1"), setting.room("forged", "2")
    given = {f"mal{number}": emits for number, emits in enumerate(_forged(setting, room))}
    if not given:
        return None
    lanes = {"nil": _unknown(setting, room), **given}
    own = {actor: _cue(setting, room, actor) for actor in lanes}
    return act(
        "forgeries",
        (room, other),
        connect(*lanes, "bob", "oda"),
        *_joins(setting, room, other, tuple(lanes)),
        _each({actor: [*_by(actor, emits), *_questions(setting, room, actor)[:1]] for actor, emits in lanes.items()}),
        *_read(setting, room, other),
        _each(
            {
                actor: [*_with_ack(actor, emits), *_step_of(own[actor]), *_questions(setting, room, actor)[:1]]
                for actor, emits in lanes.items()
            }
        ),
        heard([one for one in own.values() if one], "bob"),
        *_fences(setting, room, other),
    )


def _joins(setting: Setting, room: str, other: str, forgers: tuple[str, ...]) -> list[Step]:
    """A handler may relay to the rooms of the sender, and not to the one that the forgery names: forgers are in both.

    Where a socket is in one room only, they are in the one that they name.
    """
    if setting.bundle.room.entry is not None:
        return [Together(steps=(enter(setting, room, "bob", *forgers), enter(setting, other, "oda")))]
    apart = Together(steps=(enter(setting, room, "bob"), enter(setting, other, *forgers, "oda")))
    return [apart, enter(setting, room, *forgers)]


def _forged(setting: Setting, room: str) -> Iterator[list[Emit]]:
    """What is emitted of each name, in all its forms."""
    bundle = setting.bundle
    for broadcast in bundle.broadcasts():
        # What a client or a peer service may emit by the same name is no forgery.
        if bundle.events[broadcast.event].request is None and broadcast.examples.valid:
            yield _emits(setting, room, broadcast.event, of_broadcast(bundle, broadcast))
    for retired in bundle.retired:
        if retired.direction == "client_to_server":
            call = bundle.calls.get(retired.stand_in_call or "")
            told = bundle.broadcast(call.broadcast or "") if call else None
            bodies = [*(of_call(call) if call else ()), *(of_broadcast(bundle, told)[:1] if told else ())]
            yield _emits(setting, room, retired.event, bodies or [Body()])


def _unknown(setting: Setting, room: str) -> list[Emit]:
    """A name that nobody can know, in the forms of one that is forged."""
    bundle = setting.bundle
    like = next((one for one in bundle.broadcasts() if one.to_room and one.examples.valid), None)
    name = f"{UNKNOWN}:{setting.chance(setting.nonce, UNKNOWN).getrandbits(48):012x}"
    return _emits(setting, room, name, of_broadcast(bundle, like) if like else [Body()])


def _emits(setting: Setting, room: str, event: str, bodies: list[Body]) -> list[Emit]:
    return [Emit(actor="", event=event, args=args) for args in forms(setting, room, event, bodies)]


def _by(actor: str, emits: list[Emit]) -> list[Step]:
    return [replace(one, actor=actor) for one in emits[:-1]]


def _with_ack(actor: str, emits: list[Emit]) -> list[Step]:
    """The first form of a name once more, with an ack: a handler may answer by it.

    It comes last, because a service that relays all its arguments may fail over the ack's callback.
    """
    return [replace(one, actor=actor, ack=True, waits=False) for one in emits[-1:]]


def _each(lanes: Mapping[str, list[Step]]) -> Together:
    return Together(steps=tuple(InOrder(steps=tuple(steps)) for steps in lanes.values()))


def _cue(setting: Setting, room: str, actor: str) -> Stimulus | None:
    """A cue over the actor's own socket, so that it follows what the actor sent before on the same road."""
    return alive_cue(setting, room, actor) or signal(setting, room, actor, actor)


def _step_of(one: Stimulus | None) -> list[Step]:
    return [one.step] if one else []


def _questions(setting: Setting, room: str, actor: str) -> list[Step]:
    """Ask all that is answered: an answer shows that what was sent before it has been taken, or holds what was."""
    requests = setting.bundle.requests()
    asked = [one for one in requests if one.reply and one.membership is None and repeatable(one)]
    return [asking(setting.bundle, request, room, actor) for request in asked]


def _read(setting: Setting, room: str, other: str) -> Iterator[Step]:
    """Whoever listens reads what there is, and so does who comes later."""
    listing = setting.bundle.by_role("list")
    yield Connect(actor="lou")
    yield enter(setting, room, "lou")
    for actor, place in (("bob", room), ("lou", room), ("oda", other)):
        yield Together(steps=tuple(_questions(setting, place, actor)))
    if listing:
        yield Request(call=listing.name, params={setting.bundle.room.key: room})


def _fences(setting: Setting, room: str, other: str) -> Iterator[Step]:
    """The last things that the listeners hear, or are answered."""
    made = [cue for cue in (_cue(setting, room, "lou"), _cue(setting, other, "oda")) if cue]
    yield at_once(made)
    yield Together(steps=tuple(one.heard_by(*(("bob", "lou") if one.room == room else ("oda",))) for one in made))
    places = (("bob", room), ("lou", room), ("oda", other))
    yield Together(steps=tuple(step for actor, place in places for step in _questions(setting, place, actor)[:1]))
