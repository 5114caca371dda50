"""Acts on rooms that a socket enters by connecting: its handshake names the room, or it is the room of its user.

Planners speak of sockets that connect and then enter rooms. Here both become one step; an act in which a socket enters
a second room, or a room after it has done something else, cannot be played so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conformance.model.act import Act, Connect, Emit, Enter, InOrder, Insist, Step, Together
from contracts.model import Bundle


def by_connecting(bundle: Bundle, act: Act) -> Act | None:
    """The act with sockets that connect into their rooms; None where it cannot be played so."""
    if bundle.room.entry is None:
        return act
    entered: dict[str, str] = {}
    busy: set[str] = set()
    for step in _flat(act.steps):
        if isinstance(step, Enter):
            if step.actor in entered or step.actor in busy:
                return None
            entered[step.actor] = step.room
        elif isinstance(step, Emit | Insist) or (isinstance(step, Connect) and step.at_once):
            busy.add(step.actor)
    connects = {step.actor: step for step in _flat(act.steps) if isinstance(step, Connect)}
    steps = [made for step in act.steps for made in _made(step, entered, connects)]
    return replace(act, steps=tuple(steps))


def _made(step: Step, entered: dict[str, str], connects: dict[str, Connect]) -> Iterator[Step]:
    match step:
        case Connect() if step.actor in entered:
            return
        case Enter():
            yield replace(connects.get(step.actor, Connect(actor=step.actor)), room=step.room)
        case Together() | InOrder():
            yield replace(step, steps=tuple(made for inner in step.steps for made in _made(inner, entered, connects)))
        case _:
            yield step


def _flat(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        if isinstance(step, Together | InOrder):
            yield from _flat(step.steps)
        else:
            yield step
