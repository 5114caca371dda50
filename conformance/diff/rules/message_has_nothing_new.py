"""What the service sends is what receivers know.

A wider type, a new value of a list, a longer text: receivers of the old version get what they were never told of. A
new field is safe, since receivers ignore fields that they do not know; it is risky where the old contract allowed no
other fields. What is narrower than before is safe.
"""

from collections.abc import Iterator

from conformance.diff.model import Change
from conformance.diff.pairing import Pair
from conformance.diff.told import payloads

CLAUSE = "Receivers get no value that they were not told of."
KEYS = {"server_to_client": "payload args", "client_to_server": "reply", "reply": "payload args refused",
        "reply.refused": "value", "http": "answer", "http.answer": "payload", "bundle": "http_error refusal",
        "bundle.refusal": "data by_token", "bundle.refusal.by_token": "missing malformed forged expired",
        "refusalForm": "data"}  # fmt: skip


def judge(pair: Pair) -> Iterator[Change]:
    """Values and fields that are new, and the other way round."""
    return payloads(pair, "only")


SILENT = """
events/pen-taken.json /server_to_client/payload/properties/pen/enum = ["red", "green"]
"""
SPEAKS = """
events/pen-taken.json /server_to_client/payload/properties/pen/enum = ["red", "green", "blue", "black"]
"""
