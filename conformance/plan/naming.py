"""The act about requests whose texts may name somebody: each is made with the ids of another member in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conformance.model.act import Act, Await, Emit, InOrder, SocketOf, Step, Together, UserOf
from conformance.plan.questions import asked_last, asking
from conformance.plan.requests import refusable
from conformance.plan.stimulus import Setting, act, connect, enter
from contracts.free_texts import open_texts

NAMING = "naming"
"""The name of the act."""


def naming(setting: Setting) -> Act | None:
    """Each request that may be refused, by who came first into a room: with texts that name nobody, and with ids.

    These are the ids of the other member's socket and user.
    What throws somebody out, or hands something over, is refused rightly where it names nobody, and to who came later.
    """
    lanes = list(_lanes(setting))
    if not lanes:
        return None
    actors = [actor for _, first, second, _ in lanes for actor in (first, second)]
    return act(
        NAMING,
        [room for room, *_ in lanes],
        connect(*actors),
        Together(steps=tuple(enter(setting, room, first) for room, first, _, _ in lanes)),
        Together(steps=tuple(enter(setting, room, second) for room, _, second, _ in lanes)),
        Together(steps=tuple(InOrder(steps=steps) for *_, steps in lanes)),
    )


def _lanes(setting: Setting) -> Iterator[tuple[str, str, str, tuple[Step, ...]]]:
    """The room, both members, and the steps of each request."""
    bundle = setting.bundle
    for number, request in enumerate(bundle.free_requests()):
        told = [one for name in request.broadcasts if (one := bundle.broadcast(name)) is not None and one.to_room]
        names = open_texts(bundle, request)
        if not (told and names and refusable(bundle, request)) or request.membership or request.most_per_s:
            continue
        room, first, second = setting.room(NAMING, str(number)), f"own{number}", f"mem{number}"
        steps: list[Step] = []
        for ids in (None, SocketOf(actor=second), UserOf(actor=second)):
            emit = _with(asking(bundle, request, room, first), dict.fromkeys(names, ids) if ids is not None else {})
            heard = Await(actors=(second,), event=told[0].event, room=room)
            steps += [emit] if emit.ack else [emit, heard]
        last = (asked_last(setting, room, actor, sender=first, mark=NAMING) for actor in (first, second))
        yield room, first, second, (*steps, *(step for some in last for step in some))


def _with(emit: Emit, ids: dict[str, SocketOf | UserOf]) -> Emit:
    (payload,) = emit.args
    return replace(emit, args=({**payload, **ids},))
