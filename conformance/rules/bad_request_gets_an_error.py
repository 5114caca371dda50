"""A bad request gets an error of the documented shape.

Without an error, a client that has sent a wrong payload waits for an effect that never comes. Any error code is
accepted; whether the error has the documented shape is judged by payload-keeps-its-schema.
"""

from collections.abc import Iterator

from conformance.analysis.absence import unanswered
from conformance.analysis.queries import LATER, PAIR, invalid_requests, is_answered_by_error
from conformance.analysis.reading import Reading
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.plan.requests import bad_requests
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
    errors = reading.bundle.errors
    if errors is None:
        return
    bad = [(i, s, r) for i, s, r in invalid_requests(reading) if is_answered_by_error(reading, s, r)]
    used: dict[str, int] = {}  # The last error of each actor that answers a bad request already.
    for index, sent, request in bad:
        error = reading.index.heard_after(sent.actor, errors, max(index, used.get(sent.actor, -1)))
        if error is not None:
            used[sent.actor] = error
            yield passed(sent.event, "it got an error", index, error)
        elif not (missing := unanswered(reading, index, request.deadline_ms)).lost:
            yield unclear(sent.event, f"no error: {missing.why}", index, *missing.evidence)
        else:
            acks = reading.index.acks.get((sent.actor, sent.ack), ()) if sent.ack is not None else ()
            got_text = "only an ack" if acks else "nothing"
            yield failed(sent.event, f"the event {errors!r}", got_text, index, *acks, *missing.evidence)


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
