"""Every payload keeps its schema.

Checked on everything that any socket received in any act: broadcasts, answers, errors.
"""

from collections.abc import Iterator

from conformance.clauses import PAIR
from conformance.model import Acked, Finding, Got, Sent, failed, passed
from conformance.plan.delivery import chorus
from conformance.plan.requests import answers, bad_requests
from conformance.presence import payload_of
from conformance.reading import Reading
from contracts.model import Bundle
from contracts.schema import Schema, shown

CLAUSE = "The payload has the documented fields with the documented types and values."
ACTS = (chorus, answers, bad_requests)


def subjects(bundle: Bundle) -> list[str]:
    """What the server sends, and what requests are answered with."""
    sent = [broadcast.event for broadcast in bundle.broadcasts()]
    return sent + [_reply(request.event) for request in bundle.requests() if request.reply]


def _reply(event: str) -> str:
    return f"{event} (reply)"


def judge(reading: Reading) -> Iterator[Finding]:
    """Each payload against the schema of its event or reply."""
    named = reading.bundle.reply_names()
    for index, entry in enumerate(reading.entries):
        broadcast = reading.bundle.broadcast(entry.event) if isinstance(entry, Got) else None
        if isinstance(entry, Got) and broadcast:
            yield _checked(index, entry, entry.event, broadcast.payload)
        elif isinstance(entry, Got) and entry.event in named:
            reply = named[entry.event].reply
            if reply:
                yield _checked(index, entry, _reply(named[entry.event].event), reply.payload)
        elif isinstance(entry, Acked) and entry.args and _is_answer(reading, entry):
            request = reading.bundle.request(entry.event)
            if request and request.reply and request.reply.ack:
                yield _checked(index, entry, _reply(entry.event), request.reply.payload)


def _is_answer(reading: Reading, ack: Acked) -> bool:
    """Whether the ack answers a valid request: what a service acknowledges a bad one with is its own affair."""
    for _, sent in reading.each(Sent):
        if sent.actor == ack.actor and sent.ack == ack.ack:
            request = reading.bundle.request(sent.event)
            return bool(request and request.payload.is_valid(payload_of(sent.args)))
    return False


def _checked(index: int, entry: Got | Acked, subject: str, schema: Schema) -> Finding:
    payload = payload_of(entry.args)
    if schema.is_valid(payload):
        return passed(subject, "it keeps its schema", index)
    problem = schema.explain(payload)
    if problem is None:
        return failed(subject, "a payload that keeps its schema", shown(payload), index)
    where = f" at `{problem.path}`" if problem.path else ""
    return failed(subject, f"{problem.expected}{where}", problem.got, index)


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
bob <- pen:taken {"room": "r1", "pen": "purple"}
ann -> who {"room": "r1"} #1
ann <= who #1 {"room": "r1", "sockets": []}
"""
)
