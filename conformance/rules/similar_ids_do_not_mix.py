"""Ids that are alike are rooms apart.

Ids that share a prefix, differ in case, or carry a colon, a dash, a slash, a space or non-Latin letters:
wherever a service cuts, folds, splits or cleans an id, two emergencies become one.
"""

from collections.abc import Iterator

from conformance.clauses import silent
from conformance.model import Finding, Outcome, unclear
from conformance.plan.rooms import ID_PAIRS, likeness
from conformance.reading import Reading
from contracts.model import Bundle

CLAUSE = "Each id has a room of its own."
ACTS = (likeness,)


def subjects(bundle: Bundle) -> list[str]:
    """The ways in which two ids are alike."""
    return [f"ids with {label}" for label in ID_PAIRS]


def judge(reading: Reading) -> Iterator[Finding]:
    """For each pair of ids, what is sent in one at the socket that is in the other."""
    rooms = reading.transcript.rooms
    for label, (one, two) in ID_PAIRS.items():
        pairs = [(a, b) for a in rooms for b in rooms if a.endswith(one) and b == a.removesuffix(one) + two]
        for first, second in pairs:
            for room, other in ((first, second), (second, first)):
                yield from _judged(reading, f"ids with {label}", room, other)


def _judged(reading: Reading, label: str, room: str, other: str) -> Iterator[Finding]:
    found: list[Finding] = []
    for provocation in reading.provocations:
        if provocation.room != room:
            continue
        for actor in reading.actors():
            apart = reading.inside(actor, room, provocation.at_s) == "no"
            if apart and reading.inside(actor, other, provocation.at_s) != "no":
                found.append(silent(reading, actor, provocation, label))
    # An id with a slash may not fit a path of this service; what one road shows is enough.
    seen = [finding for finding in found if finding.outcome is not Outcome.INCONCLUSIVE]
    yield from seen
    if not seen:
        yield unclear(label, f"nothing was heard in the room {room!r}: the service may not take such an id")


PREFIXED = """
ann opened a1
ann in r-1
oda opened o1
oda in r-12
http add-note {"room": "r-1"} {"text": "hello"} => 201 {}
ann <- note:added {"id": "n1", "room": "r-1", "text": "hello", "at": 1}
"""
SILENT = (
    PREFIXED
    + """
http add-note {"room": "r-12"} {"text": "other"} => 201 {}
oda <- note:added {"id": "n2", "room": "r-12", "text": "other", "at": 1}
http add-note {"room": "r-1"} {"text": "again"} => 201 {}
ann <- note:added {"id": "n3", "room": "r-1", "text": "again", "at": 1}
"""
)
SPEAKS = (
    PREFIXED
    + """
oda <- note:added {"id": "n1", "room": "r-1", "text": "hello", "at": 1}
"""
)
