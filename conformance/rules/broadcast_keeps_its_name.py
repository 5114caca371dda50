"""A broadcast keeps its documented name.

Clients do not notice that an event was renamed (another word, letter case or separator): they simply receive
nothing. The renamed event is recognised by its payload: it has the values that were due, at the time when they were
due, under a name that no contract has.
"""

from collections.abc import Iterator

from conformance.analysis.queries import PAIR, shared_events
from conformance.analysis.reading import Reading
from conformance.analysis.recorded import of_a_member
from conformance.model.transcript import Got
from conformance.model.verdict import Finding, failed, passed
from conformance.plan.audience import assembly
from conformance.plan.delivery import chorus

CLAUSE = "Broadcasts are sent under the names that the contract gives them."
ACTS = (chorus, assembly)
RECORDED = of_a_member
subjects = shared_events


def judge(reading: Reading) -> Iterator[Finding]:
    """What arrived bears its own name, and what did not arrive is not there under another."""
    for provocation in reading.provocations:
        got = reading.control(provocation)
        if got is not None:
            yield passed(provocation.event, "it arrived under its name", provocation.index, got)
            continue
        other = reading.renamed(provocation)
        entry = reading.entries[other] if other is not None else None
        if other is not None and isinstance(entry, Got):
            got_text = f"{entry.event!r}: renamed from {provocation.event!r} to {entry.event!r}"
            yield failed(provocation.event, f"the name {provocation.event!r}", got_text, provocation.index, other)


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
bob <- pen-taken {"room": "r1", "pen": "red"}
"""
)
