"""A request that is emitted right after connecting has its effect.

A client may emit as soon as it is connected, and sends what it has buffered in that very moment. A service that
attaches its listeners only after something that its connection handler awaits drops all of this, and reports
nothing.
"""

from collections.abc import Iterator

from conformance.analysis.promises import Start, starts
from conformance.analysis.queries import PAIR
from conformance.analysis.reading import Reading
from conformance.model.transcript import Sent
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.plan.promises import evident, greeting
from contracts.model import DEFAULT_DEADLINE_MS, Bundle

CLAUSE = "A documented request has its documented effect from the moment of connecting."
ACTS = (greeting,)
SUBJECT = "right after connecting"
MOST_NAMED = 3


def subjects(bundle: Bundle) -> list[str]:
    """One subject, where a socket can see for itself that some request was heard."""
    return [SUBJECT] if evident(bundle) else []


def judge(reading: Reading) -> Iterator[Finding]:
    """What each socket emitted early, against the same requests later on the same socket."""
    for start in starts(reading):
        if start.lost and start.works:
            yield _lost(reading, start, start.works)
        elif start.heard:
            names = ", ".join(dict.fromkeys(_sent(reading, index).event for index in start.heard))
            yield passed(SUBJECT, f"{names} had an effect", *start.heard)


def _lost(reading: Reading, start: Start, works: tuple[int, int]) -> Finding:
    lost = [_sent(reading, index) for index in start.lost]
    if not all(reading.watched(sent.at_s, DEFAULT_DEADLINE_MS) for sent in lost):
        return unclear(SUBJECT, "the act ended before the deadline of what was emitted first", *start.lost)
    names = list(dict.fromkeys(sent.event for sent in lost))
    told = ", ".join(names[:MOST_NAMED]) + (f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else "")
    last_ms = (max(sent.at_s for sent in lost) - start.opened_s) * 1000
    works_ms = (_sent(reading, works[0]).at_s - start.opened_s) * 1000
    first = "as soon as it was connected" if last_ms < 1 else f"in the first {last_ms:.0f} ms after connecting"
    return failed(
        SUBJECT,
        f"{told} to have their effects from the moment of connecting",
        f"none of what was emitted {first}; the same requests had their effects {works_ms:.0f} ms after connecting",
        *start.lost,
        *works,
        hint="attach every listener before the connection handler awaits anything",
    )


def _sent(reading: Reading, index: int) -> Sent:
    sent = reading.entries[index]
    if not isinstance(sent, Sent):
        raise TypeError(f"entry {index} is no event that was sent")
    return sent


EARLY = (
    PAIR
    + """
eve opened e1 user=ue
eve ->! who {"room": "r1"} #1
"""
)
SILENT = (
    EARLY
    + """
eve <= who #1 {"room": "r1", "sockets": [], "count": 0}
"""
)
SPEAKS = (
    EARLY
    + """
eve -> who {"room": "r1"} #2
eve <= who #2 {"room": "r1", "sockets": [], "count": 0}
"""
)
