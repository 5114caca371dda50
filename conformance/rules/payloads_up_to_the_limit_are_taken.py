"""Payloads up to the documented size are taken, and larger ones have no effect.

A client that sends a photo or a long text relies on the documented size. A server closes the connection above
`maxHttpBufferSize`: where that is smaller than documented, a valid request costs the connection.
"""

from collections.abc import Iterator

from conformance.analysis.absence import ended_text
from conformance.analysis.queries import PAIR, answer_to, refusals, valid_requests
from conformance.analysis.reading import Reading
from conformance.model.transcript import Closed, Opened, Sent
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.model.wire import raw
from conformance.plan.limits import PADDING, headroom_bytes, largest
from contracts.limits import json_bytes
from contracts.model import Bundle, Request

CLAUSE = "Payloads up to the documented size are taken; larger ones have no effect."
ACTS = (largest,)
SUBJECT = "largest payload"


def subjects(bundle: Bundle) -> list[str]:
    """One subject, where the contract has a limit."""
    return [SUBJECT] if bundle.max_payload_bytes is not None else []


def judge(reading: Reading) -> Iterator[Finding]:
    """Each request that is nearly as large as allowed, or larger."""
    most_bytes = reading.bundle.max_payload_bytes
    if most_bytes is None:
        return
    for index, opened in reading.each(Opened):
        if opened.most_bytes is not None and opened.most_bytes < most_bytes:
            got = f"a handshake which says that a packet has {opened.most_bytes} at most"
            yield failed(SUBJECT, f"packets of {most_bytes} bytes to be taken", got, index)
            return
    for index, sent, request in valid_requests(reading):
        size = json_bytes(raw(sent.args))
        if size > most_bytes:
            yield _above(reading, index, sent, request, size)
        elif size > most_bytes - 2 * headroom_bytes(most_bytes):
            yield _below(reading, index, sent, request, size)


def _above(reading: Reading, index: int, sent: Sent, request: Request, size: int) -> Finding:
    effect = _effect(reading, index, request)
    most_bytes = reading.bundle.max_payload_bytes
    if effect is not None:
        expected = f"no effect of a payload of {size} bytes, where {most_bytes} are allowed"
        return failed(SUBJECT, expected, f"the effect of {sent.event}", index, effect)
    ended, error = _ended(reading, sent.actor, index), _error(reading, sent.actor, index)
    seen = next((at for at in (ended, error, reading.fence(sent.actor, sent.at_s)) if at is not None), None)
    if seen is None:
        return unclear(SUBJECT, f"nothing shows what became of the {size} bytes that {sent.actor} sent", index)
    return passed(SUBJECT, f"a payload of {size} bytes had no effect", index, seen)


def _below(reading: Reading, index: int, sent: Sent, request: Request, size: int) -> Finding:
    effect = _effect(reading, index, request)
    if effect is not None:
        return passed(SUBJECT, f"a payload of {size} bytes was taken", index, effect)
    expected = f"the effect of {sent.event} with a payload of {size} bytes"
    ended, error = _ended(reading, sent.actor, index), _error(reading, sent.actor, index)
    if ended is not None and not reading.maybe_ours(ended):
        return failed(SUBJECT, expected, ended_text(reading, ended), index, ended)
    payload = sent.args[0] if sent.args else None
    if error is not None and isinstance(payload, dict) and PADDING in payload:
        return unclear(SUBJECT, f"{sent.event} was refused, maybe for a field that it does not know", index, error)
    if error is not None:
        return failed(SUBJECT, expected, "an error", index, error)
    fence = reading.fence(sent.actor, sent.at_s)
    if ended is None and fence is not None:
        return failed(SUBJECT, expected, "nothing, though something later arrived", index, fence)
    return unclear(SUBJECT, f"nothing shows what became of the {size} bytes that {sent.actor} sent", index)


def _effect(reading: Reading, index: int, request: Request) -> int | None:
    """The entry that shows that a request had its effect."""
    heard = (reading.control(one) for one in reading.provocations if one.index == index)
    told = next((at for at in heard if at is not None), None)
    answer = answer_to(reading, index, request, surely=True) if told is None else told
    return None if answer in refusals(reading) else answer


def _ended(reading: Reading, actor: str, index: int) -> int | None:
    """The end of the connection by the service, after an entry; what could not be sent any more is no end."""
    ends = (at for at, closed in reading.each(Closed) if closed.actor == actor and closed.by != "us" and at > index)
    return next(ends, None)


def _error(reading: Reading, actor: str, index: int) -> int | None:
    """The error that a request was answered with: the event, or an ack that says so."""
    errors = reading.bundle.errors
    told = reading.index.heard_after(actor, errors, index) if errors else None
    acked = (at for at in sorted(refusals(reading)) if at > index and reading.entries[at].actor == actor)
    return told if told is not None else next(acked, None)


def _padded(actor: str, count: int) -> str:
    return f'{actor} -> pen:take {{"room": "r1", "pen": "red", "padding": "{"x" * count}"}}\n'


BUNDLE = "example-more"
TOLD = 'bob <- pen:taken {"room": "r1", "pen": "red"}\n'
LARGE = PAIR + "eve opened e1 user=ue token=own\neve in r1\n" + _padded("ann", 70) + TOLD + _padded("eve", 160)
SILENT = LARGE + "eve closed service\n"
SPEAKS = LARGE + TOLD
