"""Clients may send as much, as often and as large as before.

Clients that keep to the old limit exceed a lower one: what they send is dropped, answered with an error, or ends the
connection. A limit that is raised or gone is safe.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from conformance.diff.model import Change
from conformance.diff.pairing import Pair
from conformance.diff.told import BREAKING, RISKY, SAFE, amount, change

CLAUSE = "Limits are not lowered."
KEYS = {"bundle": "limits max_payload_bytes", "bundle.limits": "events per_s then", "client_to_server": "most_per_s"}
DROPPED = (BREAKING, "what clients send at the old rate is dropped")
Names = tuple[str, ...]
RAISED = (SAFE, "clients that keep the old limit keep this one")


def judge(pair: Pair) -> Iterator[Change]:
    """Rates and sizes that are lower, higher, or bounded for the first time."""
    for both in pair.of("client_to_server"):
        yield from amount(both, "most_per_s", "rate", none=math.inf, unit=" a second", less=DROPPED, more=RAISED)
    yield from amount(
        pair.head, "max_payload_bytes", "largest payload", none=math.inf, unit=" bytes", more=RAISED,
        less=(BREAKING, "larger payloads of clients have no effect any more"),
    )  # fmt: skip
    old, new = _by_events(pair.old.head.document, pair.renamed_requests), _by_events(pair.new.head.document, {})
    for key, (place, limit) in new.items():
        yield from _limit(pair, key[0], old.get(key, (0, None))[1], limit, place)
    for key, (_, limit) in old.items():
        if key not in new:
            yield change(pair.head, SAFE, _called(key[0]), f"{limit['per_s']:g} a second", None, RAISED[1], "limits")


def _by_events(
    head: Mapping[str, Any], renamed: Mapping[str, str]
) -> dict[tuple[Names, int], tuple[int, dict[str, Any]]]:
    """Each limit with its place, by the events that it counts and how many of the same events came before."""
    found: dict[tuple[Names, int], tuple[int, dict[str, Any]]] = {}
    for place, one in enumerate(head.get("limits", ())):
        names = _of(one, renamed)
        found[names, sum(its == names for its, _ in found)] = place, one
    return found


def _usual(pair: Pair, names: Names) -> float:
    """The rate that held of events before: that of the limits that counted them with others."""
    limits = [(_of(one, pair.renamed_requests), one["per_s"]) for one in pair.old.head.document.get("limits", ())]
    return min((per_s for its, per_s in limits if not its or (names and set(names) <= set(its))), default=math.inf)


def _of(limit: Mapping[str, Any], renamed: Mapping[str, str]) -> Names:
    return tuple(sorted(renamed.get(name, name) for name in limit.get("events", ())))


def _called(names: Names) -> str:
    return f"limit of {', '.join(f'`{name}`' for name in names) or 'all events'}"


def _limit(pair: Pair, names: Names, was: dict[str, Any] | None, now: dict[str, Any], place: int) -> Iterator[Change]:
    before = was["per_s"] if was else _usual(pair, names)
    if now["per_s"] != before:
        severity, why = DROPPED if now["per_s"] < before else RAISED
        words = f"{before:g} a second" if before < math.inf else "no limit"
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
