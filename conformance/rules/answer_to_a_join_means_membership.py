"""The answer to a join means membership.

A client that has the answer shows the room as live. Where the service joins the socket later, after an adapter call
or a look-up that its handler does not await, the client misses what is sent in between, and nothing reports it.
"""

from collections.abc import Iterator

from conformance.analysis.promises import Joined, joined
from conformance.analysis.queries import PAIR
from conformance.analysis.reading import Reading
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.plan.promises import acknowledged
from contracts.model import Bundle

CLAUSE = "A socket that was told that it joined a room receives what is sent to the room from then on."
ACTS = (acknowledged,)


def subjects(bundle: Bundle) -> list[str]:
    """The requests that make a socket a member, and are answered."""
    return [
        request.event
        for request in bundle.requests()
        if request.membership == "enter" and request.reply and request.reply.confirms_entry
    ]


def judge(reading: Reading) -> Iterator[Finding]:
    """What was caused right after each answered join, at the socket that had joined."""
    promising = subjects(reading.bundle)
    for join in joined(reading):
        if join.request.event not in promising:
            continue
        if join.missed:
            yield _late(reading, join)
        elif join.unproven:
            first = join.unproven[0]
            caused = f"{first.event}, caused {_after_ms(first.at_s, join)} ms after the answer,"
            told = f"{caused} did not come to {join.actor}, and nothing shows that it will not"
            yield unclear(join.request.event, told, join.answer, first.index)
        elif join.heard:
            first = join.heard[0]
            after_ms = (first.at_s - join.answered_s) * 1000
            told = f"{join.actor} received what was caused {after_ms:.1f} ms after the answer"
            yield passed(join.request.event, told, join.answer, first.index, reading.delivered(first, join.actor)[0])


def _late(reading: Reading, join: Joined) -> Finding:
    first = join.missed[0]
    then = min((one for one in join.heard if one.at_s > first.at_s), key=lambda one: one.at_s)
    control = reading.control(first, but=join.actor)
    return failed(
        join.request.event,
        f"{first.event}, caused {_after_ms(first.at_s, join)} ms after the answer to the join, at {join.actor}",
        "nothing, while others received it: the join came after its answer, and the first that the socket received "
        f"was caused {_after_ms(then.at_s, join)} ms after it",
        join.sent,
        join.answer,
        first.index,
        *([control] if control is not None else []),
        then.index,
        reading.delivered(then, join.actor)[0],
        hint="answer once the socket is in the room: await what joins it",
    )


def _after_ms(at_s: float, join: Joined) -> str:
    return f"{(at_s - join.answered_s) * 1000:.0f}"


JOINED = (
    PAIR
    + """
eve opened e1 user=ue
eve -> room:enter {"room": "r1"} #1
eve <= room:enter #1 {"room": "r1", "entered": true}
http add-note {"room": "r1"} {"text": "one"} => 201 {}
bob <- note:added {"id": "n1", "room": "r1", "text": "one", "at": 1}
"""
)
SILENT = (
    JOINED
    + """
eve <- note:added {"id": "n1", "room": "r1", "text": "one", "at": 1}
"""
)
SPEAKS = (
    JOINED
    + """
http add-note {"room": "r1"} {"text": "two"} => 201 {}
bob <- note:added {"id": "n2", "room": "r1", "text": "two", "at": 1}
eve <- note:added {"id": "n2", "room": "r1", "text": "two", "at": 1}
"""
)
