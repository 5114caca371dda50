"""What a client sends keeps its schema: events and the bodies of calls.

A service refuses what breaks it, or takes it for something else. The service is not to blame: the client is.
"""

from collections.abc import Iterator

from conformance.analysis.queries import PAIR, calls
from conformance.analysis.reading import Reading
from conformance.analysis.recorded import certain
from conformance.model.payload import payload_of
from conformance.model.transcript import Sent
from conformance.model.verdict import Finding, failed, passed
from contracts.model import Bundle
from contracts.schema import Schema, shown

CLAUSE = "What a client sends has the documented fields with the documented types and values."
ACTS = ()
RECORDED = certain


def subjects(bundle: Bundle) -> list[str]:
    """What clients emit, and the calls that have a body."""
    return [one.event for one in bundle.requests()] + [call.title for call in bundle.calls.values() if call.body]


def judge(reading: Reading) -> Iterator[Finding]:
    """Each documented event that a client emitted, and each body that it sent."""
    for index, sent in reading.each(Sent):
        request = reading.bundle.request(sent.event)
        if request is not None:
            yield _checked(index, sent.event, request.payload, payload_of(sent.args))
    for index, called, call in calls(reading, lambda one: one.body is not None):
        if call.body is not None:
            yield _checked(index, call.title, call.body, called.body)


def _checked(index: int, subject: str, schema: Schema, payload: object) -> Finding:
    if schema.is_valid(payload):
        return passed(subject, "what the client sent keeps its schema", index)
    problem = schema.explain(payload)
    if problem is None:
        return failed(subject, "a payload that keeps its schema", f"the client sent {shown(payload)}", index)
    where = f" at `{problem.path}`" if problem.path else ""
    return failed(subject, f"{problem.expected}{where}", f"the client sent {problem.got}", index)


SILENT = (
    PAIR
    + """
ann -> pen:take {"room": "r1", "pen": "red"}
"""
)
SPEAKS = (
    PAIR
    + """
ann -> pen:take {"room": "r1", "pen": 7}
"""
)
