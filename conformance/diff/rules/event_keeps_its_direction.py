"""An event travels in the direction in which it did.

What clients sent is sent to them now, or the other way round: nobody listens where it arrives. A second direction
beside the first is safe.
"""

from collections.abc import Iterator

from conformance.diff.model import WAYS, Change
from conformance.diff.pairing import Pair
from conformance.diff.told import BREAKING, SAFE, change

CLAUSE = "Events keep their directions."
KEYS = {"event": "client_to_server server_to_client"}
WORDS = {"client_to_server": "client to server", "server_to_client": "server to client"}


def judge(pair: Pair) -> Iterator[Change]:
    """Events that both versions have in different directions."""
    for both in pair.messages:
        if both.is_in_both or both.subject not in pair.old.events or both.subject not in pair.new.events:
            continue
        was, now = (
            [WORDS[way] for way in WAYS if way in some.events[both.subject].document] for some in (pair.old, pair.new)
        )
        gone = both.new is None
        if gone:
            why = "what clients send has no effect" if both.way == WAYS[0] else "receivers wait for what is not sent"
            yield change(both, BREAKING, "direction", " and ".join(was), " and ".join(now), why)
        elif set(was) < set(now):
            yield change(both, SAFE, "direction", " and ".join(was), " and ".join(now), "it travels as it did, too")


SILENT = """
events/who.json /summary = "Asks who is there."
"""
SPEAKS = """
- events/problem.json /server_to_client
- bundle.json /errors
events/problem.json /client_to_server = {"payload": {"type": "object"}, "reply": {"ack": true, "payload": {}}}
"""
