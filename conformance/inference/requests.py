"""What a recording shows of each request: which of its emissions were good, and what they came of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from conformance.inference.acks import Acks, acks_of
from conformance.inference.causes import Caused
from conformance.inference.receivers import Received
from conformance.inference.rooms import Rooms
from conformance.inference.scenes import Emission, Place, Scalar, Scene
from conformance.inference.schemas import schema_of
from conformance.inference.seen import Arguments
from contracts.schema import Schema

HAS_EFFECT = 0.6
"""The share of good emissions that have an effect: a member alone may have it, and not every sender was one."""
USUAL = 0.3
"""The share of emissions, bad ones among them, that have an effect where good ones have it: a rarer one is chance."""
ANSWERED = 0.8
"""The share of good emissions that a named reply answers."""
NAMES_ROOM = 0.9
"""The share of good emissions that name a room in one place."""
SETTLED_S = 0.3
"""After which the effect of an emission would have been there; what was cut off before says nothing of it."""


@dataclass(slots=True, kw_only=True)
class Asked:
    """One request."""

    event: str
    emissions: list[Emission] = field(default_factory=list)
    good: list[Emission] = field(default_factory=list)
    args: Arguments = field(default_factory=Arguments)
    acks: Acks = field(default_factory=Acks)
    broadcasts: dict[str, int] = field(default_factory=dict)
    """What it causes, and how often that was seen."""
    reply: str | None = None
    """The event that answers it."""
    membership: str | None = None
    room_at: Place | None = None
    """Where its arguments name the room."""
    namespaces: set[str] = field(default_factory=set)

    @property
    def does_anything(self) -> bool:
        """Whether anything was seen to come of it, without which a contract says nothing."""
        return bool(self.broadcasts or self.reply or self.membership or self.acks.is_acked)


def requests_of(
    scenes: Sequence[Scene],
    caused: Mapping[str, Caused],
    received: Mapping[str, Received],
    rooms: Rooms | None,
    ids: frozenset[Scalar],
) -> dict[str, Asked]:
    """All requests by name."""
    found: dict[str, Asked] = {}
    for scene in scenes:
        for one in scene.emissions:
            found.setdefault(one.event, Asked(event=one.event)).emissions.append(one)
    changes: dict[str, tuple[str, Place]] = {}
    for kind, (event, place) in rooms.changes() if rooms else ():
        changes[event] = kind, place
    for event, asked in found.items():
        asked.acks = acks_of(asked.emissions)
        asked.namespaces = {one.namespace for one in asked.emissions}
        if event in changes:
            asked.membership, asked.room_at = changes[event]
        _sort(asked, ids, caused)
        _effects(asked, caused, received)
        for one in asked.good:
            asked.args.add(one.args)
        if asked.room_at is None and rooms is not None:
            asked.room_at = _place(asked.good, ids)
    return found


def _sort(asked: Asked, ids: frozenset[Scalar], caused: Mapping[str, Caused]) -> None:
    """Find the emissions that the service took: what had no effect is good where it looks like what had one."""
    kept = [one for one in asked.emissions if not one.refused]
    if asked.membership is not None and asked.room_at is not None:
        kept = [one for one in kept if one.values.get(asked.room_at) in ids]
    counts = Counter(event for one in kept for event in one.effects)
    usual = {event for event, count in counts.items() if count >= USUAL * len(kept) and caused[event].is_explained}
    sure = [one for one in kept if usual & one.effects or one.ack is not None]
    if not sure or len(sure) == len(kept):
        asked.good = kept
        return
    args = Arguments()
    for one in sure:
        args.add(one.args)
    schemas = [Schema(schema_of(shape)) for shape in args.places]
    lengths = set(args.counts)

    def alike(one: Emission) -> bool:
        return len(one.args) in lengths and all(
            schema.is_valid(value) for schema, value in zip(schemas, one.args, strict=False)
        )

    asked.good = [one for one in kept if usual & one.effects or one.ack is not None or alike(one)]


def _effects(asked: Asked, caused: Mapping[str, Caused], received: Mapping[str, Received]) -> None:
    """Which events nearly every good emission causes, and which one answers it."""
    shares: dict[str, int] = defaultdict(int)
    for one in asked.good:
        for event in one.effects:
            shares[event] += 1
    for event, count in sorted(shares.items()):
        settled_s = min(SETTLED_S, _slowest_s(asked.event, caused[event]))
        judged = [one for one in asked.good if one.effects or one.open_s > settled_s]
        share, who = count / len(judged), received[event]
        if who.ambiguous:
            continue
        alone = set(caused[event].counts) == {asked.event}
        if who.receivers == "requester" and who.sure and alone and share >= ANSWERED and asked.reply is None:
            asked.reply = event
        elif share >= HAS_EFFECT:
            asked.broadcasts[event] = count


def _slowest_s(request: str, caused: Caused) -> float:
    """The longest that an event was seen to take after a request: an emission that was open for longer had none."""
    return max(
        (one.first_s - one.cause.at_s for one in caused.publications if one.cause and one.cause.event == request),
        default=SETTLED_S,
    )


def _place(good: Sequence[Emission], ids: frozenset[Scalar]) -> Place | None:
    """Where nearly all emissions name a room."""
    counts: dict[Place, int] = defaultdict(int)
    for one in good:
        for place, value in one.values.items():
            counts[place] += value in ids
    best = min(counts, key=lambda place: (-counts[place], place.count("/"), place), default=None)
    return best if best is not None and counts[best] >= max(1, NAMES_ROOM * len(good)) else None
