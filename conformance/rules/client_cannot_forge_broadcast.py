"""A client's own emission of a server event is not relayed.

A service that relays it lets any client send what only the service may, such as a message that was never stored. It
may accept the forged event in another form than the documented payload, and relay it under another name: each name
is emitted in several forms, with unique values that are recognised wherever they are received.
"""

from collections.abc import Iterator

from conformance.analysis.forgery import attempts_in, is_server_only
from conformance.analysis.forgery_findings import judged
from conformance.analysis.queries import PAIR
from conformance.analysis.reading import Reading
from conformance.model.verdict import Finding
from conformance.plan.forging import forgeries
from contracts.model import Bundle

CLAUSE = "Server-to-client events come from the server alone."
ACTS = (forgeries,)


def subjects(bundle: Bundle) -> list[str]:
    """The names that neither a client nor a peer service may emit."""
    return [broadcast.event for broadcast in bundle.broadcasts() if is_server_only(bundle, broadcast.event)]


def judge(reading: Reading) -> Iterator[Finding]:
    """After a client emitted it, no other socket receives it."""
    attempts = attempts_in(reading)
    for one in attempts:
        if is_server_only(reading.bundle, one.event):
            yield judged(reading, one, attempts, expected="nothing at others")


SILENT = (
    PAIR
    + """
ann -> note:added {"id": "n1", "room": "r1", "text": "forged0123456789", "at": 1}
ann -> pen:take {"room": "r1", "pen": "red"}
bob <- pen:taken {"room": "r1", "pen": "red"}
"""
)
SPEAKS = (
    PAIR
    + """
ann -> note:added {"room": "r1", "data": {"id": "n1", "room": "r1", "text": "forged0123456789", "at": 1}}
bob <- note {"id": "n7", "room": "r1", "text": "forged0123456789", "at": 2}
"""
)
