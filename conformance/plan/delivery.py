"""Acts about delivery: who hears what, once, in order, and as it went in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from conformance.model.act import Act, Connect, Exit, FromEvent, InOrder, Look, Request, Step, Together, Token
from conformance.plan.given import about_given
from conformance.plan.stimulus import (
    Setting,
    Stimulus,
    act,
    at_once,
    comes_after,
    connect,
    cue,
    cues,
    enter,
    going,
    heard,
    room_broadcasts,
    signal,
    usual_request,
)
from contracts.model import Broadcast, Call
from contracts.model import Request as ClientRequest

STORED_BEYOND_PAGE = 2
"""How many more than one page are stored, so that a second page exists and the limit is seen to cut."""

TEXTS = {
    "emoji": "Help 🚑👩‍🚒 now 🔥",
    "right-to-left": "أنا في الطابق الثاني \u202bעזרה\u202c",
    "newlines": "first line\nsecond line\r\nthird\tline",
    "markup": "<script>alert('x')</script> & \"quotes\" \\ %20 {sosId}",
    "combining": "e\u0301 n\u0303 ﷽ \u200b\u2060end",
}
"""Free texts that careless services change: by cutting, escaping, trimming, normalising or interpreting."""


def chorus(setting: Setting) -> Act | None:
    """Every room broadcast once in one room, then once in another, with an outsider to each.

    `ann` sends and `bob` listens in the first room; `fay` sends and `oda` listens in the second. Where a broadcast
    leaves out its sender, `eve` listens in the first, too: one listener alone does not show that everybody receives it.
    Where coming and going are told to the room, others come to the first and go.
    """
    bundle = setting.bundle
    room, other = setting.room("chorus", "1"), setting.room("chorus", "2")
    first, then = cues(setting, room, "ann", "c1", later=False), cues(setting, room, "ann", "c1", later=True)
    fences = cues(setting, other, "fay", "c2", later=False)
    if not first or not bundle.has_way_in:
        return None
    last = signal(setting, room, "bob", "c3")
    spares = any(broadcast.spares_sender for broadcast in room_broadcasts(bundle))
    members = ("ann", "bob", "eve") if spares else ("ann", "bob")
    return act(
        "chorus",
        (room, other),
        connect(*members, "fay", "oda"),
        Together(steps=(enter(setting, room, *members), enter(setting, other, "fay", "oda"))),
        Look(),
        at_once(first),
        heard(first, *members),
        at_once(then),
        heard(then, *members),
        *about_given(setting, room, "ann", *members),
        *comings(setting, room, "bob"),
        at_once(fences),
        heard(fences, "fay", "oda"),
        last.step if last else None,
        last.heard_by(*members) if last else None,
    )


def comings(setting: Setting, room: str, watcher: str) -> list[Step]:
    """Sockets that come to a room and leave it, for the broadcasts that tell of it."""
    told = [request for request in setting.bundle.requests() if request.membership and request.broadcast]
    # A closed subject takes nothing more: what closes it comes last.
    told.sort(key=lambda request: (request.membership == "close", request.event))
    steps: list[Step] = []
    for number, request in enumerate(told):
        actor = f"via{number}"
        steps.append(Connect(actor=actor))
        if request.membership == "enter":
            steps.append(enter(setting, room, actor, event=request.event))
            continue
        leaving = going(setting.bundle, request, room, actor)
        steps += [enter(setting, room, actor), Exit(actor=actor, room=room, step=leaving, watcher=watcher)]
    return steps


def crossing(setting: Setting) -> Act | None:
    """Two members at each node, one of them causing every broadcast: what one node is told, all must hear."""
    if setting.nodes < 2 or not setting.bundle.has_way_in:
        return None
    room = setting.room("crossing", "1")
    actors = [f"{name}{number}" for number in range(setting.nodes) for name in ("node", "near")]
    steps: list[Step] = []
    before: list[Stimulus] = []
    for number in range(setting.nodes):
        at = number if setting.calls_at_nodes else None
        made = [
            _at_node(one, at)
            for one in cues(setting, room, f"node{number}", f"x{number}", later=False, example=number % 2)
        ]
        # A call that is at one place only needs to be made once.
        made = [one for one in made if number == 0 or at is not None or one.sender]
        steps += [at_once(made), heard(made, *actors, before=before)]
        before += made
    return act(
        "crossing",
        (room,),
        Together(steps=tuple(Connect(actor=actor, node=place // 2) for place, actor in enumerate(actors))),
        enter(setting, room, *actors),
        Look(),
        *steps,
    )


def _at_node(one: Stimulus, node: int | None) -> Stimulus:
    """A cue whose call is made at a node."""
    return replace(one, step=replace(one.step, node=node)) if isinstance(one.step, Request) else one


def values(setting: Setting) -> Act | None:
    """Texts, and numbers with all their digits: do they come out as they went in.

    Of what a trigger causes every value of an enumeration and the ends of each range, too; others have an act of edges.

    A value that others can be taken for has a room of its own, and each a sender of its own where the contract lets
    a service drop what comes too fast.
    """
    made: list[Stimulus] = []
    senders = ["ann", "bob"]
    rooms: list[str] = []
    for broadcast in room_broadcasts(setting.bundle):
        if comes_after(setting.bundle, broadcast):
            continue
        request = usual_request(setting.bundle, broadcast)
        for label, fixed, alone in interesting(setting, broadcast):
            if alone or broadcast.event not in rooms:
                rooms.append(broadcast.event)
            sender = "ann"
            if request and request.most_per_s:
                sender = f"sam{len(senders) - 1}"
                senders.append(sender)
            one = cue(setting, broadcast, setting.room("values", str(len(rooms))), sender, label, fixed)
            if one:
                made.append(one)
    if not made:
        return None
    joined = list(dict.fromkeys(one.room for one in made))
    by_socket = {(one.room, one.sender) for one in made if one.sender}
    return act(
        "values",
        joined,
        connect(*senders),
        Together(steps=tuple(enter(setting, room, "bob") for room in joined)),
        Together(steps=tuple(enter(setting, room, sender) for room, sender in sorted(by_socket))),
        at_once(made),
        heard(made, "bob"),
    )


def interesting(setting: Setting, broadcast: Broadcast) -> list[tuple[str, dict[str, Any], bool]]:
    """(label, echoed values, needs a room of its own) of what is worth sending."""
    bundle = setting.bundle
    request, call = usual_request(bundle, broadcast), bundle.calls.get(broadcast.caused_by_call or "")
    cause: Call | ClientRequest | None = request or call
    schema = request.payload if request else broadcast.payload if call and call.trigger else call.body if call else None
    if cause is None or schema is None:
        return []
    found: list[tuple[str, dict[str, Any], bool]] = []
    for name in cause.texts:
        found += [(f"{name}: {label}", {name: text}, False) for label, text in TEXTS.items()]
    if call and call.trigger and not request:
        found += _ends(broadcast, bundle.room.key, call.trigger.values)
    if any(schema.properties().get(name, {}).get("type") == "number" for name in broadcast.echoes):
        found.append(("full precision", {}, False))
    return found


def _ends(broadcast: Broadcast, key: str, own: Mapping[str, tuple[Any, ...]]) -> list[tuple[str, dict[str, Any], bool]]:
    """The longest texts, the values of enumerations and the ends of ranges of what a trigger causes.

    Args:
        key: the field that names the room.
        own: the values that the trigger takes in place of the contract's.
    """
    shapes = {name: broadcast.payload.properties().get(name, {}) for name in broadcast.echoes if name != key}
    marked = any(map(_is_free, shapes.values()))
    longest = {name: shape["maxLength"] for name, shape in shapes.items() if "maxLength" in shape and _is_free(shape)}
    found = [
        (f"{name}: {most} characters", {name: "m" * (most - 5) + " end."}, False) for name, most in longest.items()
    ]
    for name, shape in shapes.items():
        choices = own.get(name) or shape.get("enum", ())
        found += [(f"{name}: {value}", {name: value}, not marked) for value in choices]
    for end in ("minimum", "maximum"):
        fixed = {name: shape[end] for name, shape in shapes.items() if shape.get("type") == "number" and end in shape}
        found += [(f"each {end}", fixed, False)] if fixed else []
    return found


def _is_free(shape: dict[str, Any]) -> bool:
    """Whether a field can carry a mark that tells this value's broadcast from the others."""
    return shape.get("type") == "string" and not {"enum", "const", "format", "pattern"} & shape.keys()


