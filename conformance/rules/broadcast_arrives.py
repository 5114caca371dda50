"""Every documented broadcast arrives.

Socket.IO says nothing of an event that nobody sends: a client that listens for it waits for ever.
"""

from collections.abc import Iterator

from conformance.absence import heard_by_nobody
from conformance.clauses import LATER, PAIR, room_events
from conformance.model import Finding, Got, failed, passed, unclear
from conformance.plan.delivery import chorus
from conformance.reading import Reading
from conformance.room_names import refers, unheard

CLAUSE = "A documented cause is followed by its documented broadcast to the room."
ACTS = (chorus,)
subjects = room_events


def judge(reading: Reading) -> Iterator[Finding]:
    """Each cause that was given is followed by its broadcast at somebody."""
    for provocation in reading.provocations:
        event = provocation.event
        got = reading.control(provocation)
        if got is not None:
            yield passed(event, "it arrived", provocation.index, got)
            continue
        refusal, misnamed = reading.refusal(provocation), refers(reading, provocation, event)
        if misnamed is not None:
            yield misnamed
        elif refusal is not None:
            yield unclear(event, "the service refused the request that causes it", provocation.index, refusal)
        elif reading.closed(provocation.room, provocation.at_s):
            yield unclear(event, "a closed subject may take nothing more", provocation.index)
        elif not (missing := heard_by_nobody(reading, provocation)).lost:
            yield unclear(event, missing.why, provocation.index, *missing.evidence)
        else:
            other = reading.renamed(provocation)
            entry = reading.entries[other] if other is not None else None
            expected = f"{event} in the room"
            if other is not None and isinstance(entry, Got):
                yield failed(event, expected, f"it under the name {entry.event!r}", provocation.index, other)
            else:
                yield unheard(reading, provocation, event, expected, "nothing: it was not sent", *missing.evidence)


SILENT = (
    PAIR
    + """
ann -> pen:take {"room": "r1", "pen": "red"}
bob <- pen:taken {"room": "r1", "pen": "red"}
"""
)
SPEAKS = (
    PAIR
    + """
ann -> pen:take {"room": "r1", "pen": "red"}
"""
    + LATER
)
