"""Broadcasts under another name: told by what they carry, at the moment when they were due."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence

import msgspec

from conformance.analysis.expected import Expected, Key
from conformance.model.transcript import Got

SAME_NAME_RATIO = 0.4
"""How alike two names must be (difflib) to be called a rename when their payloads alone do not tell:
`message:new` for `message:broadcast` is 0.57; two unrelated names of this length stay under 0.35."""


def renames(
    unheard: Iterable[Expected], strange: Sequence[tuple[int, Got]], of_room: Callable[[Got, str], bool]
) -> dict[Key, int]:
    """For the key of what was due, the entry that is its broadcast under an undocumented name, where there is one.

    Args:
        unheard: the causes whose broadcast nobody got under its own name.
        strange: the events of undocumented names, with their indices.
        of_room: whether an event says that it belongs to a room.
    """
    found = ((one.key, _likest(one, strange, of_room)) for one in unheard)
    return {key: other for key, other in found if other is not None}


def _likest(
    provocation: Expected, strange: Sequence[tuple[int, Got]], of_room: Callable[[Got, str], bool]
) -> int | None:
    """Of undocumented events the one that looks like the due broadcast, if one does.

    Its arguments are read as the contract says that those of the broadcast stand on the wire, such as a bare text.
    It must carry the room and every echoed value and keep the documented schema; where several
    do, the name most alike wins, and one with nothing but the room to go by must be alike.
    """
    telling = len(provocation.echoes) > 1
    best: tuple[float, int] | None = None
    form = provocation.broadcast.form
    for index, raw in strange:
        got = raw if form is None else msgspec.structs.replace(raw, args=(form.fields(raw.args),))
        if got.at_s < provocation.at_s or not provocation.carried_by(got.args[0]):
            continue
        if not of_room(got, provocation.room):
            continue
        alike = difflib.SequenceMatcher(None, got.event.lower(), provocation.event.lower()).ratio()
        if telling and provocation.broadcast.payload.is_valid(got.args[0]):
            alike += 1
        if alike >= SAME_NAME_RATIO and (best is None or alike > best[0]):
            best = (alike, index)
    return best[1] if best else None
