"""Deadlines stay as they were.

A longer one is risky for clients, which give up when the old one has passed; a shorter one for whoever runs or
implements the service, which may have kept the old one and not the new one. 2000 ms are meant where none is written.
"""

from collections.abc import Iterator

from conformance.diff.model import Change
from conformance.diff.pairing import Pair
from conformance.diff.told import RISKY, amount
from contracts.model import DEFAULT_DEADLINE_MS

CLAUSE = "Answers and broadcasts come by the same time."
KEYS = {"client_to_server": "deadline_ms", "server_to_client": "deadline_ms"}


def judge(pair: Pair) -> Iterator[Change]:
    """Deadlines that are shorter or longer."""
    for both in pair.messages:
        if both.is_in_both:
            yield from amount(
                both, "deadline_ms", "deadline", none=DEFAULT_DEADLINE_MS, unit=" ms",
                less=(RISKY, "a service that kept the old deadline may miss this one"),
                more=(RISKY, "clients that wait as long as before may give up too early"),
            )  # fmt: skip


SILENT = """
events/cursor-moved.json /server_to_client/deadline_ms = 2000
"""
SPEAKS = """
events/cursor-moved.json /server_to_client/deadline_ms = 500
"""
