"""Accounts of a worker, of which a test says what it is about."""

from typing import Any

from loadtests.ledger.messages import Health, Snapshot

HEALTH = Health(cpu_percent=0.0, lag_ms=0.0, backlog_bytes=0, cpu_s=0.0, rss_kb=0)
NOTHING: dict[str, Any] = {
    "counts": (), "trends": (), "witnesses": (), "health": HEALTH, "sockets": 0, "away": 0, "rooms": 0, "members": {},
    "clock_ms": (0.0, 0.0), "sample": b"",
}  # fmt: skip


def account(**known: Any) -> Snapshot:
    """An account with these values; nothing was counted of the rest."""
    return Snapshot(**NOTHING | known)
