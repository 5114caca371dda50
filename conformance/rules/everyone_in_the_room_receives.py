"""Everyone in the room receives a broadcast.

Judged for all members but the sender: what the sender receives is judged by sender-hears-as-documented.
"""

from collections.abc import Iterator

from conformance.analysis.queries import LATER, PAIR, owed_to, shared_events
from conformance.analysis.reading import Reading
from conformance.model.verdict import Finding
from conformance.plan.audience import assembly
from conformance.plan.consequences import consequences
from conformance.plan.delivery import chorus

CLAUSE = "A broadcast reaches everyone in the room."
ACTS = (chorus, assembly, consequences)
subjects = shared_events


def judge(reading: Reading) -> Iterator[Finding]:
    """Each broadcast at each member but the sender."""
    for provocation in reading.provocations:
        for actor in reading.members(provocation):
            if actor != provocation.sender:
                yield owed_to(reading, actor, provocation, provocation.event)


SILENT = (
    PAIR
    + """
http add-note {"room": "r1"} {"text": "hello"} => 201 {}
ann <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
SPEAKS = (
    PAIR
    + """
http add-note {"room": "r1"} {"text": "hello"} => 201 {}
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
    + LATER
)
