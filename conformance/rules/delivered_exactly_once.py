"""A broadcast is delivered exactly once.

Clients that show each delivery show a message twice. A duplicate is the same event with the same values, where no
second cause explains it. What is documented to come at least once may be repeated until it is acked.
"""

from collections.abc import Iterator, Sequence

from conformance.analysis.absence import TIMES_SLOWEST
from conformance.analysis.expected import Expected
from conformance.analysis.queries import PAIR, owed_events
from conformance.analysis.reading import Reading
from conformance.model.transcript import ARRIVAL_S, Called, Got
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.plan.at_least_once import acked
from conformance.plan.audience import assembly
from conformance.plan.consequences import consequences
from conformance.plan.delivery import chorus
from conformance.plan.order import sequence

CLAUSE = "Each receiver gets the broadcast exactly once."
ACTS = (chorus, assembly, consequences, sequence, acked)
subjects = owed_events


def judge(reading: Reading) -> Iterator[Finding]:
    """How often each actor received each broadcast."""
    for provocation in reading.provocations:
        for actor in reading.actors():
            got = reading.delivered(provocation, actor)
            if got and provocation.broadcast.at_least_once and not provocation.broadcast.causes.is_unseen:
                yield _at_least_once(reading, provocation, got)
            elif len(got) == 1:
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


def _at_least_once(reading: Reading, provocation: Expected, got: Sequence[int]) -> Finding:
    """What to say of a broadcast that may be sent again until it is acked.

    An ack has been read by the service once it serves what the same socket sent after it. What it sends later still may
    come from another node, which is given the time of the slowest answers to be told.
    """
    event = provocation.event
    asked = ((index, reading.entries[index]) for index in got)
    first = next(((index, entry) for index, entry in asked if isinstance(entry, Got) and entry.ack is not None), None)
    if first is None:
        return passed(event, f"{len(got)} times, as it may: no ack was asked for", provocation.index, *got)
    index, acked = first
    read = reading.taken(acked.actor, acked.at_s)
    over_s = reading.entries[read].at_s + _told_s(reading, acked.at_s) if read is not None else None
    late = [again for again in got if over_s is not None and reading.entries[again].at_s > over_s]
    if late:
        told = f"once more {reading.entries[late[0]].at_s - acked.at_s:.1f} s after it was acked"
        return failed(
            event, f"nothing more at {acked.actor} once it was acked", told, provocation.index, index, late[0]
        )
    return passed(event, "at least once, and not again once it was acked", provocation.index, *got)


def _told_s(reading: Reading, since_s: float) -> float:
    """How long an ack may take from one node to another: longer than any answer took since then."""
    trips = [slowest_s for asked_s, _, slowest_s in reading.round_trips if asked_s <= since_s]
    return ARRIVAL_S + TIMES_SLOWEST * (trips[-1] if trips else 0.0)


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
