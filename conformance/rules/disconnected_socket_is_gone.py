"""A socket that disconnected is no member any more.

A ghost in the roster makes people wait for someone who is not there.
"""

from collections.abc import Iterator

from conformance.clauses import PAIR, listed_sockets, roster_replies
from conformance.model import Closed, Finding, Marked, Opened, failed, passed, unclear
from conformance.plan.rooms import reconnecting
from conformance.reading import Reading
from contracts.model import Bundle

CLAUSE = "A member is in the room until it leaves or disconnects."
ACTS = (reconnecting,)


def subjects(bundle: Bundle) -> list[str]:
    """The roster, where there is one."""
    request = bundle.roster_request()
    return [request.event] if request else []


def judge(reading: Reading) -> Iterator[Finding]:
    """After a member's connection was closed, the roster lists it no more before the deadline."""
    request = reading.bundle.roster_request()
    closed = {entry.actor: index for index, entry in reading.each(Closed) if entry.by == "us"}
    if request is None:
        return
    for index, mark in reading.each(Marked):
        if mark.mark != "out" or mark.actor not in closed or reading.entries[closed[mark.actor]].at_s > mark.at_s:
            continue
        at = closed[mark.actor]
        if mark.how == "roster":
            yield passed(request.event, f"{mark.actor} was taken off the roster", at, index)
            continue
        sockets = {entry.socket for _, entry in reading.each(Opened) if entry.actor == mark.actor}
        later = [
            reply
            for asked, reply, _, payload in roster_replies(reading)
            if asked > at and any(socket in sockets for socket, _ in listed_sockets(reading, payload))
        ]
        since_s = reading.entries[at].at_s
        waited_s = mark.at_s - since_s - reading.stalled_s(since_s, mark.at_s)
        if later and 2 * waited_s >= reading.deadline_s(request.deadline_ms):
            yield failed(request.event, f"a roster without {mark.actor}", "one that still lists it", at, later[-1])
        else:
            yield unclear(request.event, "the roster was not seen for long enough", at)


GONE = (
    PAIR
    + """
ann closed us
bob -> who {"room": "r1"} #1
"""
)
SILENT = (
    GONE
    + """
bob <= who #1 {"room": "r1", "sockets": [{"socket": "b1", "user": "ub"}], "count": 1}
ann out r1 roster
"""
)
SPEAKS = (
    GONE
    + """
bob <= who #1 {"room": "r1", "sockets": [{"socket": "b1", "user": "ub"}, {"socket": "a1", "user": "ua"}], "count": 2}
@3.0 ann out r1 assumed
"""
)
