"""What an event of the service comes of, and what a request of a client does, as far as all scenes agree."""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from conformance.inference.scenes import EFFECT_S, ERRORS, SAME_S, Emission, Publication, Scene

MOST_CAUSES = 3
"""Of one event: more are none that a recording bears out."""
COVERED = 0.9
"""The share of an event's publications that its causes explain; it is said to come of something else below that."""
FOLLOWED = 0.5
"""The share of a request's emissions that an event follows which has no value in common with it."""
LEAST_SHARE = 0.1
"""The share of an event's publications that each of several causes explains."""


@dataclass(slots=True, kw_only=True)
class Caused:
    """What an event of the service comes of."""

    publications: list[Publication] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    """How many publications each cause explains."""
    is_error: bool = False
    """Whether it answers bad requests."""

    @property
    def is_explained(self) -> bool:
        """Whether its causes explain what was seen of it."""
        return sum(self.counts.values()) >= COVERED * len(self.publications)


def causes_of(scenes: Sequence[Scene]) -> dict[str, Caused]:
    """The causes of each event that the service sent, by its name; marks what requests had for effects."""
    found: dict[str, Caused] = defaultdict(Caused)
    for scene in scenes:
        for one in scene.publications:
            found[one.event].publications.append(one)
    emitted = Counter(one.event for scene in scenes for one in scene.emissions)
    for event, caused in found.items():
        if ERRORS.search(event) and all(len(one.receivers) == 1 for one in caused.publications):
            caused.is_error = True
            continue
        _choose(event, caused, emitted)
        _leave_out_others(caused)
        if len(caused.counts) == 1 and _is_answer(caused):
            _split(caused)
    for scene in scenes:
        _blame(scene, {event for event, caused in found.items() if caused.is_error})
    return dict(found)


def _leave_out_others(caused: Caused) -> None:
    """Leave out what was caused in another act that ran at the same time: it is judged there."""
    known: dict[frozenset[tuple[str, object]], list[float]] = defaultdict(list)
    for one in caused.publications:
        if one.cause is not None:
            known[frozenset(one.values.items())].append(one.first_s)

    def is_other(one: Publication) -> bool:
        times = known.get(frozenset(one.values.items()), ()) if one.cause is None and one.values else ()
        return any(abs(one.first_s - at_s) <= SAME_S for at_s in times)

    caused.publications[:] = [one for one in caused.publications if not is_other(one)]


def _is_answer(caused: Caused) -> bool:
    """Whether nearly all that was received had been asked for, just so, by each socket that received it."""
    asked = sum(one.receivers <= {emission.actor for emission in one.alike} for one in caused.publications)
    return asked >= COVERED * len(caused.publications)


def _split(caused: Caused) -> None:
    """Give each socket the answer that it had asked for, where several asked for the same at once."""
    made: list[Publication] = []
    for one in caused.publications:
        asked = {emission.actor: emission for emission in one.alike}
        if not one.receivers <= asked.keys():
            made.append(one)
            continue
        for actor in sorted(one.receivers):
            asked[actor].effects.add(one.event)
            made.append(replace(one, receivers={actor}, cause=asked[actor]))
    caused.publications[:] = made


def _follows(name: str, publications: Sequence[Publication], emitted: Counter[str]) -> bool:
    """Whether an event follows each request of a name, where they have no value in common."""
    count = sum(name in one.causes for one in publications)
    return count >= COVERED * len(publications) and count >= FOLLOWED * emitted[name]


def _last_shares(names: Sequence[str], publications: Sequence[Publication]) -> dict[str, float]:
    """The share of publications before which each of several requests of the only receiver came last.

    Who leaves a room had entered it before: both requests name the room, and the answer is that to the latter.
    """
    found: Counter[str] = Counter()
    for one in publications:
        asked = [(one.causes[name][0], name) for name in names if name in one.causes]
        own = [(ask.at_s, name) for ask, name in asked if ask is not None and one.receivers == {ask.actor}]
        if len(own) > 1:
            found[max(own)[1]] += 1
    return {name: found[name] / len(publications) for name in names}


def _choose(event: str, caused: Caused, emitted: Counter[str]) -> None:
    """The causes that explain most; of those that explain as much, the one that is most like the event."""
    left = list(caused.publications)
    while left and len(caused.counts) < MOST_CAUSES:
        tally = Counter(name for one in left for name in one.causes)
        if not tally:
            return
        most = max(tally.values())
        near = [name for name, count in tally.items() if count >= COVERED * most]
        shared = {name: sum(one.causes[name][1] for one in left if name in one.causes) for name in near}
        near = [name for name in near if shared[name] or _follows(name, left, emitted)]
        if not near:
            return
        alike = {name: sum(one.causes[name][1] for one in left if name in one.causes) / tally[name] for name in near}
        best = max(alike.values()) or 1
        last = _last_shares(near, left)

        def likely(
            name: str, alike: dict[str, float] = alike, best: float = best, last: dict[str, float] = last
        ) -> tuple[float, str]:
            named = difflib.SequenceMatcher(None, name, event).ratio()
            return alike[name] / best + named + last[name], name

        name = max(near, key=likely)
        if tally[name] < LEAST_SHARE * len(caused.publications):
            return
        caused.counts[name] = tally[name]
        for one in left:
            emission = one.causes[name][0] if name in one.causes else None
            if emission is not None:
                one.cause = emission
                one.alike = [other for other in one.nearby if other.event == name and other.values == emission.values]
                emission.effects.add(event)
        left = [one for one in left if name not in one.causes]


def _blame(scene: Scene, errors: set[str]) -> None:
    """Mark the request that each error answers: the last of its receiver that had no effect and no ack."""
    by_actor: dict[str, list[Emission]] = defaultdict(list)
    for emission in scene.emissions:
        by_actor[emission.actor].append(emission)
    for one in scene.publications:
        if one.event not in errors:
            continue
        (actor,) = one.receivers
        for emission in reversed(by_actor[actor]):
            if emission.at_s > one.first_s or emission.refused or emission.effects or emission.ack is not None:
                continue
            if one.first_s - emission.at_s <= EFFECT_S:
                emission.refused = True
            break
