"""A bad request gets an error of the documented shape.

Without it a client that sends a wrong payload waits for an effect that never comes. Any code will do; the
shape is checked by payload-keeps-its-schema.
"""

from collections.abc import Iterator

from conformance.clauses import PAIR, invalid_requests, is_answered_by_error
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
    """Each documented bad request, and the error that its sender received before its next."""
    bad = [(i, s, r) for i, s, r in invalid_requests(reading) if is_answered_by_error(reading, s, r)]
    for index, sent, request in bad:
        later = [other.at_s for place, other, _ in bad if place > index and other.actor == sent.actor]
        until_s = min(later, default=float("inf"))
        errors = [
            place
            for place, got in reading.each(Got)
            if got.actor == sent.actor and got.event == reading.bundle.errors and sent.at_s <= got.at_s <= until_s
        ]
        if errors:
            yield passed(sent.event, "it got an error", index, errors[0])
        elif not reading.watched(sent.at_s, request.deadline_ms):
            yield unclear(sent.event, "the act ended before the deadline", index)
        else:
            acks = [i for i, ack in reading.each(Acked) if ack.actor == sent.actor and ack.ack == sent.ack]
            got_text = "only an ack" if sent.ack is not None and acks else "nothing"
            yield failed(sent.event, f"the event {reading.bundle.errors!r}", got_text, index, *acks)


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
)
