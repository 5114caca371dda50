"""The room is named as documented.

A client cannot see what a server calls its rooms; whoever joins another service to it, or reads its Redis, must know.
Seen by what watches from outside: the messages of the adapter in Redis, the rooms that the Admin UI tells, and names
that the service gives away in a payload.
"""

import re
from collections.abc import Iterator, Mapping

from conformance.clauses import PAIR, room_events
from conformance.model import Acked, Called, Finding, Got, Observed, Opened, failed, passed, unclear
from conformance.pairing import Provocation
from conformance.plan.delivery import chorus, crossing
from conformance.reading import Reading
from contracts.model import Bundle

CLAUSE = "The room of a subject has the documented name."
ACTS = (chorus, crossing)
subjects = room_events

ROOM_FIELDS = ("room", "roomName", "room_name", "roomId", "room_id")
"""Fields in which services give the name of a room away."""

HINT = "set observers.redis_url or observers.admin of the target, where its adapter or its Admin UI can be watched"


def judge(reading: Reading) -> Iterator[Finding]:
    """Each broadcast that arrived, by the best evidence that there is of where it was sent."""
    given_away = _given_away(reading)
    for provocation in reading.provocations:
        if reading.control(provocation) is None:
            continue
        yield (
            _by_redis(reading, provocation)
            or _by_admin(reading, provocation)
            or _by_payload(reading, provocation, given_away)
            or unclear(provocation.event, "only behaviour was seen, which shows no names", provocation.index, hint=HINT)
        )


def documented(bundle: Bundle, subject: str) -> str:
    """The documented name of a subject's room."""
    return bundle.room.template.replace("{" + bundle.room.key + "}", subject)


def template_of(bundle: Bundle, room: str, subject: str) -> str:
    """What a name is made of: the subject's place in it, whatever its case."""
    found = re.search(re.escape(subject), room, re.IGNORECASE)
    if found is None:
        return f"{room} (one name for every {bundle.room.key})"
    case = "" if found[0] == subject else " in lower case" if found[0] == subject.lower() else " in other letters"
    return room[: found.start()] + "{" + bundle.room.key + case + "}" + room[found.end() :]


def _named(reading: Reading, provocation: Provocation, room: str, via: str, *evidence: int) -> Finding:
    expected = documented(reading.bundle, provocation.room)
    template = reading.bundle.room.template
    if room == expected:
        return passed(provocation.event, f"named {template} (seen by {via})", *evidence)
    got = template_of(reading.bundle, room, provocation.room)
    return failed(provocation.event, f"a room named {template}", f"{got} (seen by {via})", *evidence)


def _by_redis(reading: Reading, provocation: Provocation) -> Finding | None:
    sockets = {opened.socket for _, opened in reading.each(Opened)}
    for index, seen in reading.each(Observed):
        if (seen.event, seen.subject) != (provocation.event, provocation.room):
            continue
        # What is sent to single sockets goes to the rooms that are called as they.
        rooms = [room for room in seen.rooms if room not in sockets]
        expected = documented(reading.bundle, provocation.room)
        if rooms:
            named = expected if expected in rooms else rooms[0]
            return _named(reading, provocation, named, seen.actor, provocation.index, index)
    return None


def _by_admin(reading: Reading, provocation: Provocation) -> Finding | None:
    """The rooms of the sockets that heard it, in a look at a time when they were members."""
    expected = documented(reading.bundle, provocation.room)
    for actor in reading.actors():
        heard = reading.delivered(provocation, actor)
        own = {opened.socket for _, opened in reading.each(Opened) if opened.actor == actor}
        for index, seen in reading.each(Observed):
            if not heard or seen.socket not in own or reading.inside(actor, provocation.room, seen.at_s) != "yes":
                continue
            about = [room for room in seen.rooms if _speaks_of(reading, room) == provocation.room]
            shared = [room for room in seen.rooms if _of_another(reading, room, provocation.room)]
            if expected in about and len(about) > 1:
                continue  # It is in several rooms of the subject: which one was sent to is not seen.
            if about or (shared and expected not in seen.rooms):
                return _named(
                    reading, provocation, (about or shared)[0], seen.actor, provocation.index, heard[0], index
                )
    return None


def _of_another(reading: Reading, room: str, subject: str) -> bool:
    """Whether a socket that is a member of another subject alone was seen in the room, too."""
    sockets = {opened.socket: opened.actor for _, opened in reading.each(Opened)}
    for _, seen in reading.each(Observed):
        actor = sockets.get(seen.socket or "")
        if actor is None or room not in seen.rooms:
            continue
        others = [stay.room for stay in reading.stays if stay.actor == actor]
        if others and subject not in others:
            return True
    return False


def _by_payload(
    reading: Reading, provocation: Provocation, given_away: Mapping[str, tuple[str, int]]
) -> Finding | None:
    if provocation.room not in given_away:
        return None
    name, index = given_away[provocation.room]
    return _named(reading, provocation, name, "payload", provocation.index, index)


def _given_away(reading: Reading) -> dict[str, tuple[str, int]]:
    """The first name that a payload gives away of each subject's room, and the entry that does."""
    found: dict[str, tuple[str, int]] = {}
    for index, entry in enumerate(reading.entries):
        match entry:
            case Got() | Acked():
                said: object = list(entry.args)
            case Called():
                said = entry.answer
            case _:
                continue
        for name in _names_in(said, reading.bundle.room.key):
            subject = _speaks_of(reading, name)
            if subject is not None:
                found.setdefault(subject, (name, index))
    return found


def _speaks_of(reading: Reading, name: str) -> str | None:
    """The subject that a name holds: the longest that stands in it, whatever its case if none does as it is.

    A subject by itself is what most services call a room's id, and gives no name away.
    """
    ids = sorted(reading.transcript.rooms, key=len, reverse=True)
    if name in ids:
        return None
    exact = (room for room in ids if room in name)
    return next(exact, None) or next((room for room in ids if room.lower() in name.lower()), None)


def _names_in(said: object, key: str) -> Iterator[str]:
    """The texts that fields for the name of a room hold, anywhere in a value of two levels."""
    values = said if isinstance(said, list) else [said]
    for value in values:
        for inner in (value, *value.values()) if isinstance(value, dict) else ():
            if isinstance(inner, dict):
                yield from (inner[name] for name in ROOM_FIELDS if name != key and isinstance(inner.get(name), str))


NOTED = (
    PAIR
    + """
http add-note {"room": "r1"} {"text": "hello"} => 201 {}
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
SILENT = NOTED + "redis saw note:added r1 board:r1\n"
SPEAKS = NOTED + "redis saw note:added r1 board-r1\n"
