"""The service asks clients for no answer that they do not give.

Clients of the old version do not call the callback of an event that asks for an ack now: the service waits, sends the
event again, or takes the client for gone. What need not be answered any more is safe.
"""

from collections.abc import Iterator

from conformance.diff.model import Change
from conformance.diff.pairing import Pair
from conformance.diff.told import BREAKING, SAFE, change

CLAUSE = "Clients are asked for no new acks."
KEYS = {"server_to_client": "answer"}


def judge(pair: Pair) -> Iterator[Change]:
    """Events that ask for an ack in one version alone."""
    for both in pair.of("server_to_client"):
        was, now = both.values("answer")
        if (was is None) != (now is None):
            severity, why = (BREAKING, "old clients do not answer") if was is None else (SAFE, "nobody waits for it")
            words = ("not asked for", "asked for") if was is None else ("asked for", "not asked for")
            yield change(both, severity, "ack of the client", *words, why, "answer")


SILENT = """
events/pen-taken.json /summary = "A pen was taken."
"""
SPEAKS = """
events/pen-taken.json /server_to_client/answer = {"payload": {"type": "object"}, "examples": {"valid": [{}]}}
"""
