"""A room's broadcasts stay in the room.

A socket outside the room receives none of its broadcasts, and neither does a socket that is not among those that a
field of the cause names. Shown by a member that received the broadcast, and by something that the outsider received
later.
"""

from collections import defaultdict
from collections.abc import Iterator

from conformance.analysis.expected import Expected
from conformance.analysis.membership import Membership
from conformance.analysis.queries import TRIO, silent
from conformance.analysis.reading import Reading
from conformance.model.apart import actors_apart
from conformance.model.verdict import Finding
from conformance.plan.audience import assembly
from conformance.plan.consequences import consequences
from conformance.plan.delivery import chorus
from conformance.plan.isolation import neighbours
from conformance.plan.stimulus import owed_broadcasts
from contracts.model import Bundle

CLAUSE = "A broadcast reaches the room of its subject and no other."
ACTS = (chorus, assembly, consequences, neighbours)


def subjects(bundle: Bundle) -> list[str]:
    """The broadcasts that do not go to everyone; those as well, where there are other namespaces to which none goes."""
    shared = owed_broadcasts(bundle)
    return [broadcast.event for broadcast in shared if bundle.has_neighbours or not broadcast.to_everyone]


def judge(reading: Reading) -> Iterator[Finding]:
    """Each broadcast at each socket that was in another room and never in this one."""
    visits = {(stay.actor, stay.room) for stay in reading.stays}
    own: dict[str, list[Membership]] = defaultdict(list)
    for stay in reading.stays:
        own[stay.actor].append(stay)
    apart = actors_apart(reading.entries)
    for provocation in reading.provocations:
        for actor in apart:
            yield silent(reading, actor, provocation, provocation.event)
        if provocation.audience is not None:
            yield from _of_an_audience(reading, provocation)
            continue
        for actor in (one for one in reading.actors() if one not in apart):
            if (actor, provocation.room) in visits or actor == provocation.sender:
                continue
            if any(stay.at(provocation.at_s) == "yes" for stay in own[actor]):
                yield silent(reading, actor, provocation, provocation.event)


def _of_an_audience(reading: Reading, provocation: Expected) -> Iterator[Finding]:
    """What goes to whom a field names, at each other socket: its sender's, too."""
    apart = actors_apart(reading.entries)
    for actor in reading.actors() if not provocation.broadcast.to_everyone else ():
        if actor not in apart and reading.inside(actor, provocation.room, provocation.at_s) == "no":
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
