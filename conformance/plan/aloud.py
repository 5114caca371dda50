"""The act about what everyone receives as it went in: texts that careless services change."""

from __future__ import annotations

from conformance.model.act import Act
from conformance.plan.delivery import TEXTS
from conformance.plan.stimulus import (
    Setting,
    Stimulus,
    act,
    at_once,
    caused_broadcasts,
    connect,
    cue,
    heard,
    usual_request,
)
from contracts.model import Broadcast


def aloud(setting: Setting) -> Act | None:
    """`ann` sends each text to everyone, with an id of the act in it by which it is known from those of other acts."""
    room = setting.room("aloud", "1")
    made = [
        one
        for broadcast in caused_broadcasts(setting.bundle)
        if broadcast.to_everyone and not broadcast.volatile
        for one in _texts(setting, broadcast, room)
    ]
    if not made:
        return None
    return act("aloud", (room,), connect("ann", "bob"), at_once(made), heard(made, "ann", "bob"))


def _texts(setting: Setting, broadcast: Broadcast, room: str) -> list[Stimulus]:
    request = usual_request(setting.bundle, broadcast)
    found: list[Stimulus] = []
    for name in request.texts if request and not request.most_per_s else ():
        shape = request.payload.properties().get(name, {}) if request else {}
        if name not in broadcast.echoes or {"enum", "const", "format", "pattern"} & shape.keys():
            continue
        for label, text in TEXTS.items():
            value = f"{text} {room} {label}"
            one = cue(setting, broadcast, room, "ann", label, {name: value})
            if one is not None and len(value) <= shape.get("maxLength", len(value)):
                found.append(one)
    return found
