"""A socket receives nothing of a room that it never asked to enter, and nothing once it has left.

A broadcast that reaches others than the members of its room tells them what is none of their business. Judged of
sockets that were seen as members of another room, or whose leaving was confirmed, and only where contracts have no
other way into a room than an event that passes the proxy.
"""

from collections import defaultdict
from collections.abc import Iterator

from conformance.analysis.forgery import is_unknown
from conformance.analysis.membership import Membership
from conformance.analysis.queries import PAIR, TRIO, calls
from conformance.analysis.reading import Reading
from conformance.analysis.recorded import of_one_session
from conformance.model.payload import payload_of, room_of
from conformance.model.transcript import Got, Sent
from conformance.model.verdict import Finding, failed, passed, unclear
from contracts.model import Bundle

CLAUSE = "A broadcast reaches the room of its subject and no other."
ACTS = ()
RECORDED = of_one_session


def subjects(bundle: Bundle) -> list[str]:
    """The broadcasts that go to one room and name it."""
    return [one.event for one in bundle.broadcasts() if one.to_room and bundle.names_room(one)]


def judge(reading: Reading) -> Iterator[Finding]:
    """Each broadcast to a room at each socket that received it."""
    known = set(subjects(reading.bundle))
    stays: dict[str, list[Membership]] = defaultdict(list)
    for stay in reading.stays:
        stays[stay.actor].append(stay)
    other_ways = _OtherWays(reading)
    for index, got in reading.each(Got):
        room = room_of(reading.bundle, payload_of(got.args))
        if got.event not in known or room is None:
            continue
        own = stays[got.actor]
        inside = reading.inside(got.actor, room, got.at_s)
        if inside == "yes":
            yield passed(got.event, f"{got.actor} is a member of {room!r}", index)
            continue
        left = any(stay.room == room and stay.sure and stay.out_s <= got.at_s for stay in own)
        elsewhere = any(stay.at(got.at_s) == "yes" for stay in own)
        if inside == "unsure" or not (left or elsewhere):
            continue
        told = f"it at {got.actor}, which " + ("had left it" if left else "had not asked to enter it")
        other = other_ways.into(got.actor, room)
        if other:
            yield unclear(got.event, f"{told}, but {other}", index)
        else:
            yield failed(got.event, f"a broadcast to the room {room!r} at its members alone", told, index)


class _OtherWays:
    """By what sockets may have become members without an event that contracts have for it."""

    def __init__(self, reading: Reading) -> None:
        bundle = reading.bundle
        self._always = _other_way_in(bundle)
        self._strange = {sent.actor for _, sent in reading.each(Sent) if is_unknown(bundle, sent.event)}
        self._called = {
            str(called.params.get(bundle.room.key)) for _, called, _ in calls(reading, lambda one: one.role == "enter")
        }
        first: dict[str, int] = {}
        for index, sent in reading.each(Sent):
            request = bundle.request(sent.event)
            if request is not None and request.membership == "enter":
                first.setdefault(sent.actor, index)
        self._by_itself = {
            (got.actor, room_of(bundle, payload_of(got.args)))
            for index, got in reading.each(Got)
            if index < first.get(got.actor, index + 1)
        }

    def into(self, actor: str, room: str) -> str:
        """What may have made the actor a member; empty where nothing."""
        if self._always:
            return self._always
        if actor in self._strange:
            return "it emitted an event that no contract has, which may have entered the room"
        if room in self._called:
            return "a call about the room was made, which may have entered it"
        if (actor, room) in self._by_itself:
            return "it received of the room before it asked for any: the service may have entered it by itself"
        return ""


def _other_way_in(bundle: Bundle) -> str:
    """By what a socket may enter a room without an event that is seen; empty where by nothing."""
    if bundle.room.entry is not None:
        return "sockets enter rooms by connecting, which a recording does not show"
    if any(call.membership == "enter" for call in bundle.calls.values()):
        return "a call enters rooms, which may have been made past the proxy"
    if bundle.by_membership("enter") is None:
        return "the contracts do not say how rooms are entered"
    return ""


SILENT = (
    PAIR
    + """
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
SPEAKS = (
    TRIO
    + """
oda -> room:enter {"room": "r2"}
oda <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
