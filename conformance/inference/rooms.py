"""Which requests make a socket a member of a room, and which end that: what explains best who received what."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from conformance.inference.scenes import Emission, Place, Publication, Scalar, Scene

UNSURE_S = 0.1
"""After a request to enter or leave, within which a socket may be in the room or not, where the service is fast."""
SLOW = 0.9
"""The share of what requests cause that comes sooner than a socket is taken to enter a room."""
MOST_WRONG = 0.05
"""The share of the answers to `was it a member?` that a model of rooms may have wrong."""
MOST_JUDGED = 600
"""Publications by which models are compared; those of a longer recording say the same again."""
MOST_CANDIDATES = 40
"""Requests and places that are tried."""
DOUBT = 3
"""Answers that a request without a name of the usual kind has to get right more than one with it."""

Named = tuple[str, Place]
"""A request, and where its arguments name a room."""

_ENTERS = ("join", "enter", "subscribe", "init", "open", "watch", "follow", "attach", "register", "sit", "select",
           "switch", "hello", "begin", "login")  # fmt: skip
_LEAVES = ("leave", "exit", "unsubscribe", "unwatch", "unfollow", "detach", "quit", "stand", "bye", "logout",
           "unjoin", "deselect")  # fmt: skip
_CLOSES = ("close", "end", "finish", "delete", "destroy", "archive")
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
LONG = 4
"""Letters of a word that is found in one with others, such as `joinroom`."""


def _says(event: str, hints: tuple[str, ...]) -> bool:
    """Whether a word of a name is one of these, or begins or ends with one."""
    words = [word.lower() for word in _WORDS.findall(event)]
    return any(
        word == hint or (len(hint) >= LONG and (word.startswith(hint) or word.endswith(hint)))
        for word in words
        for hint in hints
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """How sockets become members of rooms, and cease to be."""

    enter: tuple[Named, ...] = ()
    leave: tuple[Named, ...] = ()
    unsure_s: float = UNSURE_S
    """How long after a request its socket may be in the room or not."""
    right: int = 0
    """How many of the answers to `was it a member?` it gets right."""
    wrong: int = 0
    missed: int = 0
    """How many memberships, of which a check has made sure, it knows nothing of."""

    def changes(self) -> Iterator[tuple[str, Named]]:
        """(what it does, the request) of each request that changes who is in a room."""
        yield from (("enter", one) for one in self.enter)
        yield from ((_leaving(one[0]), one) for one in self.leave)


def _leaving(event: str) -> str:
    """How a socket leaves by a request: because the room is closed, where its name says so."""
    return "close" if _says(event, _CLOSES) and not _says(event, _LEAVES) else "leave"


@dataclass(slots=True, kw_only=True)
class Members:
    """Who was in which room of a scene, as a model says."""

    scene: Scene
    rooms: Rooms
    by_actor: dict[str, list[tuple[float, str, Scalar]]]

    def is_in(self, actor: str, room: Scalar, at_s: float) -> bool | None:
        """Whether an actor was a member at a time; None where that is not sure."""
        inside = False
        last_s = float("-inf")
        for when_s, kind, value in self.by_actor.get(actor, ()):
            if when_s >= at_s:
                break
            if value == room:
                inside, last_s = kind == "enter", when_s
        return None if at_s - last_s < self.rooms.unsure_s else inside

    def room_of(self, one: Publication, values: frozenset[Scalar]) -> Scalar | None:
        """The room that a publication is about: it names it, or its cause came from a member of one."""
        named = room_in(one, values)
        if named is not None or one.cause is None:
            return named
        room = None
        for when_s, kind, value in self.by_actor.get(one.cause.actor, ()):
            if when_s >= one.first_s:
                break
            room = value if kind == "enter" else None if value == room else room
        return room


def room_in(one: Publication | Emission, values: frozenset[Scalar]) -> Scalar | None:
    """The first value of a message that is that of a room, outer ones first."""
    found = [place for place, value in one.values.items() if value in values]
    return one.values[min(found, key=lambda place: place.count("/"))] if found else None


def members_of(scene: Scene, rooms: Rooms) -> Members:
    """Read a scene by a model."""
    does: dict[str, list[tuple[str, Place]]] = defaultdict(list)
    for kind, (event, place) in rooms.changes():
        does[event].append((kind, place))
    by_actor: dict[str, list[tuple[float, str, Scalar]]] = defaultdict(list)
    for emission in scene.emissions:
        for kind, place in does.get(emission.event, ()):
            room = emission.values.get(place)
            if room is not None and not emission.refused:
                by_actor[emission.actor].append((emission.at_s, kind, room))
    return Members(scene=scene, rooms=rooms, by_actor=by_actor)


def ids_of(scenes: Sequence[Scene], rooms: Rooms) -> frozenset[Scalar]:
    """The rooms that were entered, by the values that name them."""
    wanted = set(rooms.enter)
    return frozenset(
        value
        for scene in scenes
        for one in scene.emissions
        if not one.refused
        for place, value in one.values.items()
        if (one.event, place) in wanted
    )


def one_kind(scenes: Sequence[Scene], rooms: Rooms) -> tuple[Rooms, list[str]]:
    """(the rooms of the kind that is entered most, the requests that enter others): kinds have no id in common."""
    values = {named: ids_of(scenes, Rooms(enter=(named,))) for _, named in rooms.changes()}
    kinds: list[tuple[set[Scalar], list[Named]]] = []
    for named in rooms.enter:
        met = [kind for kind in kinds if kind[0] & values[named]]
        joined = (
            set(values[named]).union(*(ids for ids, _ in met)),
            [named, *(one for _, some in met for one in some)],
        )
        kinds = [kind for kind in kinds if kind not in met] + [joined]
    most, enter = max(kinds, key=lambda kind: len(kind[0]))
    left = tuple(named for named in rooms.leave if values[named] & most)
    kept = tuple(named for named in rooms.enter if named in enter)
    return replace(rooms, enter=kept, leave=left), [event for event, _ in rooms.enter if (event, _) not in kept]


def rooms_of(scenes: Sequence[Scene], shared: frozenset[str]) -> Rooms | None:
    """The model that explains best who received what; None where everybody did, or nothing explains it.

    Args:
        shared: the events that are sent to more than whoever asked for them.
    """
    every = [(scene, one) for scene in scenes for one in scene.publications if one.event in shared]
    judged = [
        Judged(scene=scene, one=one, live=frozenset(scene.live(one.namespace, one.first_s) - _sender(one)))
        for scene, one in every[:: len(every) // MOST_JUDGED + 1]
    ]
    told = {value for each in judged for value in each.one.values.values()}
    candidates = _candidates(scenes, told | {room for scene in scenes for _, room, _ in scene.marks})
    everyone = _of_everyone(judged)
    # What a request causes says nothing of whether it is a way in, unless its name does.
    causing = {each.one.cause.event for each in judged if each.one.cause is not None}
    enters = [named for named in candidates if named[0] not in causing or _says(named[0], _ENTERS)]
    took_s = sorted(one.first_s - one.cause.at_s for _, one in every if one.cause is not None)
    unsure_s = max(UNSURE_S, took_s[int(SLOW * len(took_s))] if took_s else 0.0)
    best, cost = None, float("inf")
    for named in enters:
        model = _tried(scenes, judged, Rooms(enter=(named,), unsure_s=unsure_s))
        if _cost(model) < cost and model.right:
            best, cost = model, _cost(model)
    while best is not None:
        tried = [
            _tried(scenes, judged, more)
            for named in candidates
            if (best.wrong > _doubt(best) or _says(named[0], (*_ENTERS, *_LEAVES, *_CLOSES)))
            and all(named[0] != other[0] for _, other in best.changes())
            for more in (replace(best, enter=(*best.enter, named)), replace(best, leave=(*best.leave, named)))
            if named in enters or named not in more.enter
        ]
        better = min(tried, key=_cost, default=best)
        if _cost(better) >= _cost(best):
            break
        best = better
    if best is None or best.wrong > MOST_WRONG * (best.right + best.wrong) or best.wrong >= everyone:
        return None
    return best


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A publication by which models are compared."""

    scene: Scene
    one: Publication
    live: frozenset[str]
    """Who was connected besides the sender."""


