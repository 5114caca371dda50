"""Whatever clients could send before is still taken.

A narrower type, a lower bound, a shorter text, a pattern, a value that is not listed any more: clients of the old
version send what is refused now. A field that is not documented any more is risky where others are allowed: it is not
refused, but has no meaning. Where schemas cannot be compared, such as two patterns, the change is risky and says so.
What is wider than before is safe.
"""

from collections.abc import Iterator

from conformance.diff.model import Change
from conformance.diff.pairing import Pair
from conformance.diff.told import payloads

CLAUSE = "What clients sent before is still valid."
KEYS = {"client_to_server": "payload args", "http": "body query", "server_to_client": "answer",
        "answer": "payload args", "roomKind": "id", "bundle.namespaces": "id"}  # fmt: skip


def judge(pair: Pair) -> Iterator[Change]:
    """Values and fields that were allowed, and the other way round."""
    return payloads(pair, "takes")


SILENT = """
events/pen-take.json /client_to_server/payload/properties/pen/enum = ["red", "green", "blue", "black"]
"""
SPEAKS = """
events/pen-take.json /client_to_server/payload/properties/pen/enum = ["red", "green"]
"""
