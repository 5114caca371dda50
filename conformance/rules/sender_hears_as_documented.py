"""The sender receives its own broadcast, or does not, as documented.

A typing indicator that is sent back shows users that they are typing themselves; a location that is not sent back
leaves them off their own map.
"""

from collections.abc import Iterator

from conformance.analysis.queries import PAIR, owed_to, silent
from conformance.analysis.reading import Reading
from conformance.model.verdict import Finding
from conformance.plan.audience import assembly
from conformance.plan.consequences import consequences
from conformance.plan.delivery import chorus
from conformance.plan.stimulus import by_membership, owed_broadcasts
from contracts.model import Bundle

CLAUSE = "The broadcast goes to everyone in the room, the sender too; or to everyone but the sender."
ACTS = (chorus, assembly, consequences)


def subjects(bundle: Bundle) -> list[str]:
    """Broadcasts that a socket causes."""
    found = [
        broadcast
        for broadcast in owed_broadcasts(bundle)
        if (broadcast.caused_by_event and not by_membership(bundle, broadcast)) or broadcast.causes.connection
    ]
    return [one.event for one in found if one.to_sender or one.spares_sender or one.receivers == "requester"]


def judge(reading: Reading) -> Iterator[Finding]:
    """Each broadcast at the socket that caused it."""
    for provocation in reading.provocations:
        sender = provocation.sender
        told = not provocation.of_socket and provocation.broadcast.receivers != "requester"
        if told and by_membership(reading.bundle, provocation.broadcast):
            continue  # Whether it is told of its own coming and going depends on the moment.
        if sender is None or reading.inside(sender, provocation.room, provocation.at_s) != "yes":
            continue
        if not provocation.spares(sender):
            yield owed_to(reading, sender, provocation, provocation.event)
        else:
            yield silent(reading, sender, provocation, provocation.event)


SILENT = (
    PAIR
    + """
ann -> pen:take {"room": "r1", "pen": "red"}
ann <- pen:taken {"room": "r1", "pen": "red"}
ann -> cursor:move {"room": "r1", "x": 1}
bob <- cursor:moved {"room": "r1", "x": 1, "user": "ua"}
ann -> who {"room": "r1"} #1
ann <= who #1 {"room": "r1", "sockets": [], "count": 0}
"""
)
SPEAKS = (
    PAIR
    + """
ann -> cursor:move {"room": "r1", "x": 1}
ann <- cursor:moved {"room": "r1", "x": 1, "user": "ua"}
bob <- cursor:moved {"room": "r1", "x": 1, "user": "ua"}
"""
)