def _doubt(model: Rooms) -> float:
    return DOUBT + 0.02 * (model.right + model.wrong)


def _cost(model: Rooms) -> float:
    """What is wrong, with a penalty for each request whose name is not one of the usual kind."""
    doubts = sum(not _says(event, _ENTERS) or _says(event, _LEAVES) for event, _ in model.enter)
    doubts += sum(not _says(event, (*_LEAVES, *_CLOSES)) for event, _ in model.leave)
    return model.wrong + model.missed + _doubt(model) * doubts + 0.01 * sum(1 for _ in model.changes())


def _candidates(scenes: Sequence[Scene], told: set[Scalar]) -> list[Named]:
    """The requests and places whose values come out again, the most frequent first."""
    counts = Counter(
        (one.event, place)
        for scene in scenes
        for one in scene.emissions
        if not one.refused
        for place, value in one.values.items()
        if place.count("/") <= 2 and value in told and not isinstance(value, float)
    )
    return [named for named, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:MOST_CANDIDATES]]


def _of_everyone(judged: Sequence[Judged]) -> int:
    """What is wrong where everybody who is connected is taken for a receiver."""
    return sum(len(each.live - each.one.receivers) for each in judged)


def _sender(one: Publication) -> set[str]:
    return {one.cause.actor} if one.cause is not None else set()


def _tried(scenes: Sequence[Scene], judged: Sequence[Judged], model: Rooms) -> Rooms:
    """A model with what it gets right and wrong."""
    ids = ids_of(scenes, model)
    read = {id(scene): members_of(scene, model) for scene in scenes}
    right = wrong = missed = 0
    for scene in scenes:
        for actor, room, at_s in scene.marks:
            known = {str(value): value for _, _, value in read[id(scene)].by_actor.get(actor, ())}
            if room in known and read[id(scene)].is_in(actor, known[room], at_s) is not False:
                right += 1
            else:
                missed += 1
    for each in judged:
        members = read[id(each.scene)]
        named = members.room_of(each.one, ids)
        for actor in each.live:
            inside = False if named is None else members.is_in(actor, named, each.one.first_s)
            if inside is None:
                continue
            if inside == (actor in each.one.receivers):
                right += 1
            else:
                wrong += 1
    return replace(model, right=right, wrong=wrong, missed=missed)
