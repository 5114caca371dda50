"""Junk does not kill the connection.

null, a number, an array, deep nesting and a megabyte, under every documented name.
"""

from collections.abc import Iterator

from conformance.clauses import PAIR
from conformance.model import Closed, Finding, Sent, failed, passed, unclear
from conformance.plan.requests import is_junk, junk, junk_values
from conformance.presence import payload_of
from conformance.reading import Reading
from contracts.model import Bundle

CLAUSE = "A bad request costs nobody the connection."
ACTS = (junk,)


def subjects(bundle: Bundle) -> list[str]:
    """The kinds of junk."""
    return [f"junk: {label}" for label in junk_values()]


def judge(reading: Reading) -> Iterator[Finding]:
    """After each kind of junk, whether its socket was closed or heard something later."""
    kinds = junk_values()
    last: dict[tuple[str, str], int] = {}
    for index, sent in reading.each(Sent):
        for label, value in kinds.items():
            if len(sent.args) == 1 and is_junk(value, payload_of(sent.args)):
                last[f"junk: {label}", sent.actor] = index
    for (label, actor), index in last.items():
        at_s = reading.entries[index].at_s
        closed = [place for place, entry in reading.each(Closed) if entry.actor == actor and entry.by != "us"]
        fence = reading.fence(actor, at_s)
        if closed and reading.held_up(reading.entries[closed[0]].at_s):
            yield unclear(label, "it was closed while our own side was held up", closed[0])
        elif closed:
            yield failed(label, "a living connection", "one that the service closed", closed[0])
        elif fence is not None:
            yield passed(label, "the socket heard something later", fence)
        else:
            yield unclear(label, f"{actor} received nothing that was sent later")


JUNK = (
    PAIR
    + """
ann -> pen:take null
"""
)
SILENT = (
    JUNK
    + """
http add-note {"room": "r1"} {"text": "hello"} => 201 {}
ann <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
SPEAKS = (
    JUNK
    + """
ann closed service
"""
)
