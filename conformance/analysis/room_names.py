"""What observers saw of room names: where broadcasts were sent, heard or not, and which rooms sockets are in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from conformance.analysis.expected import Expected
from conformance.analysis.publications import Publication
from conformance.analysis.reading import Reading
from conformance.model.transcript import Observed, Opened, Watcher
from conformance.model.verdict import Finding, failed, unclear
from contracts.model import Bundle
from contracts.room import Room

RULE = "room-is-named-as-documented"
"""The rule that tells a wrong name; what follows from one refers to it."""

HINT = "set observers.redis_url or observers.admin of the target, where its adapter or its Admin UI can be watched"
WATCHER_HINT = "check the settings of this observer under [observers] of the target"
"""For transcripts of earlier versions, which name their observers and no more."""
BLIND_HINT = "the observer that is set could not watch; a remark of the run says why"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """Why no name of a room was seen."""

    why: str
    hint: str
    """What to set, or to look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Evidence that a broadcast went where its members are not."""

    got: str
    """What there is instead of the documented name."""
    what: str
    """The same as a clause by itself."""
    evidence: tuple[int, ...]


SEPARATORS = (":", "-", "_", "/", ".", "#", "")
"""What services put between a word and an id: a room of another name mostly has another of these."""


def unseen(reading: Reading) -> Unseen:
    """Why no name was seen of the room that a broadcast went to: nothing watched, or what watched saw nothing of it."""
    transcript = reading.transcript
    saw = {seen.actor for _, seen in reading.each(Observed)}
    told, hints = [], []
    for via in transcript.watched_by:
        watcher = transcript.watchers.get(via, Watcher(title=via, hint=WATCHER_HINT))
        told.append(f"{watcher.title} was watched and showed {'other rooms only' if via in saw else 'no room'}")
        hints.append(watcher.hint)
    if told:
        # An observer that is not set yet may see what this one does not.
        return Unseen(why="; ".join(told), hint="; ".join(hints))
    why = "only behaviour was seen, which shows no names"
    return Unseen(why=why, hint=BLIND_HINT if transcript.blind else HINT)


def names_for(room: Room, subjects: Collection[str]) -> list[str]:
    """What the rooms of some subjects may be called: as documented, as they used to be, or with another separator."""
    place = "{" + room.key + "}"
    words = re.sub(r"\W+$", "", room.template.split(place)[0])
    templates = [room.template, *room.retired, place, *(f"{words}{sign}{place}" for sign in SEPARATORS)]
    return [one.replace(place, subject) for subject in subjects for one in dict.fromkeys(templates)]


def template_of(bundle: Bundle, room: str, subject: str) -> str:
    """What a name is made of: the subject's place in it, whatever its case."""
    found = re.search(re.escape(subject), room, re.IGNORECASE)
    if found is None:
        return f"{room} (one name for every {bundle.room.key})"
    case = "" if found[0] == subject else " in lower case" if found[0] == subject.lower() else " in other letters"
    return room[: found.start()] + "{" + bundle.room.key + case + "}" + room[found.end() :]


def speaks_of(rooms: Sequence[str], name: str) -> str | None:
    """The subject that a name holds: the longest that stands in it, whatever its case if none does as it is.

    A subject by itself is what most services call a room's id, and gives no name away.
    """
    ids = sorted(rooms, key=len, reverse=True)
    if name in ids:
        return None
    exact = (room for room in ids if room in name)
    return next(exact, None) or next((room for room in ids if room.lower() in name.lower()), None)


def looks_at(reading: Reading, subject: str, actor: str) -> Iterator[tuple[int, Observed]]:
    """The looks at the rooms of an actor's socket while it was a member of the subject's room, from first to last.

    What a look shows may be as old as its question: a busy service may take long to tell it.
    """
    own = {opened.socket for _, opened in reading.each(Opened) if opened.actor == actor}
    for index, seen in reading.each(Observed):
        times = (seen.at_s if seen.since_s is None else seen.since_s, seen.at_s)
        if seen.socket in own and all(reading.inside(actor, subject, at_s) == "yes" for at_s in times):
            yield index, seen


def sent_amiss(reading: Reading, provocation: Expected) -> Publication | None:
    """The first publication to another room than the documented one, if none went to that or to single sockets."""
    expected = reading.bundle.room.named(provocation.room)
    made = reading.publications.get(provocation.key, ())
    if any(expected in one.rooms or one.to_sockets for one in made):
        return None
    return next((one for one in made if one.rooms), None)


def joined_amiss(reading: Reading, provocation: Expected) -> tuple[str, int] | None:
    """(room, entry) of the first member that was seen in another room of the subject than the documented one."""
    expected = reading.bundle.room.named(provocation.room)
    for actor in reading.actors():
        for index, seen in looks_at(reading, provocation.room, actor):
            about = [room for room in seen.rooms if speaks_of(reading.transcript.rooms, room) == provocation.room]
            if about and expected not in seen.rooms:
                return about[0], index
    return None


def elsewhere(reading: Reading, provocation: Expected) -> Elsewhere | None:
    """Where a broadcast that nobody received was sent, or its members are, if that is not the documented room."""
    if provocation.audience is not None or reading.control(provocation) is not None:
        return None

    def told(room: str, index: int) -> str:
        return f"{template_of(reading.bundle, room, provocation.room)} (seen by {reading.entries[index].actor})"

    expected = reading.bundle.room.named(provocation.room)
    joined, sent = joined_amiss(reading, provocation), sent_amiss(reading, provocation)
    if (joined or sent) and reading.renamed(provocation) is not None:
        return None  # It was heard, under another name.
    right = next((one for one in reading.publications.get(provocation.key, ()) if expected in one.rooms), None)
    if joined:
        where = sent or right
        beside = f", while it was sent to {told(sent.rooms[0] if sent else expected, where.index)}" if where else ""
        return Elsewhere(
            got=f"members in {told(*joined)}{beside}",
            what=f"its members are in {told(*joined)}{beside}",
            evidence=(joined[1], where.index) if where else (joined[1],),
        )
    if sent is None:
        return None
    got = told(sent.rooms[0], sent.index)
    return Elsewhere(got=got, what=f"it was sent to {got}", evidence=(sent.index,))


def refers(reading: Reading, provocation: Expected, subject: str) -> Finding | None:
    """What to say of a broadcast that went to another room than its members are in: the rule of names tells it."""
    found = elsewhere(reading, provocation)
    if found is None:
        return None
    why = f"nobody received {provocation.event}: {found.what}; see {RULE}"
    return unclear(subject, why, provocation.index, *found.evidence)


def unheard(reading: Reading, provocation: Expected, subject: str, expected: str, silent: str, *fence: int) -> Finding:
    """The failure of a cause whose broadcast nobody received, with what observers can say to it.

    Args:
        silent: what there was instead, as `nothing: it was ignored`.
        fence: what shows that it was not only late.
    """
    if provocation.audience is not None:
        return failed(subject, expected, silent, provocation.index, *fence)
    room = reading.bundle.room.named(provocation.room)
    made = reading.publications.get(provocation.key, ())
    template = reading.bundle.room.template
    if any(room in one.rooms for one in made):
        sent = next(one for one in made if room in one.rooms)
        got = f"nothing at its members, though it was sent to {template} (seen by {sent.via})"
        return failed(subject, expected, got, provocation.index, sent.index, *fence)
    if reading.publications:
        return failed(subject, expected, f"{silent} (no observer saw it sent)", provocation.index, *fence)
    got = f"{silent}, or sent to another room than {template}"
    return failed(subject, expected, got, provocation.index, *fence, hint=unseen(reading).hint)
