"""Requests may name what they named before.

Where a field has to be `given` by the service now, or by something else than before, the service may refuse what
clients of the old version name there. A field that may be anything again is safe.
"""

from collections.abc import Iterator
from typing import Any

from conformance.diff.model import Change
from conformance.diff.pairing import Pair
from conformance.diff.told import BREAKING, SAFE, change

CLAUSE = "What clients name in their requests is still known."
KEYS = {"client_to_server": "given", "origin": "reply broadcast at"}


def judge(pair: Pair) -> Iterator[Change]:
    """Fields whose values come from elsewhere."""
    for both in pair.of("client_to_server"):
        if not both.is_in_both:
            continue
        was, now = both.values("given", {})
        for field in sorted({*was, *now}):
            before, after = was.get(field), now.get(field)
            if before == after:
                continue
            severity, why = (SAFE, "any value is taken")
            if after is not None:
                severity, why = BREAKING, "what clients name now may be refused"
            inside = ("given", field) if after is not None else ("given",)
            yield change(both, severity, f"`{field}` comes from", _words(before), _words(after), why, *inside)


def _words(origin: dict[str, Any] | None) -> str:
    if origin is None:
        return "anywhere"
    what = f"the answer to {origin['reply']}" if "reply" in origin else f"the broadcast {origin['broadcast']}"
    return f"{what} at {origin['at']}"


SILENT = """
events/cursor-move.json /summary = "Moves a cursor."
"""
SPEAKS = """
events/cursor-move.json /client_to_server/given = {"x": {"broadcast": "pen:taken", "at": "/pen"}}
"""
