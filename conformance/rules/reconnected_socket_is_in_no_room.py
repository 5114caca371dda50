"""A socket that comes back is in no room until it joins again.

Rooms belong to the socket, not to the user: a new connection starts without any. A client that reconnects joins
again, and one that does not must receive nothing.
"""

from collections.abc import Iterator

from conformance.analysis.queries import PAIR, silent
from conformance.analysis.reading import Reading
from conformance.model.transcript import Opened
from conformance.model.verdict import Finding
from conformance.plan.rooms import reconnecting
from contracts.model import Bundle

CLAUSE = "A room's members are sockets that joined it; a new socket has joined nothing."
ACTS = (reconnecting,)
SUBJECT = "a new socket of the same user"


def subjects(bundle: Bundle) -> list[str]:
    """One subject: the socket that comes back; none where there are no rooms, or connecting enters one."""
    return [] if bundle.room.is_none or bundle.room.entry else [SUBJECT]


def judge(reading: Reading) -> Iterator[Finding]:
    """Broadcasts to a room that one socket lost by disconnecting, at the socket that was opened after it."""
    opened_s = {entry.actor: entry.at_s for _, entry in reading.each(Opened)}
    for provocation in reading.provocations:
        lost = [stay for stay in reading.stays if stay.room == provocation.room and stay.out_s <= provocation.at_s]
        for actor, at_s in opened_s.items():
            came_after = any(stay.actor != actor and stay.asked_out_s <= at_s for stay in lost)
            unjoined = reading.inside(actor, provocation.room, provocation.at_s) == "no"
            if came_after and unjoined and at_s < provocation.at_s:
                yield silent(reading, actor, provocation, SUBJECT)


BACK = (
    PAIR
    + """
ann closed us
ann out r1
back opened a2 user=ua
http add-note {"room": "r1"} {"text": "hello"} => 201 {}
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
SILENT = (
    BACK
    + """
back -> room:enter {"room": "r1"}
back in r1
http add-note {"room": "r1"} {"text": "again"} => 201 {}
back <- note:added {"id": "n2", "room": "r1", "text": "again", "at": 1}
"""
)
SPEAKS = (
    BACK
    + """
back <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
