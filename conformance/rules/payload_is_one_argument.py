"""An event and a reply carry exactly one argument, or as many as the contract names.

A Socket.IO event or ack may carry any number of arguments; a handler that was written for one ignores the others.
Where the contract allows null as the payload, none at all is accepted.
"""

from collections.abc import Iterator

from conformance.analysis.forgery import forged_entries
from conformance.analysis.queries import PAIR, replies
from conformance.analysis.reading import Reading
from conformance.analysis.recorded import certain
from conformance.model.subject import reply_to
from conformance.model.transcript import Acked, Got
from conformance.model.verdict import Finding, failed, passed
from conformance.model.wire import raw
from conformance.plan.audience import assembly
from conformance.plan.delivery import chorus
from conformance.plan.requests import answers, bad_requests
from contracts.form import FormSchema
from contracts.model import Bundle
from contracts.schema import Schema

CLAUSE = "An event, and the reply to a request, carries one argument: its payload."
ACTS = (chorus, assembly, answers, bad_requests)
RECORDED = certain


def subjects(bundle: Bundle) -> list[str]:
    """Everything that the server sends, and what requests are answered with."""
    sent = [broadcast.event for broadcast in bundle.broadcasts()]
    return sent + [reply_to(request.event) for request in bundle.requests() if request.reply]


def judge(reading: Reading) -> Iterator[Finding]:
    """The number of arguments of each documented event and reply that was received."""
    for index, got in reading.each(Got):
        broadcast = reading.bundle.broadcast(got.event)
        if broadcast and index not in reading.once(forged_entries):
            yield _counted(index, got, got.event, broadcast.payload)
    for index, entry, subject, reply in replies(reading):
        yield _counted(index, entry, subject, reply.payload)


def _counted(index: int, entry: Got | Acked, subject: str, payload: Schema) -> Finding:
    if isinstance(payload, FormSchema):
        wanted, count = len(payload.form.schemas), len(raw(entry.args))
        if count == wanted:
            return passed(subject, "as many arguments as documented", index)
        return failed(subject, _arguments(wanted), _arguments(count), index)
    if len(entry.args) == 1:
        return passed(subject, "one argument", index)
    if not entry.args and payload.is_valid(None):
        return passed(subject, "no argument, and the payload may be null", index)
    return failed(subject, "one argument", f"{len(entry.args)} arguments", index)


def _arguments(count: int) -> str:
    return f"{count} argument{'s' if count != 1 else ''}"


SILENT = (
    PAIR
    + """
bob <- pen:taken {"room": "r1", "pen": "red"}
ann -> who {"room": "r1"} #1
ann <= who #1 {"room": "r1", "sockets": [], "count": 0}
"""
)
SPEAKS = (
    PAIR
    + """
bob <- pen:taken {"room": "r1", "pen": "red"} {"by": "ann"}
ann -> who {"room": "r1"} #1
ann <= who #1 {"room": "r1", "sockets": [], "count": 0} "surplus"
"""
)
