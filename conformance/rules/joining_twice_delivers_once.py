"""Joining twice does not deliver twice.

Clients join again after every hiccup; a person must not read each message as often as they joined.
"""

from collections.abc import Iterator

from conformance.clauses import PAIR
from conformance.model import Finding, Sent, failed, passed
from conformance.plan.rooms import twice
from conformance.presence import payload_of
from conformance.reading import Reading
from contracts.model import Bundle

CLAUSE = "A member is a member once, however often it joined."
ACTS = (twice,)


def subjects(bundle: Bundle) -> list[str]:
    """The usual way in."""
    request = bundle.by_membership("enter")
    return [request.event] if request else []


def judge(reading: Reading) -> Iterator[Finding]:
    """How often a socket that joined a room more than once receives its broadcasts."""
    for provocation in reading.provocations:
        for actor in reading.actors():
            joins = [
                (index, sent)
                for index, sent in reading.each(Sent)
                if sent.actor == actor and sent.at_s < provocation.at_s and _joins(reading, sent, provocation.room)
            ]
            got = reading.delivered(provocation, actor)
            if len(joins) < 2 or not got:
                continue
            subject = joins[0][1].event
            seen = (*(index for index, _ in joins), *got)
            if len(got) == 1:
                yield passed(subject, "delivered once", *seen)
            else:
                yield failed(subject, f"{provocation.event} once", f"{len(got)} times", *seen)


def _joins(reading: Reading, sent: Sent, room: str) -> bool:
    request = reading.bundle.request(sent.event)
    payload = payload_of(sent.args)
    of_room = isinstance(payload, dict) and payload.get(reading.bundle.room.key) == room
    return bool(request and request.membership == "enter" and of_room)


TWICE = (
    PAIR
    + """
ann -> room:enter {"room": "r1"}
ann -> room:enter {"room": "r1"}
http add-note {"room": "r1"} {"text": "hello"} => 201 {}
ann <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
SILENT = TWICE
SPEAKS = (
    TWICE
    + """
ann <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
