"""A user who was removed over HTTP receives nothing more of the room.

Removing a participant must take all sockets of that user out of the room, not only the name off a list.
"""

from collections.abc import Iterator

from conformance.analysis.queries import silence_after
from conformance.analysis.reading import Reading
from conformance.model.verdict import Finding
from conformance.plan.rooms import removed
from contracts.model import Bundle

CLAUSE = "When a participant is removed, that user's sockets leave the room."
ACTS = (removed,)


def subjects(bundle: Bundle) -> list[str]:
    """The call that removes."""
    call = bundle.by_role("leave")
    return [call.title] if call else []


def judge(reading: Reading) -> Iterator[Finding]:
    """Each broadcast after the removal, at the user's socket."""
    for subject in subjects(reading.bundle):
        yield from silence_after(reading, "call", subject)


OUT = """
ann opened a1 user=ua
bob opened b1 user=ub
ann in r1
bob in r1
ann in r2
http unseat {"room": "r1", "user": "ua"} => 204
ann out r1
http add-note {"room": "r1"} {"text": "hello"} => 201 {}
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
SILENT = (
    OUT
    + """
http add-note {"room": "r2"} {"text": "other"} => 201 {}
ann <- note:added {"id": "n2", "room": "r2", "text": "other", "at": 1}
"""
)
SPEAKS = (
    OUT
    + """
ann <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
