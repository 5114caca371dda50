"""A socket that has closed the subject receives nothing more of its room.

A socket that closes the room leaves it: its user is done, and must not be shown what others still send.
"""

from collections.abc import Iterator

from conformance.analysis.queries import PAIR, silence_after
from conformance.analysis.reading import Reading
from conformance.model.verdict import Finding
from conformance.plan.rooms import closing
from contracts.model import Bundle

CLAUSE = "When it closes the subject, the socket leaves the room."
ACTS = (closing,)


def subjects(bundle: Bundle) -> list[str]:
    """The request that closes."""
    request = bundle.by_membership("close")
    return [request.event] if request else []


def judge(reading: Reading) -> Iterator[Finding]:
    """Each broadcast after the stay ended, at the socket whose stay it was."""
    for subject in subjects(reading.bundle):
        yield from silence_after(reading, "close", subject)


OUT = (
    PAIR
    + """
ann in r2
ann -> room:end {"room": "r1"}
ann out r1
"""
)
SILENT = (
    OUT
    + """
http add-note {"room": "r1"} {"text": "hello"} => 201 {}
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
http add-note {"room": "r2"} {"text": "other"} => 201 {}
ann <- note:added {"id": "n2", "room": "r2", "text": "other", "at": 1}
"""
)
SPEAKS = (
    OUT
    + """
http add-note {"room": "r1"} {"text": "hello"} => 201 {}
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
ann <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
