"""Who comes back after a lost connection has what it had.

Clients that come back within the old time rely on their rooms and on what they missed; where the time is shorter, or
nothing is promised any more, they have to join again and do not know it.
"""

from collections.abc import Iterator

from conformance.diff.model import Change
from conformance.diff.pairing import Pair
from conformance.diff.told import BREAKING, SAFE, change

CLAUSE = "Lost connections can be taken up as long as before."
KEYS = {"bundle": "recovery", "bundle.recovery": "within_s"}


def judge(pair: Pair) -> Iterator[Change]:
    """Times in which a lost connection can be taken up again."""
    was, now = pair.head.inner("recovery").values("within_s", 0)
    if was == now:
        return
    severity, why = (SAFE, "clients have longer than they need") if now > was else (
        BREAKING, "clients that come back later miss what was sent meanwhile")  # fmt: skip
    words = [f"{one:g} s" if one else "not promised" for one in (was, now)]
    yield change(pair.head, severity, "recovery of lost connections", *words, why, "recovery", "within_s")


SILENT = """
bundle.json /recovery = {"within_s": 60, "source": "Guide"}
"""
SPEAKS = """
old bundle.json /recovery = {"within_s": 60, "source": "Guide"}
"""
