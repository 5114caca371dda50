"""Leaving one room keeps the others.

However a socket leaves a room, by an event, a call or the end of the room, its other rooms are not affected.
"""

from collections.abc import Iterator

from conformance.analysis.absence import undelivered
from conformance.analysis.queries import LATER, PAIR, ended_by
from conformance.analysis.reading import Reading
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.plan.rooms import closing, leaving, removed
from contracts.model import Bundle

CLAUSE = "Leaving a room ends the membership of that room alone."
ACTS = (leaving, closing, removed)


def subjects(bundle: Bundle) -> list[str]:
    """The ways out of a room."""
    ways = [bundle.by_membership("leave"), bundle.by_membership("close")]
    call = bundle.by_role("leave")
    return [request.event for request in ways if request] + ([call.title] if call else [])


def judge(reading: Reading) -> Iterator[Finding]:
    """Broadcasts of the rooms that were not left, at the socket that left another."""
    ways = {"leave": reading.bundle.by_membership("leave"), "close": reading.bundle.by_membership("close")}
    call = reading.bundle.by_role("leave")
    for stay in reading.stays:
        how = ended_by(reading, stay)
        request = ways.get(how or "")
        subject = request.event if request else call.title if how == "call" and call else None
        if subject is None:
            continue
        for provocation in reading.provocations:
            still = reading.inside(stay.actor, provocation.room, provocation.at_s) == "yes"
            if (
                provocation.audience is not None
                or provocation.room == stay.room
                or provocation.at_s < stay.out_s
                or not still
            ):
                continue
            got = reading.delivered(provocation, stay.actor)
            before = any(
                (earlier.event, earlier.room) == (provocation.event, provocation.room)
                and earlier.at_s < stay.asked_out_s
                and reading.delivered(earlier, stay.actor)
                for earlier in reading.provocations
            )
            if not got and not before:
                renamed = reading.new_name(provocation) is not None
                unheard = f"{provocation.event} was not received before either"
                yield unclear(subject, reading.why_unheard(provocation) if renamed else unheard, provocation.index)
            elif got:
                yield passed(subject, "broadcasts of the other room still arrive", provocation.index, got[0])
            elif (missing := undelivered(reading, provocation, stay.actor)).lost:
                expected = f"{provocation.event} of {provocation.room!r}, which {stay.actor} did not leave"
                yield failed(subject, expected, "nothing", provocation.index, *missing.evidence)
            else:
                yield unclear(subject, f"{provocation.event}: {missing.why}", provocation.index, *missing.evidence)


LEFT = (
    PAIR
    + """
ann in r2
http add-note {"room": "r2"} {"text": "before"} => 201 {}
ann <- note:added {"id": "n1", "room": "r2", "text": "before", "at": 1}
ann -> room:exit {"room": "r1"}
ann out r1
http add-note {"room": "r2"} {"text": "other"} => 201 {}
"""
)
SILENT = (
    LEFT
    + """
ann <- note:added {"id": "n2", "room": "r2", "text": "other", "at": 1}
"""
)
SPEAKS = LEFT + LATER
