"""The act about schedules: broadcasts that nobody asks for."""

from __future__ import annotations

from conformance.model.act import Act, Await, Step, Together
from conformance.plan.questions import asked_last
from conformance.plan.stimulus import Setting, act, connect, enter
from contracts.model import Broadcast, Bundle

MOST_S = 10.0
"""The longest period that a check waits for. It waits for two of them."""

MEMBER, OUTSIDER = "ann", "oda"


def scheduled(bundle: Bundle) -> list[Broadcast]:
    """The broadcasts that come by a schedule."""
    return [one for one in bundle.broadcasts() if one.causes.every_s is not None and one.receivers != "nobody"]


def schedule(setting: Setting) -> Act | None:
    """`ann`, who is in the room, hears each scheduled broadcast twice; `oda` is connected alone."""
    bundle = setting.bundle
    due = [one for one in scheduled(bundle) if (one.causes.every_s or 0.0) <= MOST_S]
    if not due:
        return None
    room = setting.room("schedule", "1")
    heard: list[Step] = [
        Await(actors=(actor,), event=one.event, room=room, count=2)
        for one in due
        for actor in ((MEMBER, OUTSIDER) if one.to_everyone else (MEMBER,))
    ]
    last = [*asked_last(setting, room, MEMBER, sender=MEMBER, mark="last"), *_outside(setting, room)]
    return act(
        "schedule",
        (room,),
        connect(MEMBER, OUTSIDER),
        enter(setting, room, MEMBER),
        Together(steps=tuple(heard)),
        *last,
    )


def _outside(setting: Setting, room: str) -> list[Step]:
    return asked_last(setting, room, OUTSIDER, sender=None, mark="last")
