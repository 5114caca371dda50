"""Requests about what the service has made before: each has a thing of its own made for it, and names that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conformance.model.act import Emit, FromAnswer, FromEvent, InOrder, Step
from conformance.plan.questions import asking
from conformance.plan.stimulus import Setting, Stimulus, cue
from contracts.given import Origin
from contracts.model import Request


def about_given(setting: Setting, room: str, sender: str, *members: str) -> Iterator[Step]:
    """For each request with fields that are `given`: what gives them, then the request, by one socket.

    Nothing is used twice, since what was removed once is not there a second time.
    """
    for number, request in enumerate(setting.bundle.requests()):
        if not request.given:
            continue
        mark = f"v{number}"
        events = dict.fromkeys((origin.kind, origin.event) for origin in request.given)
        made = [_making(setting, kind, event, room, sender, f"{mark}-made") for kind, event in events]
        told = _told(setting, request, room, sender, mark)
        if all(made) and told is not None:
            steps = [step for some in made for step in some]
            yield InOrder(steps=(*steps, told.step, told.heard_by(*members)) if told.event else (*steps, told.step))


def _making(setting: Setting, kind: str, event: str, room: str, sender: str, mark: str) -> tuple[Step, ...]:
    """What has the service give a value to a socket; nothing where a check cannot provoke it."""
    bundle = setting.bundle
    request = bundle.request(event) if kind == "reply" else None
    broadcast = bundle.broadcast((request.broadcast or "") if request is not None else event)
    if kind == "reply" and request is None:
        return ()
    one = cue(setting, broadcast, room, sender, mark, by="event" if request else None) if broadcast else None
    if request is None:
        return (one.step, one.heard_by(sender)) if one is not None else ()
    asked = asking(bundle, request, room, sender)
    if one is None or not isinstance(one.step, Emit) or one.step.event != request.event:
        return () if request.broadcast else (asked,)
    return (replace(asked, args=one.step.args),)


def _told(setting: Setting, request: Request, room: str, sender: str, mark: str) -> Stimulus | None:
    """The request with the values that were given; `event` is empty where it has no broadcast to wait for."""
    bundle = setting.bundle
    fixed = {origin.field: _value(origin, sender) for origin in request.given}
    asked = asking(bundle, request, room, sender)
    broadcast = bundle.broadcast(request.broadcast or "")
    if broadcast is not None:
        by_it = replace(broadcast, caused_by_event=request.event)
        return cue(setting, by_it, room, sender, mark, fixed, by="event")
    (payload,) = asked.args
    return Stimulus(event="", room=room, step=replace(asked, args=({**payload, **fixed},)))


def _value(origin: Origin, sender: str) -> FromAnswer | FromEvent:
    kind = FromAnswer if origin.kind == "reply" else FromEvent
    return kind(actor=sender, event=origin.event, pointer=origin.at)
