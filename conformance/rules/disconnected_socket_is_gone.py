"""A socket that disconnected is no longer a member.

While a roster lists a socket that is gone, others wait for somebody who is not there.
"""

from collections.abc import Iterator

from conformance.analysis.absence import TIMES_SLOWEST
from conformance.analysis.queries import PAIR, listed_sockets, roster_replies
from conformance.analysis.reading import Reading
from conformance.model.transcript import GOODBYE_UNANSWERED, Closed, Marked, Opened
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.plan.rooms import reconnecting
from contracts.model import Bundle, Request

CLAUSE = "A member is in the room until it leaves or disconnects."
ACTS = (reconnecting,)


def subjects(bundle: Bundle) -> list[str]:
    """The roster, where there is one."""
    request = bundle.roster_request()
    return [request.event] if request else []


def judge(reading: Reading) -> Iterator[Finding]:
    """After a member ended its connection, the roster lists it no more once the deadline has passed."""
    request = reading.bundle.roster_request()
    closed = {entry.actor: index for index, entry in reading.each(Closed) if entry.by == "us"}
    unread = {index for index, entry in reading.each(Closed) if entry.reason == GOODBYE_UNANSWERED}
    if request is None:
        return
    for index, mark in reading.each(Marked):
        if mark.mark != "out" or mark.actor not in closed or reading.entries[closed[mark.actor]].at_s > mark.at_s:
            continue
        at = closed[mark.actor]
        if mark.how == "roster":
            yield passed(request.event, f"{mark.actor} was taken off the roster", at, index)
            continue
        if at in unread:
            why = f"the service did not answer the request by which {mark.actor} disconnected, and may not have read it"
            yield unclear(request.event, why, at)
            continue
        still = _still_listed(reading, at, request)
        if still is not None:
            yield failed(request.event, f"a roster without {mark.actor}", "one that still lists it", at, *still)
        else:
            yield unclear(request.event, "the roster was not seen for long enough", at)


def _still_listed(reading: Reading, closed: int, request: Request) -> tuple[int, int] | None:
    """A question and its answer that still lists the socket, put when the service must have read the end.

    That is a deadline after it; and where the service is slow to answer, longer.
    """
    actor, since_s = reading.entries[closed].actor, reading.entries[closed].at_s
    sockets = {entry.socket for _, entry in reading.each(Opened) if entry.actor == actor}
    for asked, reply, sent, payload in roster_replies(reading):
        waited_s = sent.at_s - since_s - reading.stalled_s(since_s, sent.at_s)
        took_s = reading.entries[reply].at_s - sent.at_s
        enough = waited_s >= max(reading.deadline_s(request.deadline_ms), TIMES_SLOWEST * took_s)
        if enough and any(socket in sockets for socket, _ in listed_sockets(reading, payload)):
            return asked, reply
    return None


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
@3.0 bob -> who {"room": "r1"} #2
bob <= who #2 {"room": "r1", "sockets": [{"socket": "b1", "user": "ub"}, {"socket": "a1", "user": "ua"}], "count": 2}
@3.1 ann out r1 assumed
"""
)
