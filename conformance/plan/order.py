"""The act about order: messages that follow each other as fast as their sender may let them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, zip_longest
from typing import Any

from conformance.model.act import Act, Calm, InOrder, Together
from conformance.plan.stimulus import (
    NO_FIELDS,
    Setting,
    Stimulus,
    act,
    by_membership,
    comes_after,
    connect,
    cue,
    enter,
    heard,
    room_broadcasts,
    usual_request,
)
from contracts.model import Broadcast, Bundle
from contracts.schema import kinds

EVENTS_COUNT = 4
"""Events of a socket in a row: enough that a swap of neighbours or a reversal shows. They go out at once, so that
delays at random leave them in order one time in 24; more would meet limits of a service on events a second."""

CALLS_COUNT = 8
"""Calls in a row: each is a round trip after the last, so that delays at random reverse two neighbours less often."""


def ordered(bundle: Bundle) -> Iterator[Broadcast]:
    """The broadcasts that can be provoked in a row and told from each other when they arrive."""
    for broadcast in room_broadcasts(bundle):
        request = usual_request(bundle, broadcast)
        limited = request is not None and request.most_per_s is not None
        if broadcast.volatile or limited or comes_after(bundle, broadcast) or by_membership(bundle, broadcast):
            continue
        if any(_varies(shape) for shape in _echoed(bundle, broadcast).values()):
            yield broadcast


def _echoed(bundle: Bundle, broadcast: Broadcast) -> dict[str, Any]:
    """The schemas of what comes out as it went in, but for the room."""
    shapes = broadcast.payload.properties()
    return {name: shapes.get(name, {}) for name in broadcast.echoes if name != bundle.room.key}


def _varies(shape: Any) -> bool:
    """Whether a field can be given several values that this module knows how to choose."""
    if not isinstance(shape, dict) or {"const", "format", "pattern"} & shape.keys():
        return False
    if "enum" in shape:
        return len(shape["enum"]) > 1
    return bool(shape.get("binary")) or not {"string", "number", "integer"}.isdisjoint(kinds(shape))


def sequence(setting: Setting) -> Act | None:
    """The same sender's broadcasts one after the other, faster than they are delivered.

    HTTP calls are made as soon as the one before is answered; a socket's events follow each other without waiting, the
    names taking turns, so that an order across names is seen too. Other acts would hold up the calls, and what is
    apart is hardly ever reversed: this one waits until they are over.
    """
    bundle = setting.bundle
    rooms: list[str] = []
    by_call: list[list[Stimulus]] = []
    by_socket: list[list[Stimulus]] = []
    for number, broadcast in enumerate(ordered(bundle)):
        made = _in_a_row(setting, broadcast, setting.room("sequence", str(number + 2)))
        if made:
            (by_socket if usual_request(bundle, broadcast) else by_call).append(made)
            rooms += [made[0].room] if made[0].room not in rooms else []
    turns = [one for turn in zip_longest(*by_socket) for one in turn if one]
    given = [*(one for lane in by_call for one in lane), *turns]
    if not given:
        return None
    lanes = [*by_call, turns]
    return act(
        "sequence",
        rooms,
        connect("ann", "bob"),
        Together(steps=tuple(enter(setting, room, "ann", "bob") for room in rooms)),
        Calm(),
        Together(steps=tuple(InOrder(steps=tuple(one.step for one in lane)) for lane in lanes)),
        heard(given, "ann", "bob"),
    )


def _in_a_row(setting: Setting, broadcast: Broadcast, own: str) -> list[Stimulus]:
    """Cues of one broadcast, each unlike the one before; none where there are none.

    They differ by their marks, or else by the values of an enumeration, in a room of their `own`: a value may mean
    that the subject takes nothing more.
    """
    choices: list[tuple[str, dict[str, Any]]] = [(setting.room("sequence", "1"), {})]
    for name, shape in _echoed(setting.bundle, broadcast).items():
        if isinstance(shape, dict) and len(shape.get("enum", ())) > 1:
            choices.append((own, {name: shape["enum"]}))
    count = EVENTS_COUNT if usual_request(setting.bundle, broadcast) else CALLS_COUNT
    for room, options in choices:
        # None comes twice: which of the two a delivery is of could not be told.
        most = min([count, *(len(values) for values in options.values())])
        given = [{name: values[number] for name, values in options.items()} for number in range(most)]
        made = [
            cue(setting, broadcast, room, "ann", f"s{number}", fixed or NO_FIELDS) for number, fixed in enumerate(given)
        ]
        found = [one for one in made if one]
        if found and all(one.match != other.match for one, other in pairwise(found)):
            return found
    return []
