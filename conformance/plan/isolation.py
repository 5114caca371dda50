"""The act about neighbours: rooms of other kinds, and sockets in other namespaces, that have the same id."""

from __future__ import annotations

from dataclasses import dataclass, replace

from conformance.model.act import Act, Connect, Emit, Insist, Step, Together
from conformance.model.wire import emitted
from conformance.plan.connecting import handshake
from conformance.plan.payloads import valid_payload
from conformance.plan.questions import question
from conformance.plan.stimulus import (
    Setting,
    Stimulus,
    act,
    at_once,
    caused_broadcasts,
    comes_after,
    connect,
    cue,
    cues,
    enter,
    heard,
    signal,
)
from contracts.model import Bundle
from contracts.model import Request as ClientRequest

ACT = "neighbours"
ASKED = 4
"""How often a neighbour asks something, with pauses that double, until it is answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """A room, and a neighbour that is in the room of the same id of another part of the contracts."""

    room: str
    kept: str
    """Another room of the own kind, in which a neighbour of the same namespace is as well."""
    sender: str
    member: str
    neighbour: str
    other: Setting
    namespace: str | None
    """The other namespace; None for the same."""


def neighbours(setting: Setting) -> Act | None:
    """For each other part of the contracts a sender and a member in one room, and a neighbour in that part's room.

    Where an id can be one of both kinds, it is the same. What the member hears the neighbour must not; what shows that
    it would have come by then is a broadcast to another room of the own kind, or an answer in the other namespace.
    """
    if not setting.bundle.has_way_in:
        return None
    found = [_pair(setting, other, number) for number, other in enumerate(_others(setting))]
    pairs = [pair for pair in found if pair is not None]
    steps = [step for pair in pairs for step in _played(setting, pair)]
    if not steps:
        return None
    rooms = [room for pair in pairs for room in (pair.room, pair.kept)]
    return act(ACT, dict.fromkeys(rooms), *steps)


def _others(setting: Setting) -> list[Setting]:
    """A setting for each other part, and for another namespace of the same template."""
    others = [replace(setting, bundle=other) for other in setting.others]
    return [*others, setting] if setting.namespace_id(ACT) is not None else others


def _pair(setting: Setting, other: Setting, number: int) -> _Pair | None:
    bundle, own = other.bundle, setting.bundle
    room = setting.room(ACT, f"{number}")
    if not bundle.room.is_none and not bundle.room.takes(room):
        theirs = other.room(ACT, f"{number}")
        room = theirs if own.room.takes(theirs) else room
    elsewhere = bundle.namespace != own.namespace or bundle is own
    if not elsewhere and (bundle.room.is_none or not bundle.room.takes(room)):
        return None  # Ids that no two kinds share can hardly be taken for each other.
    return _Pair(
        room=room,
        kept=setting.room(ACT, f"{number}-kept"),
        sender=f"ann{number}",
        member=f"bob{number}",
        neighbour=f"oda{number}",
        other=other,
        namespace=other.namespace(f"{ACT}-{number}") if elsewhere else None,
    )


def _played(setting: Setting, pair: _Pair) -> list[Step]:
    made = cues(setting, pair.room, pair.sender, "n1", later=False)
    if pair.namespace is not None:
        made += _to_everyone(setting, pair)
    if not made:
        return []
    joined = enter(setting, pair.room, pair.sender, pair.member)
    hears = [at_once(made), heard(made, pair.member)]
    if pair.namespace is None:
        last = signal(setting, pair.kept, pair.neighbour, "n2")
        if last is None:
            return []
        return [
            connect(pair.sender, pair.member, pair.neighbour),
            Together(steps=(joined, enter(setting, pair.kept, pair.neighbour))),
            *_joins(pair),
            *hears,
            last.step,
            last.heard_by(pair.neighbour),
        ]
    return [
        connect(pair.sender, pair.member),
        _apart(pair),
        joined,
        *_joins(pair),
        *hears,
        *_asked(pair),
    ]


def _to_everyone(setting: Setting, pair: _Pair) -> list[Stimulus]:
    """What everyone in the namespace receives stays in it."""
    loud = [b for b in caused_broadcasts(setting.bundle) if b.to_everyone and not comes_after(setting.bundle, b)]
    found = [cue(setting, one, pair.room, pair.sender, f"n-{place}") for place, one in enumerate(loud)]
    return [one for one in found if one is not None]


def _apart(pair: _Pair) -> Connect:
    """The neighbour's connection to its namespace; into the room of the same id, where connecting enters one."""
    room = pair.room if pair.other.bundle.room.takes(pair.room) else None
    connection = Connect(actor=pair.neighbour, namespace=pair.namespace, apart=True)
    return replace(handshake(pair.other, ACT, connection, room), room=None)


def _joins(pair: _Pair) -> list[Step]:
    """The neighbour enters the room of the same id of its own part, and is there before the other hears anything."""
    bundle = pair.other.bundle
    request = bundle.by_membership("enter")
    if request is None or bundle.room.is_none or not bundle.room.takes(pair.room):
        return []
    join = _emit(bundle, request, pair)
    return [Insist(actor=pair.neighbour, tries=(join,) * ASKED)] if join.ack else [join, *_asked(pair)]


def _asked(pair: _Pair) -> list[Step]:
    """A question of the neighbour's part until it is answered; a join, where that is all that is answered."""
    bundle = pair.other.bundle
    join = bundle.by_membership("enter")
    request = question(bundle) or (join if join is not None and join.reply is not None else None)
    if request is None or request.reply is None or not request.reply.ack:
        return []
    return [Insist(actor=pair.neighbour, tries=(_emit(bundle, request, pair),) * ASKED)]


def _emit(bundle: Bundle, request: ClientRequest, pair: _Pair) -> Emit:
    """A request of another part, as it stands on the wire: the act's own contracts do not know it."""
    usual = valid_payload(bundle, request, pair.room if bundle.room.takes(pair.room) else "")
    args = emitted(request, (usual,))
    return Emit(
        actor=pair.neighbour, event=request.event, args=args, ack=bool(request.reply and request.reply.ack), waits=False
    )
