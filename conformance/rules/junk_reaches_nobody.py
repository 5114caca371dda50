"""Junk does not reach others.

A service that relays what it does not understand lets one client break all the others.
"""

from collections.abc import Iterator

from conformance.analysis.effects import effects_of
from conformance.analysis.queries import PAIR, invalid_requests, unexplained
from conformance.analysis.reading import Reading
from conformance.model.ids import SPOILT
from conformance.model.payload import payload_of, same
from conformance.model.transcript import Got
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.model.wire import raw
from conformance.plan.requests import junk
from contracts.model import Bundle, Request

CLAUSE = "A message that is not a documented request has no effect on others."
ACTS = (junk,)


def subjects(bundle: Bundle) -> list[str]:
    """Requests that cause a broadcast: the others have nothing to pass on."""
    return [request.event for request in bundle.requests() if _to_room(bundle, request)]


def judge(reading: Reading) -> Iterator[Finding]:
    """After each payload that is no object, that no other socket received a broadcast of it, or the payload."""
    bad = [one for one in invalid_requests(reading) if not isinstance(payload_of(raw(one[1].args)), dict)]
    offenders = {sent.actor for _, sent, _ in invalid_requests(reading)}
    # What carries the values of a bad request with fields is told of that request.
    others = {effect.index for effects in effects_of(reading).values() for effect in effects}
    strays = set(_strays(reading))
    for index, sent, request in bad:
        listeners = [actor for actor in reading.actors() if actor not in offenders]
        for actor in listeners:
            due = request.broadcast if actor not in strays and _to_room(reading.bundle, request) else None
            heard = unexplained(reading, actor, sent.at_s, due) if due else []
            effect = next((place for place in heard if place not in others), None)
            leak = _carried(reading, actor, sent.at_s, payload_of(raw(sent.args)))
            leak = effect if leak is None and not reading.bundle.room.is_listed else leak
            fence = reading.fence(actor, sent.at_s)
            if leak is not None:
                yield failed(sent.event, f"nothing at {actor}", "its effect or its payload", index, leak)
            elif effect is not None:
                yield unclear(sent.event, f"{actor} heard {due}, which others in the room may have caused", index)
            elif due and fence is None:
                yield unclear(sent.event, f"{actor} received nothing that was sent later", index)
            elif due and fence is not None:
                yield passed(sent.event, f"{actor} received nothing of it", index, fence)


def _to_room(bundle: Bundle, request: Request) -> bool:
    """Whether it causes a broadcast to a room: what goes to everyone comes of other acts as well."""
    broadcast = bundle.broadcast(request.broadcast or "")
    return broadcast is not None and broadcast.to_room


def _strays(reading: Reading) -> Iterator[str]:
    """The actors that asked for a room which a missing id or a junk text turns into: another run may be there, too."""
    own = set(reading.transcript.rooms) - set(SPOILT)
    return (stay.actor for stay in reading.stays if stay.room not in own)


def _carried(reading: Reading, actor: str, since_s: float, junk_value: object) -> int | None:
    """An event that carries the junk itself. Null, numbers and ids may stand in any payload and tell nothing."""
    if not isinstance(junk_value, list | str) or not junk_value or junk_value in reading.transcript.rooms:
        return None
    for index, got in reading.each(Got):
        if got.actor == actor and got.at_s >= since_s:
            payload = payload_of(got.args)
            values = list(payload.values()) if isinstance(payload, dict) else [payload]
            if any(same(value, junk_value) for value in values):
                return index
    return None


SILENT = (
    PAIR
    + """
ann -> pen:take ["junk"]
http add-note {"room": "r1"} {"text": "hello"} => 201 {}
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
SPEAKS = (
    PAIR
    + """
ann -> pen:take ["junk"]
bob <- pen:taken ["junk"]
"""
)
