"""Connection state recovery: what a service promises to who comes back soon after a connection was lost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """A client that comes back in time keeps its id and its rooms, and is sent what it missed."""

    within_s: float
    """How long after the loss it may come back: `maxDisconnectionDuration` of the official server."""
    source: str
