"""Clients need not send more than before.

A field that is required now is missing in whatever clients of the old version send: their requests, the bodies and
queries of their calls, and what they answer to events. A field that need not be sent any more is safe.
"""

from collections.abc import Iterator

from conformance.diff.model import Change
from conformance.diff.pairing import Pair
from conformance.diff.told import payloads

CLAUSE = "What clients sent before is still complete."
KEYS = {
    "client_to_server": "payload args",
    "http": "body query",
    "server_to_client": "answer",
    "answer": "payload args",
}


def judge(pair: Pair) -> Iterator[Change]:
    """Required fields that were optional or not documented, and the other way round."""
    return payloads(pair, "needs")


SILENT = """
events/cursor-move.json /client_to_server/payload/required = ["room"]
"""
SPEAKS = """
events/cursor-move.json /client_to_server/payload/properties/y = {"type": "number"}
events/cursor-move.json /client_to_server/payload/required = ["room", "x", "y"]
"""
