"""What the service sends has every field that it had.

Receivers of the old version read a field that is not documented any more, or rely on one that may be left out now: in
broadcasts, answers to requests, and answers to HTTP calls. A field that is always there now is safe.
"""

from collections.abc import Iterator

from conformance.diff.model import Change
from conformance.diff.pairing import Pair
from conformance.diff.told import payloads

CLAUSE = "What receivers read is still there."
KEYS = {"server_to_client": "payload args", "client_to_server": "reply", "reply": "payload args refused",
        "reply.refused": "value", "http": "answer", "http.answer": "payload", "bundle": "http_error refusal",
        "bundle.refusal": "data by_token", "bundle.refusal.by_token": "missing malformed forged expired",
        "refusalForm": "data"}  # fmt: skip


def judge(pair: Pair) -> Iterator[Change]:
    """Fields that are gone or may be missing, and the other way round."""
    return payloads(pair, "has")


SILENT = """
events/note-added.json /server_to_client/payload/properties/colour = {"type": "string"}
events/note-added.json /server_to_client/payload/required = ["id", "room", "text", "at", "colour"]
"""
SPEAKS = """
events/note-added.json /server_to_client/payload/required = ["room", "text", "at"]
"""
