"""A client's own emission of a server event is not relayed.

A service that relays it lets anybody put words into its mouth, such as a message that was never stored.
"""

from collections.abc import Iterator

from conformance.clauses import PAIR, unexplained
from conformance.model import Finding, Got, Sent, failed, passed, unclear
from conformance.pairing import same
from conformance.plan.delivery import forgeries
from conformance.presence import payload_of
from conformance.reading import Reading
from contracts.model import Bundle

CLAUSE = "Server-to-client events come from the server alone."
ACTS = (forgeries,)


def subjects(bundle: Bundle) -> list[str]:
    """The names that no client may emit."""
    return [broadcast.event for broadcast in bundle.broadcasts() if bundle.request(broadcast.event) is None]


def judge(reading: Reading) -> Iterator[Finding]:
    """After a client emitted it, no other socket receives it."""
    for index, sent in reading.each(Sent):
        if sent.event not in subjects(reading.bundle):
            continue
        others = [actor for actor in reading.actors() if actor != sent.actor]
        heard = [place for actor in others for place in unexplained(reading, actor, sent.at_s, sent.event)]
        leak = next((place for place in heard if _is_like(reading, place, payload_of(sent.args))), None)
        fences = [reading.fence(actor, sent.at_s) for actor in others]
        fence = next((place for place in fences if place is not None), None)
        if leak is not None:
            yield failed(sent.event, "nothing at others", "the forged event, relayed", index, leak)
        elif fence is None:
            yield unclear(sent.event, "nobody received anything that was sent later", index)
        else:
            yield passed(sent.event, "nobody received it, and a later event arrived", index, fence)


def _is_like(reading: Reading, index: int, forged: object) -> bool:
    """Whether most fields of what was heard are those of the forgery: a relay may stamp a few anew."""
    entry = reading.entries[index]
    heard = payload_of(entry.args) if isinstance(entry, Got) else None
    if not isinstance(forged, dict) or not isinstance(heard, dict):
        return same(forged, heard)
    return 2 * sum(same(heard.get(name), value) for name, value in forged.items()) > len(forged)


SILENT = (
    PAIR
    + """
ann -> note:added {"id": "n1", "room": "r1", "text": "forged", "at": 1}
ann -> pen:take {"room": "r1", "pen": "red"}
bob <- pen:taken {"room": "r1", "pen": "red"}
"""
)
SPEAKS = (
    PAIR
    + """
ann -> note:added {"id": "n1", "room": "r1", "text": "forged", "at": 1}
bob <- note:added {"id": "n1", "room": "r1", "text": "forged", "at": 1}
"""
)
