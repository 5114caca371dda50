"""The roster lists the members of the room, and counts them.

Compared with the sockets that were members, and those that were not, all the time between the request and its
answer.
"""

from collections.abc import Iterator

from conformance.analysis.queries import PAIR, listed_sockets, roster_replies
from conformance.analysis.reading import Reading
from conformance.model.payload import payload_of
from conformance.model.transcript import Acked, Closed, Got, Opened, Sent
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.plan.requests import answers
from contracts.model import Bundle
from contracts.pointer import pointed
from contracts.schema import shown

CLAUSE = "The answer lists the members of the room; its count is the list's length."
ACTS = (answers,)


def subjects(bundle: Bundle) -> list[str]:
    """The request whose answer is the roster."""
    request = bundle.roster_request()
    return [request.event] if request else []


def judge(reading: Reading) -> Iterator[Finding]:
    """Each roster against who was there."""
    for index, answer, sent, payload in roster_replies(reading):
        yield _judged(reading, index, answer, sent, payload)


def _judged(reading: Reading, index: int, answer: int, sent: Sent, payload: object) -> Finding:
    room = str(payload_of(sent.args).get(reading.bundle.room.key))
    if room in reading.unheard_ids:
        return unclear(sent.event, f"no room with ids such as {room!r} is heard", index, answer)
    listed = listed_sockets(reading, payload)
    sockets = [socket for socket, _ in listed]
    until_s = reading.entries[answer].at_s
    roster = (request := reading.bundle.roster_request()) and request.reply and request.reply.roster
    count = pointed(payload, roster.count) if roster and roster.count else len(listed)
    if count != len(listed):
        return failed(sent.event, f"a count of {len(listed)}, the list's length", shown(count), index, answer)
    for _, opened in reading.each(Opened):
        then = {reading.inside(opened.actor, room, sent.at_s), reading.inside(opened.actor, room, until_s)}
        times = sockets.count(opened.socket)
        if then == {"yes"} and times == 0 and _may_be_gone(reading, opened.actor, answer):
            return unclear(sent.event, f"the connection of {opened.actor} may have been over by then", index, answer)
        if then == {"yes"} and times != 1:
            return failed(sent.event, f"{opened.actor}, a member, listed once", f"{times} times", index, answer)
        if then == {"no"} and times:
            return failed(
                sent.event, f"a roster without {opened.actor}, who is not in the room", "one with it", index, answer
            )
        users = {user for socket, user in listed if socket == opened.socket and user is not None}
        if opened.user is not None and users and users != {opened.user}:
            expected = f"{opened.actor} as the user {opened.user!r}"
            return failed(sent.event, expected, shown(sorted(map(str, users))), index, answer)
    return passed(sent.event, f"{len(listed)} members, all true", index, answer)


def _may_be_gone(reading: Reading, actor: str, answer: int) -> bool:
    """Whether what is next seen of a member is that its connection ended: the service may have known it before."""
    ends = ((index, closed) for index, closed in reading.each(Closed) if closed.actor == actor and index > answer)
    end, closed = next(ends, (answer, None))
    if closed is None or closed.by == "us":
        return False
    between = (reading.entries[index] for index in range(answer + 1, end))
    return not any(isinstance(entry, Got | Acked) and entry.actor == actor for entry in between)


ASKED = (
    PAIR
    + """
ann -> who {"room": "r1"} #1
"""
)
SILENT = (
    ASKED
    + """
ann <= who #1 {"room": "r1", "sockets": [{"socket": "a1", "user": "ua"}, {"socket": "b1", "user": "ub"}], "count": 2}
"""
)
SPEAKS = (
    ASKED
    + """
ann <= who #1 {"room": "r1", "sockets": [{"socket": "a1", "user": "ua"}, {"socket": "b1", "user": "ub"}], "count": 3}
"""
)
