"""A broadcast is delivered within its deadline.

Counted to when a receiver had it, from when its cause was given: for an HTTP call, its answer; for an event that
follows others on the same socket, the effect of the one before it.
"""

from collections.abc import Iterator

from conformance.clauses import PAIR, room_events
from conformance.model import Finding, failed, passed, unclear
from conformance.plan.delivery import chorus
from conformance.reading import Reading

CLAUSE = "Delivery is real-time: within the deadline that the contract names."
ACTS = (chorus,)
subjects = room_events


def judge(reading: Reading) -> Iterator[Finding]:
    """The time from cause to receipt, at each receiver."""
    for provocation in reading.provocations:
        deadline_s = reading.deadline_s(provocation.broadcast.deadline_ms)
        for actor in reading.actors():
            for index in reading.delivered(provocation, actor)[:1]:
                took_s = reading.entries[index].at_s - provocation.due_s
                stalled_s = reading.stalled_s(provocation.due_s, reading.entries[index].at_s)
                if took_s > deadline_s >= took_s - stalled_s:
                    why = f"it took {took_s:.2f} s, of which our own side was held up for {stalled_s:.2f} s"
                    yield unclear(provocation.event, why, provocation.index, index)
                elif took_s <= deadline_s:
                    yield passed(provocation.event, f"after {max(0.0, took_s) * 1000:.0f} ms", provocation.index, index)
                else:
                    expected = f"it at {actor} within {deadline_s:g} s"
                    yield failed(provocation.event, expected, f"{took_s:.2f} s", provocation.index, index)


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
@3.2 bob <- pen:taken {"room": "r1", "pen": "red"}
"""
)
