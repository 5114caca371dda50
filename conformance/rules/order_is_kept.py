"""Order is kept.

What one socket emits under one name, and what one HTTP caller posts one after the other, arrives in that order at
every member. Clients that keep the last value show an old one otherwise.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from conformance.analysis.expected import Expected
from conformance.analysis.queries import PAIR
from conformance.analysis.reading import Reading
from conformance.model.transcript import Called
from conformance.model.verdict import Finding, failed, passed
from conformance.plan.order import ordered, sequence
from contracts.model import ACCEPTED, Broadcast, Bundle

CLAUSE = "Order is kept: per connection, and among messages by their time of creation."
ACTS = (sequence,)


def subjects(bundle: Bundle) -> list[str]:
    """Broadcasts that can be provoked in a row and told from each other."""
    return [broadcast.event for broadcast in ordered(bundle) if not _later(bundle, broadcast)]


def _later(bundle: Bundle, broadcast: Broadcast) -> bool:
    """Whether its call is never carried out by the time it is answered."""
    call = bundle.calls.get(broadcast.caused_by_call or "")
    return call is not None and call.trigger is None and set(call.status) == {ACCEPTED}


def judge(reading: Reading) -> Iterator[Finding]:
    """Each provocation and the one before it in its lane, at each receiver."""
    for lane in lanes(reading):
        for before, after in pairwise(lane):
            if before.echoes == after.echoes:
                # Which of the two a delivery is of cannot be told.
                continue
            for actor in reading.actors():
                first, second = reading.delivered(before, actor), reading.delivered(after, actor)
                if not first or not second:
                    continue
                if first[0] < second[0]:
                    apart_ms = (after.at_s - before.at_s) * 1000
                    yield passed(after.event, f"in order, caused {apart_ms:.1f} ms apart", first[0], second[0])
                else:
                    expected = f"{before.event} before the later {after.event} at {actor}"
                    seen = (before.index, after.index, second[0], first[0])
                    yield failed(after.event, expected, "the reverse order", *seen)


def lanes(reading: Reading) -> list[list[Expected]]:
    """Provocations that follow each other: of one socket, or of one call each made after the last was answered."""
    found: dict[tuple[str, ...], list[Expected]] = defaultdict(list)
    answered_s: dict[tuple[str, ...], float] = {}
    for provocation in sorted(reading.provocations, key=lambda one: (one.at_s, one.index)):
        entry = reading.entries[provocation.index]
        if isinstance(entry, Called) and entry.status == ACCEPTED:
            continue
        # Handlers of different events may take different times; no clause orders them among each other.
        # Neither does one what two nodes were told: what the one sends reaches the other's sockets by a longer road.
        node = entry.node or "" if isinstance(entry, Called) else ""
        key = (entry.actor, provocation.event, provocation.room, node)
        if isinstance(entry, Called):
            if entry.at_s < answered_s.get(key, 0.0):
                found[key].clear()
            answered_s[key] = max(entry.done_s, answered_s.get(key, 0.0))
        found[key].append(provocation)
    return list(found.values())


SILENT = (
    PAIR
    + """
ann -> pen:take {"room": "r1", "pen": "red"}
ann -> pen:take {"room": "r1", "pen": "blue"}
bob <- pen:taken {"room": "r1", "pen": "red"}
bob <- pen:taken {"room": "r1", "pen": "blue"}
"""
)
SPEAKS = (
    PAIR
    + """
ann -> pen:take {"room": "r1", "pen": "red"}
ann -> pen:take {"room": "r1", "pen": "blue"}
bob <- pen:taken {"room": "r1", "pen": "blue"}
bob <- pen:taken {"room": "r1", "pen": "red"}
"""
)
