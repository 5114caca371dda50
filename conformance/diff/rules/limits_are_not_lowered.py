"""Clients may send as much, as often and as large as before.

Clients that keep to the old limit exceed a lower one: what they send is dropped, answered with an error, or ends the
connection. A limit that is raised or gone is safe.
"""

import math
from collections.abc import Iterator
from typing import Any

from conformance.diff.model import Change
from conformance.diff.pairing import Pair
from conformance.diff.told import BREAKING, RISKY, SAFE, amount, change

CLAUSE = "Limits are not lowered."
KEYS = {"bundle": "limits max_payload_bytes", "bundle.limits": "events per_s then", "client_to_server": "most_per_s"}
DROPPED = (BREAKING, "what clients send at the old rate is dropped")
RAISED = (SAFE, "clients that keep the old limit keep this one")


def judge(pair: Pair) -> Iterator[Change]:
    """Rates and sizes that are lower, higher, or bounded for the first time."""
    for both in pair.of("client_to_server"):
        yield from amount(both, "most_per_s", "rate", none=math.inf, unit=" a second", less=DROPPED, more=RAISED)
    yield from amount(
        pair.head, "max_payload_bytes", "largest payload", none=math.inf, unit=" bytes", more=RAISED,
        less=(BREAKING, "larger payloads of clients have no effect any more"),
    )  # fmt: skip
    old = {_of(one, pair.renamed): one for one in pair.old.head.document.get("limits", ())}
    new = {_of(one, {}): (place, one) for place, one in enumerate(pair.new.head.document.get("limits", ()))}
    for names, (place, limit) in new.items():
        yield from _limit(pair, names, old.get(names), limit, place)
    for names, limit in old.items():
        if names not in new:
            yield change(pair.head, SAFE, _called(names), f"{limit['per_s']:g} a second", None, RAISED[1], "limits")


def _of(limit: dict[str, Any], renamed: Any) -> tuple[str, ...]:
    return tuple(sorted(renamed.get(name, name) for name in limit.get("events", ())))


def _called(names: tuple[str, ...]) -> str:
    return f"limit of {', '.join(f'`{name}`' for name in names) or 'all events'}"


def _limit(
    pair: Pair, names: tuple[str, ...], was: dict[str, Any] | None, now: dict[str, Any], place: int
) -> Iterator[Change]:
    before = was["per_s"] if was else math.inf
    if now["per_s"] != before:
        severity, why = DROPPED if now["per_s"] < before else RAISED
        words = f"{before:g} a second" if was else "no limit"
        at = ("limits", place, "per_s")
        yield change(pair.head, severity, _called(names), words, f"{now['per_s']:g} a second", why, *at)
    if was and was["then"] != now["then"]:
        severity = BREAKING if now["then"] == "hang-up" else RISKY
        why = "the connection ends" if now["then"] == "hang-up" else "clients that exceed it are answered otherwise"
        yield change(
            pair.head, severity, f"{_called(names)}: more", was["then"], now["then"], why, "limits", place, "then"
        )


SILENT = """
events/cursor-move.json /summary = "Moves a cursor."
"""
SPEAKS = """
bundle.json /limits = [{"events": ["cursor:move"], "per_s": 5, "then": "dropped", "source": "Guide"}]
"""
