"""The act about edges: valid payloads at the ends of what each request and call allows, one field at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from conformance.model.act import Act, Connect, Emit, Enter, InOrder, Request, Step, Together
from conformance.model.payload import flat, same
from conformance.plan.bounds import Edge, edges_of
from conformance.plan.payloads import moved, timed
from conformance.plan.questions import asked_last, asking
from conformance.plan.stimulus import Setting, Stimulus, act, connect, enter, path_params
from conformance.plan.unrepeated import drawn, is_too_short
from contracts.ids import choices
from contracts.model import Broadcast, Bundle, Call
from contracts.model import Request as ClientRequest

PLAIN = "plain"
"""The label of the payload that each edge is compared with: the contract's first valid example."""

WATCHER = "wes"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lane:
    """What one socket does with one payload, in a room of its own."""

    actor: str
    room: str
    steps: tuple[Step, ...]
    watched: bool
    """Whether the sender does not hear what it causes, so that somebody else has to."""


def edges(setting: Setting) -> Act | None:
    """Each valid payload by a socket of its own in a room of its own, the plain one of each request among them.

    An error, or a broadcast that is missing, is about that one payload then, and the field in which it differs from the
    plain one is what the service does not take. No socket sends two, so no limit of a rate is met.
    """
    bundle = setting.bundle
    calls = list(_calls(setting))
    wanted = [(request, edge) for request in bundle.free_requests() for edge in _with_plain(setting, request)]
    ids = choices(bundle.room.id) if bundle.room.id is not None else None
    if ids is not None:
        # Each lane needs an id of its own, and the contract lists how many there are: plain payloads come first.
        wanted.sort(key=lambda one: one[1].label != PLAIN)
        plain_count = sum(edge.label == PLAIN for _, edge in wanted)
        wanted = wanted[: max(plain_count, len(ids) - len({one.room for one in calls}))]
    lanes = [_lane(setting, request, edge, number) for number, (request, edge) in enumerate(wanted)]
    rooms = list(dict.fromkeys([*(lane.room for lane in lanes), *(one.room for one in calls)]))
    if not rooms:
        return None
    watched = [*(lane.room for lane in lanes if lane.watched), *dict.fromkeys(one.room for one in calls)]
    return act(
        "edges",
        rooms,
        connect(WATCHER),
        Together(steps=tuple(enter(setting, room, WATCHER) for room in watched)),
        Together(
            steps=(
                *(InOrder(steps=(Connect(actor=lane.actor), *lane.steps)) for lane in lanes),
                *(InOrder(steps=(one.step, one.heard_by(WATCHER))) for one in calls),
            )
        ),
    )


def _with_plain(setting: Setting, request: ClientRequest) -> list[Edge]:
    """The plain payload of a request, and those at its edges."""
    bundle = setting.bundle
    return [Edge(label=PLAIN, payload=_plain(bundle, request, "")), *_edges(setting, request)]


def _plain(bundle: Bundle, request: ClientRequest, room: str) -> Any:
    return _for(bundle, request, request.examples.valid[0], room) if request.examples.valid else {}


def _for(bundle: Bundle, request: ClientRequest, payload: Any, room: str) -> Any:
    """A payload for this room, where it names one."""
    return moved(payload, bundle, request, room) if isinstance(payload, dict) else payload


def _edges(setting: Setting, request: ClientRequest) -> list[Edge]:
    """Payloads for the room of the first lane: its id keeps the schema, which a text for a number does not."""
    bundle = setting.bundle
    room = "" if bundle.room.is_none else setting.room("edges", "0")
    examples = tuple(_for(bundle, request, example, room) for example in request.examples.valid)
    found = edges_of(request.payload, examples[0], examples[1:], bundle.room.key) if examples else []
    return [edge for edge in found if not is_too_short(bundle, request, edge.payload)]


def _lane(setting: Setting, request: ClientRequest, edge: Edge, number: int) -> _Lane:
    bundle = setting.bundle
    actor, room = f"edge{number}", setting.room("edges", str(number))
    payload = drawn(setting, request, _for(bundle, request, edge.payload, room), actor)
    broadcast = bundle.broadcast(request.broadcast or "") if not request.membership else None
    steps: list[Step] = []
    watched = False
    if request.membership == "enter":
        steps.append(Enter(actor=actor, room=room, event=request.event, payload=payload))
    else:
        steps.append(enter(setting, room, actor))
        if request.reply:
            steps.append(replace(asking(setting.bundle, request, room, actor), args=(payload,)))
        else:
            sent = timed(payload, broadcast) if broadcast and isinstance(payload, dict) else payload
            emit = Emit(actor=actor, event=request.event, args=(sent,))
            steps.append(emit)
            if broadcast and broadcast.to_room:
                one = _cue(broadcast, room, emit, sent)
                watched = not one.to_sender
                steps.append(one.heard_by(WATCHER if watched else actor))
    sender = actor if request.membership not in ("leave", "close") else None
    return _Lane(
        actor=actor,
        room=room,
        steps=(*steps, *asked_last(setting, room, actor, sender=sender, mark="edge")),
        watched=watched,
    )


def _cue(broadcast: Broadcast, room: str, step: Emit | Request, payload: Any) -> Stimulus:
    given = flat(payload)
    return Stimulus(
        event=broadcast.event,
        room=room,
        step=step,
        match={name: given[name] for name in broadcast.echoes if name in given},
        to_sender=broadcast.to_sender,
        sender=step.actor if isinstance(step, Emit) else None,
    )


def _calls(setting: Setting) -> Iterator[Stimulus]:
    """The documented calls with a body, at the edges of it: those whose broadcasts are alike in rooms apart."""
    bundle = setting.bundle
    for call in bundle.calls.values():
        broadcast = bundle.broadcast(call.broadcast or "")
        if call.body is None or call.trigger is not None or broadcast is None or not call.examples.valid:
            continue
        plain, *examples = call.examples.valid
        rooms: list[list[Mapping[str, Any]]] = []
        for edge in (Edge(label=PLAIN, payload=plain), *edges_of(call.body, plain, tuple(examples), bundle.room.key)):
            echoes = {name: edge.payload[name] for name in broadcast.echoes if name in edge.payload}
            number = next((n for n, others in enumerate(rooms) if not any(_confused(echoes, o) for o in others)), None)
            if number is None:
                number = len(rooms)
                rooms.append([])
            rooms[number].append(echoes)
            yield _call(setting, call, broadcast, edge.payload, setting.room("edges", f"{call.name}-{number}"))


def _confused(echoes: Mapping[str, Any], others: Mapping[str, Any]) -> bool:
    """Whether the broadcasts of two bodies can be taken for each other: what one leaves out may have any value."""
    return all(same(echoes[name], others[name]) for name in echoes.keys() & others.keys())


def _call(setting: Setting, call: Call, broadcast: Broadcast, body: Any, room: str) -> Stimulus:
    params = path_params(call, setting.bundle, room, "edge")
    return _cue(broadcast, room, Request(call=call.name, params=params, body=body), {**params, **body})
