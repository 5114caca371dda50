"""Acts about two promises: a service listens from the moment of connecting, and who is told to have joined has joined.

They are soundings: what they show decides how the other acts are played.
"""

from __future__ import annotations

from dataclasses import replace

from conformance.model.act import Act, Connect, Emit, InOrder, Insist, Step, Together
from conformance.plan.order import ordered
from conformance.plan.questions import asked_last, asking, question
from conformance.plan.stimulus import (
    Setting,
    Stimulus,
    act,
    connect,
    cue,
    enter,
    heard,
    room_broadcasts,
    signal,
    usual_request,
)
from contracts.model import Bundle
from contracts.model import Request as ClientRequest

MOST_OF_A_KIND = 3
"""Requests of one kind that a socket emits at once: enough to see, few enough for a service that limits events."""

TRIES = 8
"""How often something is tried, with pauses that double. The last try comes after two and a half seconds, which is more
than a listener is late and more than the usual deadline."""


def hail(bundle: Bundle, room: str, actor: str) -> Insist | None:
    """Ask a question until it is answered: from then on the service listens to the actor's socket."""
    request = question(bundle)
    if request is None:
        return None
    return Insist(actor=actor, tries=(asking(bundle, request, room, actor),) * TRIES, early=True)


def _hailed(setting: Setting, room: str, actor: str) -> Insist | None:
    """The same, by joining the room where the contract has no question: until that is answered, or the room heard."""
    bundle = setting.bundle
    join = bundle.by_membership("enter")
    if question(bundle) is not None or join is None:
        return hail(bundle, room, actor)
    emit = asking(bundle, join, room, actor)
    if join.reply is not None:
        return Insist(actor=actor, tries=(emit,) * TRIES, early=True)
    made = [signal(setting, room, actor, f"hail-{actor}-{number}") for number in range(TRIES)]
    cues = [one for one in made if one]
    return Insist(
        actor=actor,
        tries=tuple(InOrder(steps=(emit, one.step)) for one in cues),
        heard=tuple(one.heard_by(actor) for one in cues),
        early=True,
    )


def evident(bundle: Bundle) -> list[ClientRequest]:
    """Requests by which a socket sees for itself that it is heard: an answered join, questions, own broadcasts."""
    join = bundle.by_membership("enter")
    heard_by_sender = {
        broadcast.caused_by_event
        for broadcast in room_broadcasts(bundle)
        if broadcast.receivers == "room"
        and not broadcast.volatile
        and join is not None
        and usual_request(bundle, broadcast)
    }
    found = []
    for request in bundle.free_requests():
        answered = request.reply is not None and (request is join or not (request.membership or request.broadcast))
        told = request.event in heard_by_sender and not request.membership
        if (answered or told) and not request.most_per_s:
            found.append(request)
    return found


def greeting(setting: Setting) -> Act | None:
    """`eve` emits requests as she connects, and the same in another room later: what works then is to work at once."""
    bundle = setting.bundle
    if not evident(bundle):
        return None
    room, other, aside = (setting.room("greeting", label) for label in "123")
    first, first_cues = _batch(setting, room, "eve", "g1")
    later, later_cues = _batch(setting, other, "eve", "g2")
    return replace(
        act(
            "greeting",
            (room, other, aside),
            Connect(actor="eve", at_once=tuple(first)),
            _hailed(setting, aside, "eve"),
            Together(steps=tuple(later)),
            heard(later_cues, "eve"),
            heard(first_cues, "eve"),
        ),
        sounding=True,
    )


def _batch(setting: Setting, room: str, actor: str, mark: str) -> tuple[list[Emit], list[Stimulus]]:
    """A join, a few questions, and a few cues that their sender hears, in one room."""
    bundle = setting.bundle
    join = bundle.by_membership("enter")
    wanted = evident(bundle)
    asked = [request for request in wanted if request.reply and not request.membership][:MOST_OF_A_KIND]
    made = [
        cue(setting, broadcast, room, actor, mark)
        for broadcast in room_broadcasts(bundle)
        if not broadcast.volatile
        and any(request.event == broadcast.caused_by_event and not request.reply for request in wanted)
    ]
    cues = [one for one in made if one and one.sender][:MOST_OF_A_KIND]
    emits = [asking(bundle, request, room, actor) for request in ([join] if join else []) + asked]
    return emits + [one.step for one in cues if isinstance(one.step, Emit)], cues


def acknowledged(setting: Setting) -> Act | None:
    """Newcomers join by each way that is answered; what `wes` sends at once has to reach them, as it reaches `kim`.

    What follows on a newcomer's socket, once `kim` has received the first, proves that the newcomer did not.
    """
    bundle = setting.bundle
    room, aside = setting.room("acknowledged", "1"), setting.room("acknowledged", "2")
    ways = [request for request in bundle.requests() if request.membership == "enter" and request.reply]
    control = _tries(setting, room, "kim")
    if not ways or not control:
        return None
    actors = [f"new{number}" for number in range(len(ways))]
    everybody = ("wes", "kim", *actors)
    steps: list[Step | None] = []
    # One after another: the broadcasts of one would be missed by the next, rightly.
    for actor, way in zip(actors, ways, strict=True):
        cues = _tries(setting, room, actor)
        steps += [asking(bundle, way, room, actor), _until_heard(cues, actor), heard(cues[:1], "kim")]
        for step in asked_last(setting, room, actor, sender="wes", mark=f"{actor}-fence"):
            steps.append(Insist(actor=actor, tries=(step,)) if isinstance(step, Emit) else step)
    return replace(
        act(
            "acknowledged",
            (room, aside),
            connect(*everybody),
            Together(steps=tuple(one for actor in everybody if (one := _hailed(setting, aside, actor)))),
            enter(setting, room, "wes", "kim"),
            _until_heard(control, "kim"),
            *steps,
        ),
        sounding=True,
    )


def _tries(setting: Setting, room: str, listener: str) -> list[Stimulus]:
    """Cues for a listener, each unlike the others: of `wes`, or else by a call, which is slower; maybe none."""
    for broadcast in ordered(setting.bundle):
        if usual_request(setting.bundle, broadcast):
            made = [cue(setting, broadcast, room, "wes", f"{listener}-{number}") for number in range(TRIES)]
            cues = [one for one in made if one]
            if len({repr(one.match) for one in cues}) == TRIES:
                return cues
            break
    return [one for number in range(TRIES) if (one := signal(setting, room, "wes", f"{listener}-{number}"))]


def _until_heard(cues: list[Stimulus], listener: str) -> Insist:
    """Cues until the listener hears one."""
    return Insist(
        actor=listener, tries=tuple(one.step for one in cues), heard=tuple(one.heard_by(listener) for one in cues)
    )


SOUNDINGS = (greeting, acknowledged)
"""The acts that are played in every check, whichever rules are selected."""
