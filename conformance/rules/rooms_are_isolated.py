"""A room's broadcasts stay in the room.

A socket outside the room receives none of its broadcasts, and neither does a socket that is not among those that a
field of the cause names. Shown by a member that received the broadcast, and by something that the outsider received
later.
"""

from collections.abc import Iterator

from conformance.analysis.expected import Expected
from conformance.analysis.queries import TRIO, silent
from conformance.analysis.reading import Reading
from conformance.model.verdict import Finding
from conformance.plan.audience import assembly
from conformance.plan.consequences import consequences
from conformance.plan.delivery import chorus
from conformance.plan.stimulus import owed_broadcasts
from contracts.model import Bundle

CLAUSE = "A broadcast reaches the room of its subject and no other."
ACTS = (chorus, assembly, consequences)


def subjects(bundle: Bundle) -> list[str]:
    """The broadcasts that do not go to everyone."""
    return [broadcast.event for broadcast in owed_broadcasts(bundle) if not broadcast.to_everyone]


def judge(reading: Reading) -> Iterator[Finding]:
    """Each broadcast at each socket that was in another room and never in this one."""
    visits = {(stay.actor, stay.room) for stay in reading.stays}
    for provocation in reading.provocations:
        if provocation.audience is not None:
            yield from _of_an_audience(reading, provocation)
            continue
        for actor in reading.actors():
            at_s = provocation.at_s
            elsewhere = any(
                stay.actor == actor and stay.room != provocation.room and stay.at(at_s) == "yes"
                for stay in reading.stays
            )
            if elsewhere and (actor, provocation.room) not in visits and actor != provocation.sender:
                yield silent(reading, actor, provocation, provocation.event)


def _of_an_audience(reading: Reading, provocation: Expected) -> Iterator[Finding]:
    """What goes to whom a field names, at each other socket: its sender's, too."""
    for actor in reading.actors() if not provocation.broadcast.to_everyone else ():
        if reading.inside(actor, provocation.room, provocation.at_s) == "no":
            yield silent(reading, actor, provocation, provocation.event)


SILENT = (
    TRIO
    + """
http add-note {"room": "r1"} {"text": "hello"} => 201 {}
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
http add-note {"room": "r2"} {"text": "other"} => 201 {}
oda <- note:added {"id": "n2", "room": "r2", "text": "other", "at": 1}
"""
)
SPEAKS = (
    TRIO
    + """
http add-note {"room": "r1"} {"text": "hello"} => 201 {}
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
oda <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
