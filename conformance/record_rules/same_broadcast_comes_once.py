"""The same broadcast comes once.

Clients that show each delivery show a message twice. Deliveries are the same where they carry the same id, the one that
the call which causes them answers with, and everything else in them is the same as well. What is documented to come at
least once may be repeated.
"""

from collections import defaultdict
from collections.abc import Iterator

from conformance.analysis.queries import PAIR
from conformance.analysis.reading import Reading
from conformance.analysis.recorded import identity_of, of_one_session
from conformance.model.payload import payload_of, same
from conformance.model.transcript import Got, Sent
from conformance.model.verdict import Finding, failed, passed, unclear
from contracts.model import Bundle

CLAUSE = "Each receiver gets the broadcast exactly once."
ACTS = ()
RECORDED = of_one_session


def subjects(bundle: Bundle) -> list[str]:
    """The broadcasts that carry an id, and that may not be repeated."""
    return [one.event for one in bundle.broadcasts() if identity_of(bundle, one) is not None and not one.at_least_once]


def judge(reading: Reading) -> Iterator[Finding]:
    """How often each actor received each id. What a socket asked for in between may have been answered with it."""
    bundle = reading.bundle
    fields = {event: identity_of(bundle, found) for event in subjects(bundle) if (found := bundle.broadcast(event))}
    emitted: dict[str, list[int]] = defaultdict(list)
    for index, sent in reading.each(Sent):
        emitted[sent.actor].append(index)
    latest: dict[tuple[str, str, str], tuple[int, Got]] = {}
    for index, got in reading.each(Got):
        payload, name = payload_of(got.args), fields.get(got.event)
        value = payload.get(name) if isinstance(payload, dict) and name is not None else None
        if not isinstance(value, str):
            continue
        key = (got.actor, got.event, value)
        before = latest.get(key)
        latest[key] = (index, got)
        if before is None or not same(list(before[1].args), list(got.args)):
            yield passed(got.event, f"{got.actor} received its id for the first time, or changed", index)
        elif any(before[0] < asked < index for asked in emitted[got.actor]):
            why = "the client emitted something in between, which may have asked for it"
            yield unclear(got.event, f"{got.actor} received it again, but {why}", before[0], index)
        else:
            apart_ms = (got.at_s - before[1].at_s) * 1000
            yield failed(got.event, f"once at {got.actor}", f"it again {apart_ms:.1f} ms later", before[0], index)


SILENT = (
    PAIR
    + """
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
bob <- note:added {"id": "n2", "room": "r1", "text": "hello", "at": 1}
"""
)
SPEAKS = (
    PAIR
    + """
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
