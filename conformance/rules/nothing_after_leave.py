"""A socket that has left receives nothing more of the room.

A user who has handed over an emergency must not go on receiving its messages.
"""

from collections.abc import Iterator

from conformance.analysis.queries import PAIR, silence_after
from conformance.analysis.reading import Reading
from conformance.model.verdict import Finding
from conformance.plan.rooms import leaving
from contracts.model import Bundle

CLAUSE = "A socket that leaves receives nothing more of the room."
ACTS = (leaving,)


def subjects(bundle: Bundle) -> list[str]:
    """The request that leaves a room."""
    request = bundle.by_membership("leave")
    return [request.event] if request else []


def judge(reading: Reading) -> Iterator[Finding]:
    """Each broadcast after the stay ended, at the socket whose stay it was."""
    for subject in subjects(reading.bundle):
        yield from silence_after(reading, "leave", subject)


OUT = (
    PAIR
    + """
ann in r2
ann -> room:exit {"room": "r1"}
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
