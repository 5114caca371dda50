"""Where broadcasts were sent, as observers saw it on the way: whether anybody received them or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from conformance.analysis.expected import Expected, Key
from conformance.model.payload import payload_of
from conformance.model.transcript import AnyEntry, Observed, Opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A broadcast that an observer saw on its way."""

    index: int
    rooms: tuple[str, ...]
    to_sockets: bool
    """Whether it was sent to single sockets of this act, each of which is alone in a room that is called as itself."""
    via: str


def publications_of(
    entries: Sequence[AnyEntry], provocations: Sequence[Expected], names: Collection[str]
) -> Mapping[Key, tuple[Publication, ...]]:
    """What observers saw sent of each provocation, by its key.

    A publication belongs to the provocations whose values it carries; one that carries nobody's may be anybody's whose
    values the service changed. One that was seen before its cause, or speaks of another room, belongs to none.

    Args:
        names: every event name that a client may receive. What bears another may be renamed.
    """
    sockets = {entry.socket for entry in entries if isinstance(entry, Opened)}
    due: dict[str, list[Expected]] = defaultdict(list)
    for provocation in provocations:
        due[provocation.room].append(provocation)
    found: dict[Key, list[Publication]] = defaultdict(list)
    for index, seen in enumerate(entries):
        if not isinstance(seen, Observed) or seen.event is None:
            continue
        made = Publication(
            index=index,
            rooms=seen.rooms,
            to_sockets=any(room in sockets for room in seen.rooms),
            via=seen.actor,
        )
        for provocation in _causes(due.get(seen.subject or "", ()), seen, names):
            found[provocation.key].append(made)
    return {key: tuple(made) for key, made in found.items()}


def _causes(due: Sequence[Expected], seen: Observed, names: Collection[str]) -> list[Expected]:
    """The provocations that a publication can be of."""
    payload = payload_of(seen.args)
    before = [one for one in due if one.at_s <= seen.at_s]
    if seen.event not in names:
        return [one for one in before if len(one.echoes) > 1 and one.carried_by(payload)]
    named = [one for one in before if one.event == seen.event]
    return [one for one in named if one.carried_by(payload)] or named
