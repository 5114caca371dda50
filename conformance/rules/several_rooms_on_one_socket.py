"""A socket can be in several rooms at once.

A dispatcher follows many emergencies over one connection.
"""

from collections.abc import Iterator

from conformance.analysis.absence import undelivered
from conformance.analysis.queries import LATER, owed_to
from conformance.analysis.reading import Reading
from conformance.model.verdict import Finding, Outcome, failed, unclear
from conformance.plan.rooms import several
from contracts.model import Bundle

CLAUSE = "Joining a room does not end the membership of another."
ACTS = (several,)
SUBJECT = "several rooms on one socket"


def subjects(bundle: Bundle) -> list[str]:
    """One subject; none where a socket is in one at most."""
    return [] if bundle.room.is_none or bundle.one_room else [SUBJECT]


def judge(reading: Reading) -> Iterator[Finding]:
    """Each broadcast at sockets that are in that room and in another; what came of one shows up the rest."""
    for actor in reading.actors():
        own = [
            stay for stay in reading.stays if stay.actor == actor and stay.sure and stay.room not in reading.unheard_ids
        ]
        joined = {stay.room for stay in own if stay.out_s == float("inf")}
        if len(joined) < 2:
            continue
        due = [
            p
            for p in reading.provocations
            if p.room in joined and p.broadcast.receivers == "room" and reading.inside(actor, p.room, p.at_s) == "yes"
        ]
        for provocation in due:
            heard = [p for p in due if p.event == provocation.event and reading.delivered(p, actor)]
            refusal = reading.refusal(provocation) if reading.control(provocation) is None else None
            if refusal is not None:
                yield unclear(SUBJECT, "the service refused the request that causes it", provocation.index, refusal)
                continue
            finding = owed_to(reading, actor, provocation, SUBJECT)
            missing = undelivered(reading, provocation, actor)
            if finding.outcome is Outcome.INCONCLUSIVE and heard and missing.lost:
                expected = f"{provocation.event} of every room that {actor} joined"
                shown = (provocation.index, reading.delivered(heard[0], actor)[0], *missing.evidence)
                finding = failed(SUBJECT, expected, f"that of {heard[0].room!r} alone", *shown)
            yield finding


TWO = """
ann opened a1
ann in r1
ann in r2
http add-note {"room": "r1"} {"text": "hello"} => 201 {}
http add-note {"room": "r2"} {"text": "other"} => 201 {}
ann <- note:added {"id": "n2", "room": "r2", "text": "other", "at": 1}
"""
SILENT = (
    TWO
    + """
ann <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
SPEAKS = TWO + LATER
