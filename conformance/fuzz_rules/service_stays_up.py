"""The service stays up.

A payload that ends the process ends the connections of everybody. Judged by whether all connections, those over which
nothing bad was sent among them, end right after a request that the contract forbids.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from conformance.analysis.absence import ended_text
from conformance.analysis.queries import PAIR, innocent_end, invalid_requests
from conformance.analysis.reading import Reading
from conformance.model.payload import same
from conformance.model.transcript import Acked, Called, Closed, Got, Missed, Opened
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.plan.invalid import invalid_requests as invalid_requests_act
from conformance.plan.requests import bad_calls, bad_requests, junk
from contracts.model import Bundle

CLAUSE = "No request ends the service."
ACTS = (invalid_requests_act, bad_requests, bad_calls, junk)

AT_ONCE_S = 1.0
"""After a request within which what it ends has ended: a process that fails closes its connections within
milliseconds, and a busy machine tells of it later."""

STAGE = "stage"
"""Who finds that the service is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bad:
    """A request or call that the contract forbids."""

    index: int
    at_s: float
    subject: str


def subjects(bundle: Bundle) -> list[str]:
    """Requests, and calls with a body."""
    calls = [call.title for call in bundle.calls.values() if call.examples.invalid]
    return [request.event for request in bundle.requests() if request.examples.invalid] + calls


def judge(reading: Reading) -> Iterator[Finding]:
    """The last bad request before everything ended; or each of them, where something was received later."""
    bad = sorted(_bad(reading), key=lambda one: one.at_s)
    if not bad:
        return
    gone = next((i for i, one in reading.each(Missed) if one.actor == STAGE and one.is_connection), None)
    end = _end(reading, gone)
    if end is None:
        for subject in dict.fromkeys(one.subject for one in bad):
            first = next(one for one in bad if one.subject == subject)
            later = _later(reading, first.at_s)
            if later is not None:
                yield passed(subject, "the service answered something later", first.index, later)
        return
    at_s = reading.entries[end].at_s
    last = next((one for one in reversed(bad) if one.at_s <= at_s), None)
    evidence = [end] if gone is None else [end, gone]
    if last is None:
        yield unclear(bad[0].subject, "every connection ended before it was sent", bad[0].index, *evidence)
    elif reading.maybe_ours(end):
        why = "every connection ended while Roomcheck's event loop was stalled"
        yield unclear(last.subject, why, last.index, *evidence)
    elif at_s - last.at_s > AT_ONCE_S:
        why = f"every connection ended {at_s - last.at_s:.1f} s after it, which may have another cause"
        yield unclear(last.subject, why, last.index, *evidence)
    else:
        now = "and the service cannot be reached" if gone is not None else "those over which nothing bad was sent, too"
        got = f"every connection ended {(at_s - last.at_s) * 1000:.0f} ms after it, {now} ({ended_text(reading, end)})"
        yield failed(last.subject, "a service that stays up", got, last.index, *evidence)


def _bad(reading: Reading) -> Iterator[_Bad]:
    for index, sent, _ in invalid_requests(reading):
        yield _Bad(index=index, at_s=sent.at_s, subject=sent.event)
    for index, called in reading.each(Called):
        call = reading.bundle.calls.get(called.call)
        if call is not None and any(same(called.body, one.payload) for one in call.examples.invalid):
            yield _Bad(index=index, at_s=called.at_s, subject=call.title)


def _end(reading: Reading, gone: int | None) -> int | None:
    """The first end of a connection where all have ended, and not by us; None where some are left."""
    ends = {closed.actor: index for index, closed in reversed(list(reading.each(Closed))) if closed.by != "us"}
    opened = {entry.actor for _, entry in reading.each(Opened)}
    if not ends or (gone is None and (opened - ends.keys() or innocent_end(reading) is None)):
        return None
    _, first = min((reading.entries[index].at_s, index) for index in ends.values())
    return int(first)


def _later(reading: Reading, since_s: float) -> int | None:
    """Something that the service sent after that time."""
    for index, entry in enumerate(reading.entries):
        if isinstance(entry, Got | Acked) and entry.at_s > since_s:
            return index
        if isinstance(entry, Called) and entry.status is not None and entry.at_s > since_s:
            return index
    return None


BAD = (
    PAIR
    + """
ann -> pen:take {"room": "r1", "pen": "purple"}
"""
)
SILENT = (
    BAD
    + """
ann <- problem {"code": "NO_PEN"}
"""
)
SPEAKS = (
    BAD
    + """
ann closed service
bob closed service
"""
)
