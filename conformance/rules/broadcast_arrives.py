"""Every documented broadcast arrives.

Socket.IO reports nothing for an event that nobody sends: a client that listens for it waits forever. Where the
broadcast is sent under another name, broadcast-keeps-its-name reports it; where a client's request has no effect at
all, request-has-its-effect does.
"""

from collections.abc import Iterator

from conformance.analysis.absence import heard_by_nobody
from conformance.analysis.queries import LATER, PAIR, had_effect, owed_events
from conformance.analysis.reading import EFFECT_RULE, Reading
from conformance.analysis.room_names import refers, unheard
from conformance.model.transcript import Sent
from conformance.model.verdict import Finding, passed, unclear
from conformance.plan.audience import assembly
from conformance.plan.consequences import consequences
from conformance.plan.delivery import chorus

CLAUSE = "A documented cause is followed by its documented broadcast to the room."
ACTS = (chorus, assembly, consequences)
subjects = owed_events


def judge(reading: Reading) -> Iterator[Finding]:
    """Each cause that was given is followed by its broadcast at somebody."""
    for provocation in reading.provocations:
        event = provocation.event
        got = reading.control(provocation)
        if got is not None:
            yield passed(event, "it arrived", provocation.index, got)
            continue
        cause = reading.entries[provocation.index]
        refusal, misnamed = reading.refusal(provocation), refers(reading, provocation, event)
        if reading.new_name(provocation) is not None:
            yield unclear(event, reading.why_unheard(provocation), provocation.index)
        elif misnamed is not None:
            yield misnamed
        elif refusal is not None:
            yield unclear(event, "the service refused the request that causes it", provocation.index, refusal)
        elif reading.closed(provocation.room, provocation.at_s):
            yield unclear(event, "the subject is closed, so the service may accept nothing more", provocation.index)
        elif not (missing := heard_by_nobody(reading, provocation)).lost:
            yield unclear(event, missing.why, provocation.index, *missing.evidence)
        elif isinstance(cause, Sent) and not had_effect(reading, provocation):
            why = f"nothing came of the request {cause.event}: see {EFFECT_RULE}"
            yield unclear(event, why, provocation.index)
        else:
            expected = f"{event} in the room" if provocation.audience is None else f"{event} to {provocation.place}"
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
http add-note {"room": "r1"} {"text": "hello"} => 201 {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
    + LATER
)
