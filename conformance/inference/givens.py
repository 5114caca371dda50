"""Fields of requests that always name what the service has told their socket before, such as the id of a message."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set

from conformance.inference.requests import Asked
from conformance.inference.scenes import Place, Scalar, Scene


def given_in(scenes: Sequence[Scene], asked: Asked, others: Mapping[str, Asked]) -> dict[str, dict[str, str]]:
    """By field of a request with one object: the broadcast that had its values, and where.

    What gives a value is good at any time: its own request names nothing that was given.
    """
    free = {name for name, one in others.items() if name != asked.event and not _found(scenes, one, {*others})}
    return _found(scenes, asked, free)


def _found(scenes: Sequence[Scene], asked: Asked, makers: Set[str]) -> dict[str, dict[str, str]]:
    if asked.membership is not None or not asked.good:
        return {}
    wanted = {id(one) for one in asked.good}
    kept: dict[Place, set[tuple[str, Place]]] = {}
    for scene in scenes:
        good = [one for one in scene.emissions if id(one) in wanted]
        told = _told(scene, makers - {asked.event}) if good else {}
        for one in good:
            for place, value in one.values.items():
                told_s = told.get((one.actor, value), {})
                had = {origin for origin, first_s in told_s.items() if first_s < one.at_s}
                kept[place] = kept[place] & had if place in kept else had
    found = {}
    for place, origins in kept.items():
        field = place.removeprefix("/0/")
        if origins and place.startswith("/0/") and "/" not in field:
            event, at = min(origins)
            found[field] = {"broadcast": event, "at": at.removeprefix("/0")}
    return found


def _told(scene: Scene, makers: Set[str]) -> dict[tuple[str, Scalar], dict[tuple[str, Place], float]]:
    """By actor and value: the events and places that told it, and when.

    Only what no client had chosen, what names one thing alone, and what is no id of a socket or user.
    """
    ids = {name for names in scene.ids.values() for name in names}
    counts = Counter((one.event, place, value) for one in scene.publications for place, value in one.values.items())
    found: dict[tuple[str, Scalar], dict[tuple[str, Place], float]] = defaultdict(dict)
    for one in scene.publications:
        if one.cause is None or one.cause.event not in makers or one.cause.actor not in one.receivers:
            continue
        for place, value in one.values.items():
            is_made = isinstance(value, str) and value not in ids and counts[one.event, place, value] == 1
            if is_made and value not in set(one.cause.values.values()) and place.startswith("/0/"):
                for actor in one.receivers:
                    found[actor, value].setdefault((one.event, place), one.first_s)
    return found
