"""The service stays up.

A payload that ends the process ends the connections of everybody. Judged on all acts of a batch together: by whether
all connections, those over which nothing bad was sent among them, end right after something that the contracts forbid.
"""

from collections.abc import Iterator

from conformance.analysis.absence import ended_text
from conformance.analysis.bad_input import forbidden_entries
from conformance.analysis.queries import PAIR, offenders_of
from conformance.analysis.reading import Reading
from conformance.model.transcript import Acked, Called, Closed, Got, Missed, Opened
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.plan.invalid import invalid_requests as invalid_requests_act
from conformance.plan.oddities import oddities, unplayed
from conformance.plan.requests import bad_calls, bad_requests, junk
from contracts.model import Bundle

CLAUSE = "No request ends the service."
ACTS = (invalid_requests_act, bad_requests, bad_calls, junk, oddities, unplayed)

AT_ONCE_S = 1.0
"""After a request within which what it ends has ended: a process that fails closes its connections within
milliseconds, and a busy machine tells of it later."""

SETTLED_S = 0.05
"""How long a connection has been open that has to end with the others: a newer one may be to the next process."""

SUSPECT_S = 0.1
"""Before everything ended, within which what was sent may be the cause: a process takes a moment to end."""

MOST_SUSPECTS = 4

SERVICE = "the service"

STAGE = "stage"
"""Who finds that the service is gone."""


def subjects(_: Bundle) -> list[str]:
    """The service as a whole: which of several requests has ended it, only a repetition tells."""
    return [SERVICE]


def judge(reading: Reading) -> Iterator[Finding]:
    """What was sent last before everything ended; or that something was answered after all that was sent."""
    bad = sorted(forbidden_entries(reading), key=lambda one: one.at_s)
    if not bad:
        return
    gone = next((i for i, one in reading.each(Missed) if one.actor == STAGE and one.is_connection), None)
    end = _end(reading, gone)
    if end is None:
        later = _later(reading, bad[-1].at_s)
        if later is not None:
            yield passed(SERVICE, f"it answered after the last of {len(bad)} bad requests", bad[-1].index, later)
        return
    at_s = reading.entries[end].at_s
    last = next((one for one in reversed(bad) if one.at_s <= at_s), None)
    evidence = [end] if gone is None else [end, gone]
    if last is None:
        yield unclear(SERVICE, "every connection ended before anything bad was sent", bad[0].index, *evidence)
    elif gone is None and reading.maybe_ours(end):
        why = "every connection ended while Roomcheck's event loop was stalled"
        yield unclear(SERVICE, why, last.index, *evidence)
    elif at_s - last.at_s > AT_ONCE_S:
        why = f"every connection ended {at_s - last.at_s:.1f} s after a bad request, which may have another cause"
        yield unclear(SERVICE, why, last.index, *evidence)
    else:
        now = "and the service cannot be reached" if gone is not None else "those over which nothing bad was sent, too"
        what = f"every connection ended {(at_s - last.at_s) * 1000:.0f} ms after {last.subject}"
        suspects = [one.index for one in bad if at_s - SUSPECT_S <= one.at_s <= last.at_s] or [last.index]
        got = f"{what}, {now} ({ended_text(reading, end)})"
        yield failed(SERVICE, "a service that stays up", got, *suspects[-MOST_SUSPECTS:], *evidence)


def _end(reading: Reading, gone: int | None) -> int | None:
    """The first end of a connection with which all that were open ended, and not by us; None where there is none.

    There have to be several, and one of them over which nothing bad was sent. Where the service is gone, it is the
    first end after which nothing was received.
    """
    ends = {closed.actor: (closed.at_s, index) for index, closed in reading.each(Closed) if closed.by != "us"}
    closed_s = {closed.actor: closed.at_s for _, closed in reading.each(Closed)}
    opened_s = {opened.actor: opened.at_s for _, opened in reading.each(Opened)}
    if gone is not None and ends:
        heard_s = max((entry.at_s for entry in reading.entries if isinstance(entry, Got | Acked)), default=0.0)
        last = [end for end in sorted(ends.values()) if end[0] >= heard_s - SUSPECT_S]
        return last[0][1] if last else max(ends.values())[1]
    innocent = opened_s.keys() - offenders_of(reading)
    for at_s, index in sorted(ends.values()):
        alive = {
            actor for actor, began_s in opened_s.items() if began_s + SETTLED_S <= at_s <= closed_s.get(actor, at_s)
        }
        together = all(actor in ends and ends[actor][0] - at_s <= AT_ONCE_S for actor in alive)
        if together and len(alive) > 1 and alive & innocent:
            return index
    return None


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
@1.0 ann -> pen:take {"room": "r1", "pen": "purple"}
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
