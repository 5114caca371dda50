"""A bad request gets an error of the documented shape.

Without it a client that sends a wrong payload waits for an effect that never comes. Any code will do; the
shape is checked by payload-keeps-its-schema.
"""

from collections.abc import Iterator

from conformance.absence import unanswered
from conformance.clauses import LATER, PAIR, invalid_requests, is_answered_by_error
from conformance.model import Acked, Finding, Got, failed, passed, unclear
from conformance.plan.requests import bad_requests
from conformance.reading import Reading
from contracts.model import Bundle

CLAUSE = "A bad request gets the error event."
ACTS = (bad_requests,)


def subjects(bundle: Bundle) -> list[str]:
    """Requests with a bad form whose answer is documented."""
    return [
        request.event
        for request in bundle.requests()
        if bundle.errors and any(invalid.answer == "error" for invalid in request.examples.invalid)
    ]


def judge(reading: Reading) -> Iterator[Finding]:
    """Each documented bad request, and the error that its sender received for it: the first of those that are left."""
    bad = [(i, s, r) for i, s, r in invalid_requests(reading) if is_answered_by_error(reading, s, r)]
    free = [(place, got.actor) for place, got in reading.each(Got) if got.event == reading.bundle.errors]
    for index, sent, request in bad:
        error = next((place for place, actor in free if actor == sent.actor and place > index), None)
        if error is not None:
            free.remove((error, sent.actor))
            yield passed(sent.event, "it got an error", index, error)
        elif not (missing := unanswered(reading, index, request.deadline_ms)).lost:
            yield unclear(sent.event, f"no error: {missing.why}", index, *missing.evidence)
        else:
            acks = [i for i, ack in reading.each(Acked) if ack.actor == sent.actor and ack.ack == sent.ack]
            got_text = "only an ack" if sent.ack is not None and acks else "nothing"
            yield failed(sent.event, f"the event {reading.bundle.errors!r}", got_text, index, *acks, *missing.evidence)


SILENT = (
    PAIR
    + """
ann -> pen:take {"room": "r1"}
ann <- problem {"code": "NO_PEN"}
"""
)
SPEAKS = (
    PAIR
    + """
ann -> pen:take {"room": "r1"}
"""
    + LATER
)
