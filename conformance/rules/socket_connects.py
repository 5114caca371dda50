"""A socket connects over the transport that was asked for.

The handshake of Engine.IO 4 and Socket.IO 5 over polling, over websocket, or over polling with an upgrade.
"""

from collections.abc import Iterator

from conformance.analysis.queries import innocent_end, token_hint
from conformance.analysis.reading import Reading
from conformance.model.transcript import Missed, Opened, Refused
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.plan.delivery import chorus
from contracts.model import Bundle

CLAUSE = "The service takes connections over websocket and polling, and upgrades from polling to websocket."
ACTS = (chorus,)
SUBJECT = "connection"
BAD = ("garbage", "forged", "expired")
"""Tokens that are shown to be refused."""


def subjects(bundle: Bundle) -> list[str]:
    """One subject; each transport is judged by itself."""
    return [SUBJECT]


def judge(reading: Reading) -> Iterator[Finding]:
    """Connections that were made, and those that could not be."""
    on_purpose = any(isinstance(entry, Opened | Refused) and entry.token in BAD for entry in reading.entries)
    for index, entry in enumerate(reading.entries):
        if isinstance(entry, Refused) and not on_purpose:
            yield unclear(
                SUBJECT, f"the service refused the connection: {entry.message}", index, hint=token_hint(entry.place)
            )
        elif isinstance(entry, Opened):
            yield passed(SUBJECT, f"connected over {reading.transcript.transport}", index)
        elif isinstance(entry, Missed) and entry.is_connection:
            if reading.held_up(entry.at_s):
                yield unclear(SUBJECT, "a connection could not be made while Roomcheck's event loop was stalled", index)
                continue
            ended = innocent_end(reading)
            if ended is not None:
                yield unclear(SUBJECT, "the service also ends connections after they were made", index, ended)
                continue
            yield failed(SUBJECT, f"a connection over {reading.transcript.transport}", entry.what, index)


SILENT = """
ann opened a1
"""
SPEAKS = """
ann opened a1
bob missed could not connect: OPEN packet not returned by server
"""
