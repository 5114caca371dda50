"""The order of causes is kept in what was recorded.

What one socket emits under one name, and what is posted one call after the other was answered, arrives in that order.
Clients that keep the last value show an old one otherwise. Judged by causes whose values came once only, so that what
other clients did past the proxy is not taken for them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import msgspec

from conformance.analysis.expected import Expected
from conformance.analysis.queries import PAIR
from conformance.analysis.reading import Reading
from conformance.analysis.recorded import of_one_session
from conformance.model.payload import payload_of
from conformance.model.transcript import Got
from conformance.model.verdict import Finding, failed, passed
from conformance.plan.order import ordered
from conformance.rules.order_is_kept import lanes
from contracts.model import Bundle

CLAUSE = "Order is kept: per connection, and among messages by their time of creation."
ACTS = ()
RECORDED = of_one_session


def subjects(bundle: Bundle) -> list[str]:
    """Broadcasts that can be told from each other."""
    return [broadcast.event for broadcast in ordered(bundle)]


def judge(reading: Reading) -> Iterator[Finding]:
    """Each cause and the one before it in its lane, at each receiver that had each of them once."""
    causes = Counter(_values(one) for one in reading.provocations)
    names: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for one in reading.provocations:
        names[one.event].add(tuple(one.echoes))
    came = Counter((got.actor, *one) for _, got in reading.each(Got) for one in _carried(got, names[got.event]))
    known = set(subjects(reading.bundle))
    for lane in lanes(reading):
        unique = [one for one in lane if one.event in known and causes[_values(one)] == 1]
        for before, after in pairwise(unique):
            for actor in reading.actors():
                first, second = reading.delivered(before, actor), reading.delivered(after, actor)
                if len(first) != 1 or len(second) != 1:
                    continue
                if came[(actor, *_values(before))] != 1 or came[(actor, *_values(after))] != 1:
                    continue
                if first[0] < second[0]:
                    yield passed(after.event, "in order", first[0], second[0])
                else:
                    expected = f"{before.event} before the later {after.event} at {actor}"
                    yield failed(
                        after.event, expected, "the reverse order", before.index, after.index, second[0], first[0]
                    )


def _values(one: Expected) -> tuple[str, str]:
    return one.event, _text(dict(one.echoes))


def _carried(got: Got, names: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """What an event carries of the values that causes give: of each set of names that some cause gave."""
    payload = payload_of(got.args)
    for some in names:
        if isinstance(payload, dict) and all(name in payload for name in some):
            yield got.event, _text({name: payload[name] for name in some})


def _text(values: dict[str, Any]) -> str:
    return msgspec.json.encode(sorted(values.items()), enc_hook=str).decode()


ROWS = """
http add-note {"room": "r1"} {"text": "one"} => 201 {}
http add-note {"room": "r1"} {"text": "two"} => 201 {}
"""
SILENT = (
    PAIR
    + ROWS
    + """
bob <- note:added {"id": "n1", "room": "r1", "text": "one", "at": 1}
bob <- note:added {"id": "n2", "room": "r1", "text": "two", "at": 1}
"""
)
SPEAKS = (
    PAIR
    + ROWS
    + """
bob <- note:added {"id": "n2", "room": "r1", "text": "two", "at": 1}
bob <- note:added {"id": "n1", "room": "r1", "text": "one", "at": 1}
"""
)