def stored(setting: Setting) -> Act | None:
    """What is stored before it is broadcast can be read the moment that the broadcast arrives."""
    create, read_one = setting.bundle.by_role("create"), setting.bundle.by_role("read")
    if create is None or read_one is None or create.broadcast is None:
        return None
    room = setting.room("stored", "1")
    one = signal(setting, room, "ann", "p1")
    broadcast = setting.bundle.broadcast(create.broadcast)
    if one is None or one.event != create.broadcast or broadcast is None:
        return None
    pointer = f"/{(create.id or '/id').split('/')[-1]}"
    params = {name: FromEvent(actor="ann", event=one.event, pointer=pointer) for name in read_one.params()}
    return act(
        "stored",
        (room,),
        connect("ann"),
        enter(setting, room, "ann"),
        Together(
            steps=(
                one.step,
                InOrder(steps=(one.heard_by("ann"), Request(call=read_one.name, params=params))),
            )
        ),
    )


def pages(setting: Setting) -> Act | None:
    """More resources than a page holds, then the list by pages."""
    bundle = setting.bundle
    create, listing = bundle.by_role("create"), bundle.by_role("list")
    if create is None or listing is None or listing.page is None:
        return None
    room = setting.room("pages", "1")
    broadcast = bundle.broadcast(create.broadcast or "")
    if broadcast is None:
        return None
    page = listing.page
    made = [cue(setting, broadcast, room, "ann", f"g{n}") for n in range(page.most + STORED_BEYOND_PAGE)]
    params = {bundle.room.key: room}

    def ask(**query: Any) -> Request:
        return Request(call=listing.name, params=params, query=query)

    return act(
        "pages",
        (room,),
        Together(steps=tuple(one.step for one in made if one)),
        Together(
            steps=(
                ask(),
                ask(**{page.skip: 0, page.limit: page.most}),
                ask(**{page.skip: page.most, page.limit: page.most}),
                ask(**{page.skip: 0, page.limit: page.most + 1}),
                ask(**{page.skip: 1, page.limit: 3}),
                ask(**{page.skip: page.most * 2, page.limit: 1}),
            )
        ),
    )


def handshake(setting: Setting) -> Act | None:
    """Sockets and calls with the right token, none, and bad ones."""
    bundle = setting.bundle
    if bundle.refusal is None:
        return None
    room = setting.room("handshake", "1")
    tokens: tuple[Token, ...] = ("own", "none", "garbage", "forged", "expired")
    steps: list[Step] = [
        Connect(actor=f"{token}{place or ''}", token=token, place=place)
        for place in range(setting.token_places)
        for token in tokens
    ]
    call = bundle.by_role("list") or bundle.by_role("read")
    if call:
        params = dict.fromkeys(call.params(), room)
        for token in tokens:
            steps.append(Request(call=call.name, params=params, token=token))
    return act("handshake", (room,), Together(steps=tuple(steps)))
