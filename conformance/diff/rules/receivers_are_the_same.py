"""Who received a broadcast still receives it.

Whoever is left out waits for it; whoever hears it anew is sent what was not meant for it before, which is risky: it
may be told of something that it may not know, or show its own message twice.
"""

from collections.abc import Iterator
from typing import Any

from conformance.diff.model import Change
from conformance.diff.pairing import Pair
from conformance.diff.told import BREAKING, RISKY, SAFE, change, differ, words

CLAUSE = "Broadcasts reach whom they reached."
KEYS = {"server_to_client": "receivers", "address": "user socket"}
REACHED = {
    "nobody": set[str](),
    "requester": {"the sender"},
    "sender": {"the sender", "the sender's other sockets"},
    "room-but-sender": {"the others in the room"},
    "room": {"the others in the room", "the sender"},
    "everyone-but-sender": {"the others in the room", "everyone else"},
    "everyone": {"the others in the room", "everyone else", "the sender"},
}


def judge(pair: Pair) -> Iterator[Change]:
    """Receivers that are left out or come anew."""
    for both in pair.of("server_to_client"):
        was, now = both.values("receivers")
        if not differ(was, now):
            continue
        old, new = _reached(was), _reached(now)
        lost, gained = old - new, new - old
        if lost:
            severity, why = BREAKING, f"it is not sent to {' and '.join(sorted(lost))} any more"
        elif gained:
            severity, why = RISKY, f"it is sent to {' and '.join(sorted(gained))}, too"
        else:
            severity, why = SAFE, "the same, written otherwise"
        yield change(both, severity, "receivers", _told(was), _told(now), why, "receivers")


def _listed(receivers: Any) -> list[Any]:
    return receivers if isinstance(receivers, list) else [receivers]


def _reached(receivers: Any) -> set[str]:
    found = set[str]()
    for one in _listed(receivers):
        found |= REACHED[one] if isinstance(one, str) else {_named(one)}
    return found


def _named(address: dict[str, str]) -> str:
    ((kind, at),) = address.items()
    return f"the {kind} at {at}"


def _told(receivers: Any) -> str:
    return words([one if isinstance(one, str) else _named(one) for one in _listed(receivers)])


SILENT = """
events/cursor-moved.json /summary = "A cursor was moved."
"""
SPEAKS = """
events/note-added.json /server_to_client/receivers = "room-but-sender"
"""
