"""What is asked on each socket of an act when something is overdue: the answer shows that the socket still hears."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conformance.model.act import Act, Disconnect, Enter, Exit, InOrder, Step, Together
from conformance.plan.questions import asking, repeatable
from conformance.plan.stimulus import Setting, heard, signal


def fenced(setting: Setting, act: Act) -> Act:
    """The act with its fences: every member of a room asks whatever is answered and can be repeated, at its own room.

    Where the contract has no such request, one broadcast goes to each room instead.
    """
    members = _members(act.steps)
    asked = [request for request in setting.bundle.requests() if request.reply and repeatable(request)]
    fences: list[Step] = [
        asking(setting.bundle, request, rooms[0], actor)
        for actor, rooms in members.items()
        if rooms
        for request in asked
    ]
    if not asked:
        for room in act.rooms:
            inside = [actor for actor, rooms in members.items() if room in rooms]
            one = signal(setting, room, inside[0], "fence") if inside else None
            if one:
                fences.append(InOrder(steps=(one.step, heard([one], *inside))))
    return replace(act, fences=tuple(fences))


def _members(steps: tuple[Step, ...]) -> dict[str, list[str]]:
    """The rooms that each actor is in when the act ends."""
    members: dict[str, list[str]] = {}
    for step in _flat(steps):
        match step:
            case Enter():
                members.setdefault(step.actor, []).append(step.room)
            case Exit():
                members[step.actor] = [room for room in members.get(step.actor, []) if room != step.room]
                if isinstance(step.step, Disconnect):
                    members[step.actor] = []
            case Disconnect():
                members[step.actor] = []
            case _:
                pass
    return members


def _flat(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        if isinstance(step, Together | InOrder):
            yield from _flat(step.steps)
        else:
            yield step
