"""Joining twice does not deliver twice.

Clients join again after every reconnect; a message must not be shown once for each join.
"""

from collections import defaultdict
from collections.abc import Iterator

from conformance.analysis.queries import PAIR
from conformance.analysis.reading import Reading
from conformance.model.payload import payload_of, room_of
from conformance.model.transcript import Sent
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.plan.rooms import twice
from contracts.model import Bundle

CLAUSE = "A member is a member once, however often it joined."
ACTS = (twice,)


def subjects(bundle: Bundle) -> list[str]:
    """The usual way in."""
    request = bundle.by_membership("enter")
    return [request.event] if request else []


def judge(reading: Reading) -> Iterator[Finding]:
    """How often a socket that joined a room more than once receives its broadcasts."""
    joins = _joins(reading)
    for provocation in reading.provocations:
        for actor in reading.actors():
            own = joins.get((actor, provocation.room), ())
            before = [(index, sent) for index, sent in own if sent.at_s < provocation.at_s]
            got = reading.delivered(provocation, actor)
            if len(before) < 2 or not got:
                continue
            subject = before[0][1].event
            seen = (*(index for index, _ in before), *got)
            if len(got) == 1:
                yield passed(subject, "delivered once", *seen)
            elif provocation.broadcast.at_least_once:
                yield unclear(subject, f"{provocation.event} may be sent again until it is acked", *seen)
            else:
                yield failed(subject, f"{provocation.event} once", f"{len(got)} times", *seen)


def _joins(reading: Reading) -> dict[tuple[str, str], list[tuple[int, Sent]]]:
    """The requests to become a member, by actor and room."""
    found: dict[tuple[str, str], list[tuple[int, Sent]]] = defaultdict(list)
    for index, sent in reading.each(Sent):
        request, room = reading.bundle.request(sent.event), room_of(reading.bundle, payload_of(sent.args))
        if request and request.membership == "enter" and room is not None:
            found[sent.actor, room].append((index, sent))
    return found


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
