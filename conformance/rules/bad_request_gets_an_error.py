"""A bad request gets an error of the documented shape: the error event, or a reply that refuses it.

Without an error, a client that has sent a wrong payload waits for an effect that never comes. Any error code is
accepted; whether the error has the documented shape is judged by payload-keeps-its-schema.
"""

from collections.abc import Iterator

from conformance.analysis.absence import unanswered
from conformance.analysis.queries import LATER, PAIR, invalid_requests, is_answered_by_error, refusals
from conformance.analysis.reading import Reading
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.plan.requests import bad_requests, refusable
from contracts.model import Bundle, Request

CLAUSE = "A bad request gets the error event, or a reply that refuses it."
ACTS = (bad_requests,)


def subjects(bundle: Bundle) -> list[str]:
    """Requests with a bad form whose answer is documented."""
    return [
        request.event
        for request in bundle.requests()
        if refusable(bundle, request) and any(invalid.answer == "error" for invalid in request.examples.invalid)
    ]


def judge(reading: Reading) -> Iterator[Finding]:
    """Each documented bad request, and the error that its sender received for it: the first of those that are left."""
    errors = reading.bundle.errors
    known = [one for one in invalid_requests(reading) if refusable(reading.bundle, one[2])]
    bad = [(i, s, r) for i, s, r in known if is_answered_by_error(reading, s, r)]
    used: dict[str, int] = {}  # The last error of each actor that answers a bad request already.
    for index, sent, request in bad:
        since = max(index, used.get(sent.actor, -1))
        error = reading.index.heard_after(sent.actor, errors, since) if errors is not None else None
        acks = reading.index.acks.get((sent.actor, sent.ack), ()) if sent.ack is not None else ()
        refusal = next((ack for ack in acks if ack in refusals(reading)), None)
        if refusal is not None:
            yield passed(sent.event, "its ack refuses it", index, refusal)
        elif error is not None:
            used[sent.actor] = error
            yield passed(sent.event, "it got an error", index, error)
        elif sent.ack is None and request.reply is not None and request.reply.refused is not None:
            continue  # It did not ask for the ack that might have refused it.
        elif acks and errors is None:
            yield failed(sent.event, _ways(errors, request), "an ack that does not", index, acks[0])
        elif not (missing := unanswered(reading, index, request.deadline_ms)).lost:
            yield unclear(sent.event, f"no error: {missing.why}", index, *missing.evidence)
        else:
            got_text = "only an ack" if acks else "nothing"
            yield failed(sent.event, _ways(errors, request), got_text, index, *acks, *missing.evidence)


def _ways(errors: str | None, request: Request) -> str:
    """The ways in which a bad request may be answered."""
    event = [f"the event {errors!r}"] if errors is not None else []
    return " or ".join(event + (["an ack that refuses it"] if request.reply and request.reply.refused else []))


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
