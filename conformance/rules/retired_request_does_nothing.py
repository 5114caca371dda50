"""A retired request neither stores nor broadcasts.

What may only be created over HTTP must not be created by an event as well: that would bypass the checks of the
call. The retired name is emitted in several forms, with unique values that are recognised in whatever is received
or stored.
"""

from collections.abc import Iterator

from conformance.analysis.forgery import attempts_in
from conformance.analysis.forgery_findings import judged
from conformance.analysis.queries import PAIR
from conformance.analysis.reading import Reading
from conformance.model.verdict import Finding
from conformance.plan.forging import forgeries
from contracts.model import Bundle

CLAUSE = "What is created over HTTP alone is not created by a socket: the retired name stores and broadcasts nothing."
ACTS = (forgeries,)


def subjects(bundle: Bundle) -> list[str]:
    """The names that clients used to emit."""
    return [retired.event for retired in bundle.retired if retired.direction == "client_to_server"]


def judge(reading: Reading) -> Iterator[Finding]:
    """After a client emitted it, nobody hears of it and no list has it."""
    attempts = attempts_in(reading)
    for one in attempts:
        for retired in reading.bundle.retired:
            if retired.event == one.event and retired.direction == "client_to_server":
                yield judged(reading, one, attempts, expected=f"nothing; the way is {retired.instead}")


SILENT = (
    PAIR
    + """
ann -> note:send {"room": "r1", "text": "forged0123456789"}
ann -> pen:take {"room": "r1", "pen": "red"}
bob <- pen:taken {"room": "r1", "pen": "red"}
http list-notes {"room": "r1"} => 200 {"notes": [], "total": 0}
"""
)
SPEAKS = (
    PAIR
    + """
ann -> note:send {"room": "r1", "text": "forged0123456789"}
bob <- note:added {"id": "n1", "room": "r1", "text": "forged0123456789", "at": 1}
"""
)
