"""A client emits no event that only the server sends.

A client that emits one either mistakes the direction, and nothing comes of it, or it makes a service that relays
everything tell others what the service itself never said.
"""

from collections.abc import Iterator

from conformance.analysis.forgery import is_server_only
from conformance.analysis.queries import PAIR
from conformance.analysis.reading import Reading
from conformance.analysis.recorded import certain, first_emitted
from conformance.model.verdict import Finding, failed, passed
from contracts.model import Bundle

CLAUSE = "Server-to-client events come from the server alone."
ACTS = ()
RECORDED = certain
EVERY = "every direction"


def subjects(bundle: Bundle) -> list[str]:
    """One subject for all that clients emit."""
    return [EVERY]


def judge(reading: Reading) -> Iterator[Finding]:
    """The first emission of each event that only the server sends."""
    wrong, count = first_emitted(reading, lambda name: is_server_only(reading.bundle, name))
    for event, index in wrong.items():
        yield failed(
            event, "an event that clients emit", f"the client emitted {event!r}, which the server sends", index
        )
    if count and not wrong:
        yield passed(EVERY, f"none of {count} events that clients emitted is one that only the server sends")


SILENT = (
    PAIR
    + """
ann -> pen:take {"room": "r1", "pen": "red"}
"""
)
SPEAKS = (
    PAIR
    + """
ann -> note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
