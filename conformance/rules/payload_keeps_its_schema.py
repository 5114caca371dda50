"""Every payload keeps its schema.

Judged for everything that any socket received in any act: broadcasts, answers and errors.
"""

from collections.abc import Iterator

from conformance.analysis.effects import effects_of
from conformance.analysis.forgery import forged_entries
from conformance.analysis.queries import PAIR, refusals, replies
from conformance.analysis.reading import Reading
from conformance.analysis.recorded import certain
from conformance.model.payload import payload_of
from conformance.model.subject import reply_to
from conformance.model.transcript import Acked, Got
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.model.wire import raw
from conformance.plan.audience import assembly
from conformance.plan.delivery import chorus
from conformance.plan.requests import answers, bad_requests
from contracts.form import FormSchema
from contracts.model import Bundle
from contracts.pointer import pointed
from contracts.schema import Schema, shown

CLAUSE = "The payload has the documented fields with the documented types and values."
ACTS = (chorus, assembly, answers, bad_requests)
RECORDED = certain


def subjects(bundle: Bundle) -> list[str]:
    """What the server sends, and what requests are answered with."""
    sent = [broadcast.event for broadcast in bundle.broadcasts()]
    return sent + [reply_to(request.event) for request in bundle.requests() if request.reply]


def judge(reading: Reading) -> Iterator[Finding]:
    """Each payload against the schema of its event or reply."""
    relayed = {effect.index for effects in effects_of(reading).values() for effect in effects}
    not_its_own = reading.once(forged_entries) | reading.strays
    for index, got in reading.each(Got):
        broadcast = reading.bundle.broadcast(got.event)
        if broadcast and index in relayed:
            why = "it repeats the payload of a bad request: see bad-request-has-no-effect"
            yield unclear(got.event, why, index)
        elif broadcast and index not in not_its_own:
            yield from _checked(index, got, got.event, broadcast.payload)
    for index, entry, subject, reply in replies(reading):
        yield from _checked(index, entry, subject, reply.payload)
    for index in sorted(refusals(reading)):
        yield from _refusal(reading, index)


def _refusal(reading: Reading, index: int) -> Iterator[Finding]:
    """The value by which a reply refuses its request, where the contract says what it looks like."""
    entry = reading.entries[index]
    if not isinstance(entry, Acked | Got):
        return
    named = reading.bundle.reply_names()
    request = reading.bundle.request(entry.event) if isinstance(entry, Acked) else named.get(entry.event)
    refused = request.reply.refused if request and request.reply else None
    if request is None or refused is None or refused.value is None:
        return
    value, subject = pointed(list(raw(entry.args)), refused.at), reply_to(request.event)
    problem = refused.value.explain(value)
    if problem is None:
        yield passed(subject, "its refusal keeps its schema", index)
        return
    where = f" at `{problem.path}`" if problem.path else ""
    yield failed(subject, f"a refusal with {problem.expected}{where}", problem.got, index)


def _checked(index: int, entry: Got | Acked, subject: str, schema: Schema) -> Iterator[Finding]:
    payload = payload_of(entry.args)
    if isinstance(schema, FormSchema) and len(raw(entry.args)) != len(schema.form.schemas):
        return  # How many arguments there are is a rule of its own.
    if schema.is_valid(payload):
        yield passed(subject, "it keeps its schema", index)
        return
    problem = schema.explain(payload)
    if problem is None:
        yield failed(subject, "a payload that keeps its schema", shown(payload), index)
        return
    where = f" at `{problem.path}`" if problem.path else ""
    yield failed(subject, f"{problem.expected}{where}", problem.got, index)


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
