"""A socket that has not joined receives nothing of the room.

Being connected does not make a socket a member: otherwise every user receives every room.
"""

from collections.abc import Iterator

from conformance.analysis.queries import PAIR, room_events, silent
from conformance.analysis.reading import Reading
from conformance.model.verdict import Finding
from conformance.plan.rooms import early
from conformance.plan.stimulus import by_membership
from contracts.model import Bundle

CLAUSE = "A socket receives a room's broadcasts from its join on, not before."
ACTS = (early,)


def subjects(bundle: Bundle) -> list[str]:
    """Broadcasts that need no other call before them, and no coming or going."""
    after = {call.broadcast for call in bundle.calls.values() if call.after}
    moving = {broadcast.event for broadcast in bundle.broadcasts() if by_membership(bundle, broadcast)}
    return [event for event in room_events(bundle) if event not in after | moving]


def judge(reading: Reading) -> Iterator[Finding]:
    """Each broadcast at each socket that was in no room, and had not been in this one."""
    left_s: dict[str, float] = {}
    first_s: dict[str, float] = {}
    last_s: dict[tuple[str, str], float] = {}
    for stay in reading.stays:
        place = (stay.actor, stay.room)
        left_s[stay.room] = min(stay.asked_out_s, left_s.get(stay.room, stay.asked_out_s))
        first_s[stay.actor] = min(stay.asked_in_s, first_s.get(stay.actor, stay.asked_in_s))
        last_s[place] = max(stay.asked_in_s, last_s.get(place, stay.asked_in_s))
    for provocation in reading.provocations:
        room, at_s = provocation.room, provocation.at_s
        if left_s.get(room, at_s) < at_s:
            continue
        for actor in reading.actors():
            # It joins this room later, and was in no other before.
            if (actor, room) in last_s and last_s[actor, room] > at_s and first_s[actor] > at_s:
                yield silent(reading, actor, provocation, provocation.event)


SILENT = (
    PAIR
    + """
eve opened e1
http add-note {"room": "r1"} {"text": "hello"} => 201 {}
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
eve -> room:enter {"room": "r1"}
eve in r1
http add-note {"room": "r1"} {"text": "again"} => 201 {}
eve <- note:added {"id": "n2", "room": "r1", "text": "again", "at": 1}
"""
)
SPEAKS = (
    PAIR
    + """
eve opened e1
http add-note {"room": "r1"} {"text": "hello"} => 201 {}
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
eve <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
eve -> room:enter {"room": "r1"}
eve in r1
"""
)
