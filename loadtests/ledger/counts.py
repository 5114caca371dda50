"""What a load counts, by what each count does to the run. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

DEFECTS = ("lost", "late", "duplicate", "reordered", "leaked", "contract_failed", "unstored", "stored_twice")
"""What makes a run fail: the service did not keep what it owes."""

FAILURES = ("refused_sockets", "unreached", "disconnected", "unjoined", "unleft", "refused", "unanswered", "unread")
"""What makes a run fail as failed requests make one of Locust's: nothing was owed for it, but it did not succeed."""

OURS = ("unsent", "exhausted", "held_up", "cut_off", "script_error", "own_error")
"""What is the generator's own doing."""

WARNINGS = ("undocumented",)
"""What is told and breaks nothing, as in a check."""

ORDER = (
    "connected", "unmarked", "unaccounted", "published", "ok", "excused", "unknown", "pending", "stored", "unaudited",
    "skipped", "resent",
    "dropped", "rejoined", "recovered", "missed", "slow", "connecting", *WARNINGS, *FAILURES, *OURS, *DEFECTS,
)  # fmt: skip
"""Every count, in the order in which it is told."""


def defects(counts: Mapping[str, int]) -> dict[str, int]:
    """What the service did not keep."""
    return {name: counts[name] for name in DEFECTS if counts.get(name)}


def failures(counts: Mapping[str, int]) -> dict[str, int]:
    """What was asked of the service and did not succeed."""
    return {name: counts[name] for name in FAILURES if counts.get(name)}


def in_room(scenario: str) -> str:
    """The name of a scenario as it stands in the names of its rooms, which go into paths."""
    return re.sub(r"[^\w.~]+", "-", scenario, flags=re.ASCII).strip("-")
