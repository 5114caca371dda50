"""An event carries exactly one argument.

A Socket.IO event may carry any number; a handler that was written for one never sees the second.
"""

from collections.abc import Iterator

from conformance.clauses import PAIR
from conformance.model import Finding, Got, failed, passed
from conformance.plan.delivery import chorus
from conformance.plan.requests import bad_requests
from conformance.reading import Reading
from contracts.model import Bundle

CLAUSE = "An event carries one argument: its payload."
ACTS = (chorus, bad_requests)


def subjects(bundle: Bundle) -> list[str]:
    """Everything that the server sends."""
    return [broadcast.event for broadcast in bundle.broadcasts()]


def judge(reading: Reading) -> Iterator[Finding]:
    """The number of arguments of each documented event that was received."""
    for index, got in reading.each(Got):
        if reading.bundle.broadcast(got.event) is None:
            continue
        if len(got.args) == 1:
            yield passed(got.event, "one argument", index)
        else:
            yield failed(got.event, "one argument", f"{len(got.args)} arguments", index)


SILENT = (
    PAIR
    + """
bob <- pen:taken {"room": "r1", "pen": "red"}
"""
)
SPEAKS = (
    PAIR
    + """
bob <- pen:taken {"room": "r1", "pen": "red"} {"by": "ann"}
"""
)
