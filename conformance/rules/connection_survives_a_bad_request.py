"""The connection survives a bad request.

A mistake in one client must not disconnect its user, who may be in the middle of an emergency.
"""

from collections.abc import Iterator

from conformance.analysis.queries import PAIR, invalid_requests, is_answered_by_error, survived
from conformance.analysis.reading import Reading
from conformance.model.verdict import Finding
from conformance.plan.requests import bad_requests
from conformance.rules.bad_request_gets_an_error import subjects as subjects

CLAUSE = "The socket whose request was bad stays connected."
ACTS = (bad_requests,)


def judge(reading: Reading) -> Iterator[Finding]:
    """After each documented bad request, whether its socket was closed or heard something later."""
    for index, sent, request in invalid_requests(reading):
        if not is_answered_by_error(reading, sent, request):
            continue
        yield survived(reading, sent.event, sent.actor, index)


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
