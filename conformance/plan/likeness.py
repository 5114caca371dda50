"""The act about ids: which of two that are alike are one room."""

from __future__ import annotations

from conformance.model.act import Act, Step, Together
from conformance.model.ids import SUFFIXES, Form, pair_of
from conformance.plan.stimulus import Setting, Stimulus, act, at_once, connect, cues, enter, heard, signal

PLAIN = ("pia", "quin")
"""The actors in the first and the second room of each pair of `RC-...` ids."""

MEMBERS: dict[Form, tuple[str, str]] = {
    "digits": ("ned", "nan"),
    "leading-zeros": ("zoe", "zed"),
    "hex": ("hal", "hia"),
}
"""The same for the other forms: each has sockets of its own, so that an error is known to be about that form."""


def likeness(setting: Setting) -> Act | None:
    """Pairs of ids that are alike: one socket is in the first of each pair, another in the second.

    All are in one more room, too, whose last broadcast shows that each socket still heard what it was to hear.
    """
    if setting.bundle.one_room or setting.bundle.room.is_none:
        return None
    rooms = [tuple(setting.room("likeness", end) for end in ends) for ends in SUFFIXES.values()]
    ids: dict[str, list[str]] = {actor: [pair[place] for pair in rooms] for place, actor in enumerate(PLAIN)}
    for form in setting.id_forms:
        for actor, room in zip(MEMBERS[form], pair_of(form, setting.run, setting.round_number), strict=True):
            ids[actor] = [room]
    kept = setting.room("likeness", "kept")
    last = signal(setting, kept, PLAIN[0], "l9")
    if last is None:
        return None
    steps: list[Step] = []
    for number in range(4):
        # By turns the members of the first rooms and those of the second: whoever is silent hears its own room next.
        turns = [actor for place, actor in enumerate(ids) if place % 2 == number % 2]
        made = {actor: _sent(setting, ids[actor], actor, f"l{number}") for actor in turns}
        steps.append(at_once(one for own in made.values() for one in own))
        steps.append(Together(steps=tuple(heard(own, actor) for actor, own in made.items())))
    return act(
        "likeness",
        (*(room for own in ids.values() for room in own), kept),
        connect(*ids),
        Together(
            steps=(*(enter(setting, r, actor) for actor, own in ids.items() for r in own), enter(setting, kept, *ids))
        ),
        *steps,
        last.step,
        last.heard_by(*ids),
    )


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
