"""What arrived surely, and once, still does.

Receivers of a `volatile` event have to live without it; those of an `at_least_once` event have to notice what they
have had. Clients of the old version do neither.
"""

from collections.abc import Iterator

from conformance.diff.model import Change
from conformance.diff.pairing import Pair
from conformance.diff.told import BREAKING, SAFE, change

CLAUSE = "Delivery is as sure as before."
KEYS = {"server_to_client": "volatile at_least_once"}
WORSE = {
    "volatile": "receivers that rely on it may not get it",
    "at_least_once": "receivers may take a repetition for a new one",
}
WORDS = {"volatile": ("may not be lost", "may be lost"), "at_least_once": ("sent once", "may be sent again")}


def judge(pair: Pair) -> Iterator[Change]:
    """Events that may be lost, or be sent again."""
    for both in pair.of("server_to_client"):
        for key, why in WORSE.items():
            was, now = both.values(key, False)
            if was != now:
                severity = BREAKING if now else SAFE
                told = why if now else "it is more than receivers need"
                yield change(both, severity, key, WORDS[key][was], WORDS[key][now], told, key)


SILENT = """
events/cursor-moved.json /server_to_client/volatile = false
"""
SPEAKS = """
events/cursor-moved.json /server_to_client/volatile = true
"""
