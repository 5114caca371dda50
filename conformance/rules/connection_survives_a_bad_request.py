"""The connection survives a bad request.

A client's mistake must not cost a person the connection in the middle of an emergency.
"""

from collections.abc import Iterator

from conformance.clauses import PAIR, invalid_requests, is_answered_by_error
from conformance.model import Closed, Finding, failed, passed, unclear
from conformance.plan.requests import bad_requests
from conformance.reading import Reading
from conformance.rules.bad_request_gets_an_error import subjects as subjects

CLAUSE = "The socket whose request was bad stays connected."
ACTS = (bad_requests,)


def judge(reading: Reading) -> Iterator[Finding]:
    """After each documented bad request, whether its socket was closed or heard something later."""
    for index, sent, request in invalid_requests(reading):
        if not is_answered_by_error(reading, sent, request):
            continue
        closed = [
            place
            for place, entry in reading.each(Closed)
            if entry.actor == sent.actor and entry.by != "us" and entry.at_s >= sent.at_s
        ]
        fence = reading.fence(sent.actor, sent.at_s)
        if closed and reading.held_up(reading.entries[closed[0]].at_s):
            yield unclear(sent.event, "it was closed while our own side was held up", closed[0])
        elif closed:
            yield failed(sent.event, "a living connection", "one that the service closed", index, closed[0])
        elif fence is not None:
            yield passed(sent.event, "the socket heard something later", index, fence)
        else:
            yield unclear(sent.event, f"{sent.actor} received nothing that was sent later", index)


BAD = (
    PAIR
    + """
ann -> pen:take {"room": "r1"}
ann <- problem {"code": "NO_PEN"}
"""
)
SILENT = (
    BAD
    + """
http add-note {"room": "r1"} {"text": "hello"} => 201 {}
ann <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
SPEAKS = (
    BAD
    + """
ann closed service
"""
)
