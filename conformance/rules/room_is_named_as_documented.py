"""The room is named as documented.

Clients never see the server's room names, but another service that emits into the room, or reads its Redis, needs
them. Judged by what observers see: the messages of the adapter in Redis, the rooms that the Admin UI lists, and
names that the service reveals in a payload.
"""

from collections.abc import Iterator, Mapping

from conformance.analysis.expected import Expected
from conformance.analysis.queries import PAIR, room_events
from conformance.analysis.reading import Reading
from conformance.analysis.room_names import elsewhere, looks_at, sent_amiss, speaks_of, template_of, unseen
from conformance.model.transcript import Acked, Called, Got, Observed, Opened
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.plan.delivery import chorus, crossing

CLAUSE = "The room of a subject has the documented name."
ACTS = (chorus, crossing)
subjects = room_events

ROOM_FIELDS = ("room", "roomName", "room_name", "roomId", "room_id")
"""Fields in which services give the name of a room away."""


def judge(reading: Reading) -> Iterator[Finding]:
    """Each broadcast by the best evidence that there is of where it was sent, whether it was heard or not."""
    given_away, nothing = _given_away(reading), unseen(reading)
    for provocation in reading.provocations:
        if provocation.audience is not None:
            continue
        heard = reading.control(provocation) is not None
        found = _by_redis(reading, provocation)
        if heard:
            yield (
                found
                or _by_admin(reading, provocation)
                or _by_payload(reading, provocation, given_away)
                or unclear(provocation.event, nothing.why, provocation.index, hint=nothing.hint)
            )
            continue
        apart = elsewhere(reading, provocation)
        if apart is not None:
            expected = f"a room named {reading.bundle.room.template}"
            yield failed(provocation.event, expected, apart.got, provocation.index, *apart.evidence)
        elif found is not None:
            yield found


def _named(reading: Reading, provocation: Expected, room: str, via: str, *evidence: int) -> Finding:
    expected = reading.bundle.room.named(provocation.room)
    template = reading.bundle.room.template
    if room == expected:
        return passed(provocation.event, f"named {template} (seen by {via})", *evidence)
    got = template_of(reading.bundle, room, provocation.room)
    return failed(provocation.event, f"a room named {template}", f"{got} (seen by {via})", *evidence)


def _by_redis(reading: Reading, provocation: Expected) -> Finding | None:
    expected = reading.bundle.room.named(provocation.room)
    made = reading.publications.get(provocation.key, ())
    right = next((one for one in made if expected in one.rooms), None)
    seen = right or sent_amiss(reading, provocation)
    if seen is None:
        return None
    room = expected if right else seen.rooms[0]
    return _named(reading, provocation, room, seen.via, provocation.index, seen.index)


def _by_admin(reading: Reading, provocation: Expected) -> Finding | None:
    """The rooms of the sockets that heard it, in a look at a time when they were members."""
    expected = reading.bundle.room.named(provocation.room)
    for actor in reading.actors():
        heard = reading.delivered(provocation, actor)
        for index, seen in looks_at(reading, provocation.room, actor) if heard else ():
            about = [room for room in seen.rooms if speaks_of(reading.transcript.rooms, room) == provocation.room]
            shared = [room for room in seen.rooms if _of_another(reading, room, provocation.room)]
            if expected in about and len(about) > 1:
                continue  # It is in several rooms of the subject: which one was sent to is not seen.
            if about or (shared and expected not in seen.rooms):
                room = (about or shared)[0]
                return _named(reading, provocation, room, seen.actor, provocation.index, heard[0], index)
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


def _by_payload(reading: Reading, provocation: Expected, given_away: Mapping[str, tuple[str, int]]) -> Finding | None:
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
            subject = speaks_of(reading.transcript.rooms, name)
            if subject is not None:
                found.setdefault(subject, (name, index))
    return found


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
