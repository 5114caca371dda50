"""A broadcast is delivered exactly once.

Clients that show each delivery show a message twice. A duplicate is the same event with the same values, where no
second cause explains it.
"""

from collections.abc import Iterator

from conformance.analysis.expected import Expected
from conformance.analysis.queries import PAIR, owed_events
from conformance.analysis.reading import Reading
from conformance.model.transcript import Called
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.plan.audience import assembly
from conformance.plan.consequences import consequences
from conformance.plan.delivery import chorus
from conformance.plan.order import sequence

CLAUSE = "Each receiver gets the broadcast exactly once."
ACTS = (chorus, assembly, consequences, sequence)
subjects = owed_events


def judge(reading: Reading) -> Iterator[Finding]:
    """How often each actor received each broadcast."""
    for provocation in reading.provocations:
        for actor in reading.actors():
            got = reading.delivered(provocation, actor)
            if len(got) == 1:
                yield passed(provocation.event, "once", provocation.index, got[0])
            elif got and not _is_countable(reading, provocation):
                why = "its payload has no field that tells a repetition from another cause"
                yield unclear(provocation.event, f"{len(got)} times, but {why}", provocation.index, *got)
            elif got and isinstance(cause := reading.entries[provocation.index], Called) and cause.tries > 1:
                why = "its call was sent twice, because the first connection was closed without an answer"
                yield unclear(provocation.event, f"{len(got)} times, but {why}", provocation.index, *got)
            elif got:
                yield failed(provocation.event, f"once at {actor}", f"{len(got)} times", provocation.index, *got)


def _is_countable(reading: Reading, provocation: Expected) -> bool:
    """Whether a second delivery can be told from that of another cause: by its values, or since the socket had one."""
    broadcast = provocation.broadcast
    if broadcast.causes.is_unseen:
        return False
    return broadcast.receivers == "requester" or bool(provocation.echoes.keys() - {reading.bundle.room.key})


SILENT = (
    PAIR
    + """
http add-note {"room": "r1"} {"text": "hello"} => 201 {}
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
http add-note {"room": "r1"} {"text": "hello"} => 201 {}
bob <- note:added {"id": "n2", "room": "r1", "text": "hello", "at": 1}
"""
)
SPEAKS = (
    PAIR
    + """
http add-note {"room": "r1"} {"text": "hello"} => 201 {}
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
