"""Who receives an event of the service, as far as a recording tells it from everything else that it may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from conformance.inference.rooms import Members, Rooms, ids_of, members_of
from conformance.inference.scenes import Publication, Scalar, Scene, telling

AGREED = 0.95
"""The share of the publications that keep to what is said of their receivers."""
SEVERAL = 5
"""Publications from which on one of them may not keep to it: a call may have removed a member."""

Judge: TypeAlias = Callable[[Publication], bool | None]
"""Whether a publication went to whom it says; None where it does not tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """The receivers of an event, as contracts name them."""

    receivers: Any
    sure: bool
    """Whether the recording tells them from all others that it may be."""
    ambiguous: bool = False
    """Whether it may be an answer to whoever asked as well as something for whom the request names."""
    agreed: int = 0
    """How many publications went to them."""
    count: int = 0


@dataclass(slots=True, kw_only=True)
class Hall:
    """All scenes, with who was connected and who was a member of which room."""

    rooms: Rooms | None
    ids: frozenset[Scalar]
    members: Mapping[int, Members]
    scene_of: Mapping[int, Scene]
    """The scene of each publication, by its identity."""

    def live(self, one: Publication) -> set[str]:
        """Who was connected when it was sent."""
        return self.scene_of[id(one)].live(one.namespace, one.first_s)

    def inside(self, one: Publication) -> tuple[set[str], set[str]] | None:
        """(the members of its room, those that may be members) when it was sent; None where it has no room."""
        scene = self.scene_of[id(one)]
        members = self.members.get(id(scene))
        room = members.room_of(one, self.ids) if members is not None else None
        if members is None or room is None:
            return None
        known = {actor: members.is_in(actor, room, one.first_s) for actor in self.live(one)}
        return {a for a, here in known.items() if here}, {a for a, here in known.items() if here is None}


def hall_of(scenes: Sequence[Scene], events: Mapping[str, Sequence[Publication]], rooms: Rooms | None) -> Hall:
    """Read all scenes by a model of rooms."""
    where = {id(one): scene for scene in scenes for one in scene.publications}
    split = [one for found in events.values() for one in found if id(one) not in where]
    if split:
        by_time = {(one.event, one.first_s): scene for scene in scenes for one in scene.publications}
        where |= {id(one): by_time[one.event, one.first_s] for one in split}
    return Hall(
        rooms=rooms,
        ids=ids_of(scenes, rooms) if rooms else frozenset(),
        members={id(scene): members_of(scene, rooms) for scene in scenes} if rooms else {},
        scene_of=where,
    )


def received(publications: Sequence[Publication], hall: Hall) -> Received:
    """Whom an event was sent to: what nearly all of its publications bear out, and something else would not."""
    judges: list[tuple[Any, Judge]] = [
        ("requester", lambda one: one.cause is not None and one.receivers == {one.cause.actor}),
        *_addresses(publications, hall),
        ("room-but-sender", lambda one: _room(one, hall, but_sender=True)),
        ("room", lambda one: _room(one, hall, but_sender=False)),
        ("everyone-but-sender", lambda one: one.cause is not None and one.receivers == _others(one, hall)),
        ("everyone", lambda one: one.receivers == hall.live(one)),
    ]
    kept = []
    for receivers, judge in judges:
        answers = [judge(one) for one in publications]
        known = [one for one in answers if one is not None]
        agreed = sum(map(bool, known))
        spared = max(len(known) * (1 - AGREED), 1 if len(known) >= SEVERAL else 0)
        if known and len(known) >= AGREED * len(answers) and len(known) - agreed <= spared:
            kept.append((receivers, agreed, len(known)))
    if not kept:
        return Received(receivers="everyone", sure=False, count=len(publications))
    if kept[0][0] == "requester" and any(isinstance(name, dict) for name, _, _ in kept):
        return Received(receivers="everyone", sure=False, ambiguous=True, count=len(publications))
    receivers, agreed, count = kept[0]
    sure = _told_apart([name for name, _, _ in kept], publications, hall)
    return Received(receivers=receivers, sure=sure, agreed=agreed, count=count)


def _others(one: Publication, hall: Hall) -> set[str]:
    """Who was connected besides the sender."""
    return hall.live(one) - ({one.cause.actor} if one.cause is not None else set())


def _room(one: Publication, hall: Hall, *, but_sender: bool) -> bool | None:
    found = hall.inside(one)
    if found is None or (but_sender and one.cause is None):
        return False
    inside, unsure = found
    wanted = inside - ({one.cause.actor} if but_sender and one.cause else set())
    if but_sender and one.cause and one.cause.actor in one.receivers:
        return False
    return wanted <= one.receivers <= wanted | unsure


def _addresses(publications: Sequence[Publication], hall: Hall) -> list[tuple[Any, Judge]]:
    """Places of the cause's arguments that name each receiver by the id of its socket or user."""
    caused = [one for one in publications if one.cause is not None]
    found: list[tuple[Any, Judge]] = []
    for place in dict.fromkeys(place for one in caused if one.cause for place in one.cause.values):
        if not place.startswith("/0/") and len({len(one.cause.args) for one in caused if one.cause}) > 1:
            continue

        def named(one: Publication, place: str = place) -> bool | None:
            if one.cause is None:
                return None
            scene, value = hall.scene_of[id(one)], one.cause.values.get(place)
            wanted = {actor for actor, ids in scene.ids.items() if value in ids} & hall.live(one)
            return one.receivers == wanted

        users = {user for scene in hall.scene_of.values() for user in scene.users.values()}
        values = {one.cause.values.get(place) for one in caused if one.cause}
        kind = "user" if values & users else "socket"
        found.append(({kind: _pointer(place, caused)}, named))
    return found


def _pointer(place: str, caused: Sequence[Publication]) -> str:
    """A pointer into the payload of the cause, from one into its arguments."""
    single = all(one.cause is not None and len(one.cause.args) == 1 for one in caused)
    return place.removeprefix("/0") if single else place


def _told_apart(kept: Sequence[Any], publications: Sequence[Publication], hall: Hall) -> bool:
    """Whether the first that is kept is told from all others, by publications that went to them and no others."""
    several = [one for one in publications if len(hall.live(one)) > 1]
    if not several:
        return False
    first, *others = kept
    if first == "requester" and not any(_is_no_room(one, hall) for one in several):
        return False
    if first in ("requester", "everyone") or isinstance(first, dict):
        return not others or all(one.receivers < hall.live(one) for one in several)
    if first in ("room", "room-but-sender"):
        return any(_others(one, hall) - one.receivers for one in several)
    return True


def _is_no_room(one: Publication, hall: Hall) -> bool:
    """Whether what the sender alone received is no broadcast to a room that it was alone in.

    It had emitted nothing else with a value that comes out, by which it would have entered one; or others had, too.
    """
    if one.cause is None or one.receivers != {one.cause.actor}:
        return False
    own, cause = telling(one.values), one.cause
    before = [other for other in hall.scene_of[id(one)].emissions if other.at_s < one.first_s]
    shared = {
        value
        for other in before
        if other.actor == cause.actor and other.event != cause.event
        for value in own & telling(other.values)
    }
    others = hall.live(one) - one.receivers
    return not shared or any(other.actor in others and shared & telling(other.values) for other in before)
