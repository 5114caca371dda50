"""The act about ids: which of two that are alike are one room."""

from __future__ import annotations

from functools import partial

from conformance.model.act import Act, Step, Together
from conformance.model.ids import CASES, PREFIX, SUBJECTS, SUFFIXES, Form, pair_of
from conformance.plan.stimulus import Setting, Stimulus, act, at_once, connect, cues, enter, heard, signal
from contracts.model import Bundle
from contracts.room import Room

NONCE_CHARACTERS = 16
"""Characters of the nonce of a round, at most, in a sample of its ids."""

PLAIN = ("pia", "quin")
"""The actors in the first and the second room of each pair of `RC-...` ids."""

MEMBERS: dict[Form, tuple[str, str]] = {
    "digits": ("ned", "nan"),
    "leading-zeros": ("zoe", "zed"),
    "hex": ("hal", "hia"),
}
"""The same for the other forms: each has sockets of its own, so that an error is known to be about that form."""


TURNS = 4
"""Sends of both sides by turns: each has sent, and has heard something later, twice."""


def likeness(setting: Setting) -> Act | None:
    """Pairs of ids that are alike: one socket is in the first of each pair, another in the second.

    All are in one more room, too, whose last broadcast shows that each socket still heard what it was to hear. Where a
    socket is in one room at a time, each id has a socket of its own, which hears its own room last.
    """
    bundle = setting.bundle
    if bundle.room.is_none:
        return None
    ids = _members(setting)
    kept = setting.room("likeness", "kept")
    last = signal(setting, kept, next(iter(ids), PLAIN[0]), "l9")
    if last is None or not ids:
        return None
    steps: list[Step] = []
    for number in range(TURNS + bundle.one_room):
        # By turns the members of the first rooms and those of the second: whoever is silent hears its own room next.
        turns = [actor for place, actor in enumerate(ids) if place % 2 == number % 2]
        made = {actor: _sent(setting, ids[actor], actor, f"l{number}") for actor in turns}
        steps.append(at_once(one for own in made.values() for one in own))
        steps.append(Together(steps=tuple(heard(own, actor) for actor, own in made.items())))
    entered = [enter(setting, room, actor) for actor, own in ids.items() for room in own]
    rooms = [room for own in ids.values() for room in own]
    if bundle.one_room:
        return act("likeness", rooms, connect(*ids), Together(steps=tuple(entered)), *steps)
    return act(
        "likeness",
        (*rooms, kept),
        connect(*ids),
        Together(steps=(*entered, enter(setting, kept, *ids))),
        *steps,
        last.step,
        last.heard_by(*ids),
    )


def ways(room: Room) -> list[str]:
    """The ways in which two ids that a kind of room allows can be alike."""
    if room.is_none:
        return []
    sample = Setting(bundle=_only(room), nonce="0" * NONCE_CHARACTERS)
    return [*_pairs(sample), *(subject for subject, form in SUBJECTS.items() if form and _takes(sample, form))]


def _only(room: Room) -> Bundle:
    """Contracts with nothing but a kind of room."""
    return Bundle(
        name="",
        title="",
        version="",
        summary="",
        source="",
        place="",
        path="/",
        namespace="/",
        room=room,
        events={},
        calls={},
    )


def _members(setting: Setting) -> dict[str, list[str]]:
    """The ids of the rooms that each socket is in: by turns the first and the second ones of pairs."""
    pairs = list(_pairs(setting).values())
    if setting.bundle.one_room:
        ids = {f"{actor}{n}": [pair[place]] for n, pair in enumerate(pairs) for place, actor in enumerate(PLAIN)}
    else:
        ids = {actor: [pair[place] for pair in pairs] for place, actor in enumerate(PLAIN) if pairs}
    for form in setting.id_forms:
        if _takes(setting, form):
            pair = pair_of(form, setting.run, setting.round_number)
            ids |= {actor: [room] for actor, room in zip(MEMBERS[form], pair, strict=True)}
    return ids


def _takes(setting: Setting, form: Form) -> bool:
    """Whether the ids of a form are allowed. Ids that are numbers have one form."""
    room = setting.bundle.room
    return not room.has_numbers and all(map(room.takes, pair_of(form, setting.run, setting.round_number)))


def _pairs(setting: Setting) -> dict[str, tuple[str, str]]:
    """Two ids that are alike, for each way in which they can be."""
    room = setting.bundle.room
    if room.has_numbers:
        # Shorter by two digits than others, so that the longer one is no larger than they are.
        begin = setting.room("likeness", "number")[:-2]
        pairs = {PREFIX: (f"{begin}1", f"{begin}12")}
    elif room.is_free:
        named = partial(setting.named, "likeness")
        pairs = {subject: (named(one), named(other)) for subject, (one, other) in SUFFIXES.items()}
    else:
        one = setting.room("likeness", "case")
        pairs = {CASES: (one, one.swapcase())} if one != one.swapcase() else {}
    return {subject: pair for subject, pair in pairs.items() if all(map(room.takes, pair))}


def _sent(setting: Setting, rooms: list[str], actor: str, mark: str) -> list[Stimulus]:
    """What is sent to each room: a broadcast by the usual road, and one over the actor's own socket."""
    made: list[Stimulus] = []
    for room in rooms:
        usual = signal(setting, room, actor, mark)
        made += ([usual] if usual else []) + _own(setting, room, actor, mark)
    return made


def _own(setting: Setting, room: str, actor: str, mark: str) -> list[Stimulus]:
    """Cues over the actor's own socket that it hears itself: no path has to carry the id then."""
    made = cues(setting, room, actor, mark, later=False)
    limited = {r.broadcast for r in setting.bundle.requests() if r.most_per_s}
    return [one for one in made if one.sender and one.to_sender and one.event not in limited][:1]
