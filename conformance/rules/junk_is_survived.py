"""Junk does not kill the connection.

Any client can send null, a number, an array, deeply nested values or a megabyte of text; each is sent under every
documented name. The service has to keep the connection and to go on answering.
"""

from collections.abc import Iterator

from conformance.analysis.queries import PAIR, survived
from conformance.analysis.reading import Reading
from conformance.model.transcript import Closed, Missed, Opened, Sent
from conformance.model.verdict import Finding, skipped, unclear
from conformance.model.wire import raw
from conformance.plan.requests import is_junk, junk, junk_values
from contracts.model import Bundle

TOO_BIG = "close frame 1009"
"""How a service says that a message was too big for it (RFC 6455 §7.4.1)."""

CLAUSE = "A bad request does not end the connection."
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
            if len(given := raw(sent.args)) == 1 and is_junk(value, given[0]):
                last[f"junk: {label}", sent.actor] = index
    for (label, actor), index in last.items():
        too_big = any(closed.actor == actor and TOO_BIG in closed.reason for _, closed in reading.each(Closed))
        if too_big and not any(opened.most_bytes for _, opened in reading.each(Opened)):
            yield unclear(label, "the service accepts no packet of that size, and announces no maxPayload", index)
        else:
            yield survived(reading, label, actor, index)
    for _, missed in reading.each(Missed):
        if missed.actor in kinds and "maxPayload" in missed.what:
            yield skipped(f"junk: {missed.actor}", missed.what)


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
