"""A broadcast is delivered within its deadline.

Measured until a receiver has the broadcast: from the answer of the HTTP call that caused it, or from the emission
of the event that did; where the same socket emitted others just before, from the effect of the one before.
"""

from collections.abc import Container, Iterator

from conformance.analysis.absence import overtaken
from conformance.analysis.expected import Expected
from conformance.analysis.queries import PAIR, owed_events
from conformance.analysis.reading import Reading
from conformance.model.verdict import Finding, Outcome, failed, passed, unclear
from conformance.plan.audience import assembly
from conformance.plan.consequences import consequences
from conformance.plan.delivery import chorus

CLAUSE = "Delivery is real-time: within the deadline that the contract names."
ACTS = (chorus, assembly, consequences)
subjects = owed_events


def judge(reading: Reading) -> Iterator[Finding]:
    """The time from cause to receipt, at each receiver."""
    prompt: set[str] = set()
    queued: list[tuple[Expected, int]] = []
    for provocation in reading.provocations:
        if provocation.maybe and provocation.broadcast.causes.maybe is not None:
            continue  # Which of its causes met the condition is not known, and so not how long it took.
        for actor in reading.actors():
            for index in reading.delivered(provocation, actor)[:1]:
                finding = _judged(reading, provocation, actor, index)
                if finding.outcome is Outcome.PASS and _waited(reading, provocation, index):
                    queued.append((provocation, index))
                    continue
                if finding.outcome is Outcome.PASS:
                    prompt.add(provocation.event)
                yield finding
    for provocation, index in queued:
        yield _of_queued(reading, provocation, index, prompt)


def _waited(reading: Reading, provocation: Expected, index: int) -> bool:
    """Whether a delivery is in time only since its socket's event waited for the effect of the one before."""
    if provocation.sender is None or provocation.parent is not None:
        return False
    deadline_s = reading.deadline_s(provocation.broadcast.deadline_ms)
    return reading.entries[index].at_s - provocation.at_s > deadline_s


def _of_queued(reading: Reading, provocation: Expected, index: int, prompt: Container[str]) -> Finding:
    """What a delivery shows that waited for others: nothing, where the first of them may have been late itself."""
    took_s = reading.entries[index].at_s - provocation.due_s
    if provocation.event in prompt:
        return passed(provocation.event, f"after {max(0.0, took_s) * 1000:.0f} ms", provocation.index, index)
    why = "it came soon after the one before, and none that waited for no other came in time"
    return unclear(provocation.event, why, provocation.index, index)


def _judged(reading: Reading, provocation: Expected, actor: str, index: int) -> Finding:
    due_s, deadline_s = provocation.due_s, reading.deadline_s(provocation.broadcast.deadline_ms)
    took_s = reading.entries[index].at_s - due_s
    if took_s <= deadline_s:
        return passed(provocation.event, f"after {max(0.0, took_s) * 1000:.0f} ms", provocation.index, index)
    sooner = overtaken(reading, provocation, actor)
    stalled_s = reading.stalled_s(due_s, reading.entries[index].at_s)
    surely_late = sooner is not None and sooner[1] - due_s >= deadline_s
    if took_s - stalled_s <= deadline_s and not surely_late:
        why = f"it took {took_s:.2f} s, of which Roomcheck's event loop was stalled for {stalled_s:.2f} s"
        return unclear(provocation.event, why, provocation.index, index)
    if sooner is None:
        why = f"it took {took_s:.2f} s, and nothing that was asked for later came sooner: the whole service may be slow"
        return unclear(provocation.event, why, provocation.index, index)
    expected = f"it at {actor} within {deadline_s:g} s"
    return failed(provocation.event, expected, f"{took_s:.2f} s", provocation.index, sooner[0], index)


SILENT = (
    PAIR
    + """
@1.0 ann -> pen:take {"room": "r1", "pen": "red"}
@1.2 bob <- pen:taken {"room": "r1", "pen": "red"}
"""
)
SPEAKS = (
    PAIR
    + """
@1.0 ann -> pen:take {"room": "r1", "pen": "red"}
@3.0 ann -> who {"room": "r1"} #1
ann <= who #1 {"room": "r1", "sockets": [], "count": 0}
@3.1 bob -> who {"room": "r1"} #2
bob <= who #2 {"room": "r1", "sockets": [], "count": 0}
@3.2 bob <- pen:taken {"room": "r1", "pen": "red"}
"""
)
