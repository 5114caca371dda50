"""A scheduled broadcast comes to its receivers once in its period.

A client that shows a clock, a price or a tide relies on it: where it stops, what is shown is old, and nothing says so.
Periods of more than ten seconds are not waited for.
"""

from collections.abc import Iterator
from itertools import pairwise

from conformance.analysis.absence import ended_text
from conformance.analysis.queries import PAIR
from conformance.analysis.reading import Reading
from conformance.model.payload import payload_of, room_of
from conformance.model.transcript import Closed, Got, Opened
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.plan.schedule import schedule, scheduled
from contracts.model import Broadcast, Bundle

CLAUSE = "A broadcast on a schedule comes once in its period to each of its receivers, and to nobody else."
ACTS = (schedule,)
BUNDLE = "example-more"


def subjects(bundle: Bundle) -> list[str]:
    """The broadcasts that come by a schedule."""
    return [broadcast.event for broadcast in scheduled(bundle)]


def judge(reading: Reading) -> Iterator[Finding]:
    """Each scheduled broadcast at each socket, as long as the socket was among its receivers, and while it was not."""
    for broadcast in scheduled(reading.bundle):
        for actor, room, began, since_s, until_s in _attended(reading, broadcast):
            yield from _in_time(reading, broadcast, actor, room, began, since_s, until_s)
        if broadcast.to_room:
            yield from _strays(reading, broadcast)


def _attended(reading: Reading, broadcast: Broadcast) -> Iterator[tuple[str, str | None, int, float, float]]:
    """(actor, room, entry of its connection, from, to) for each time in which an actor was surely a receiver."""
    ended_s = reading.transcript.ended_s
    for index, opened in reading.each(Opened):
        ending = reading.ending(opened.actor, opened.at_s)
        until_s = reading.entries[ending].at_s if ending is not None else ended_s
        if broadcast.to_everyone:
            yield opened.actor, None, index, opened.at_s, until_s
            continue
        for stay in reading.stays:
            if stay.actor == opened.actor and stay.sure and opened.at_s <= stay.in_s <= until_s:
                yield opened.actor, stay.room, index, stay.in_s, min(stay.asked_out_s, until_s)


def _in_time(
    reading: Reading, broadcast: Broadcast, actor: str, room: str | None, began: int, since_s: float, until_s: float
) -> Iterator[Finding]:
    """The longest gap between two, or before the first and after the last."""
    every_s = broadcast.causes.every_s or 0.0
    named = reading.bundle.names_room(broadcast)
    came = [
        (index, got.at_s)
        for index, got in reading.each(Got)
        if (got.actor, got.event) == (actor, broadcast.event)
        and since_s <= got.at_s <= until_s
        and (not named or room_of(reading.bundle, payload_of(got.args)) == room)
    ]
    times_s = [since_s, *(at_s for _, at_s in came), until_s]
    for before_s, after_s in pairwise(times_s):
        due_s = before_s + every_s
        over_s = reading.over_s(due_s, broadcast.deadline_ms)
        if after_s <= over_s:
            continue
        expected = f"{broadcast.event} every {every_s:g} s at {actor}"
        fence = reading.fence(actor, over_s)
        if fence is not None and reading.entries[fence].at_s < after_s:
            yield failed(broadcast.event, expected, f"nothing for {after_s - before_s:.1f} s", began, fence)
            return
        ended = reading.ending(actor, before_s)
        why = f"nothing came for {after_s - before_s:.1f} s, and nothing that was asked for later did"
        if ended is not None and isinstance(reading.entries[ended], Closed):
            why = ended_text(reading, ended)
        yield unclear(broadcast.event, why, began)
        return
    if came:
        longest_s = max(after_s - before_s for before_s, after_s in pairwise(times_s))
        yield passed(
            broadcast.event, f"{len(came)} times, at most {longest_s:.1f} s apart", began, *(i for i, _ in came[:2])
        )


def _strays(reading: Reading, broadcast: Broadcast) -> Iterator[Finding]:
    """What came to a socket that was not in the room that it names."""
    for index, got in reading.each(Got):
        room = room_of(reading.bundle, payload_of(got.args)) if got.event == broadcast.event else None
        if room is not None and room in reading.transcript.rooms and reading.inside(got.actor, room, got.at_s) == "no":
            expected = f"nothing of the room {room!r} at {got.actor}, which is not in it"
            yield failed(broadcast.event, expected, f"its {broadcast.event}", index)


TICKS = """
@0.1 bob <- board:tick {"room": "r1", "tick": 1}
@2.0 bob <- board:tick {"room": "r1", "tick": 2}
@4.0 bob <- board:tick {"room": "r1", "tick": 3}
"""
SILENT = (
    PAIR.replace("ann in r1\n", "")
    + TICKS
    + """
@5.0 bob -> who {"room": "r1"} #1
bob <= who #1 {"room": "r1", "sockets": [], "count": 0}
@5.5 bob closed us
"""
)
SPEAKS = (
    PAIR.replace("ann in r1\n", "")
    + TICKS
    + """
@9.0 bob -> who {"room": "r1"} #1
bob <= who #1 {"room": "r1", "sockets": [], "count": 0}
@9.5 bob closed us
"""
)
