"""What the virtual clients of a worker share, in three values: who they are, what they posted, and the clock."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from loadtests.worker.actor import Actor
from loadtests.worker.wire.socket import Connection


@dataclass(frozen=True, slots=True)
class Population:
    """The virtual clients of a worker, by what has become of their connections."""

    sockets: set[Actor] = field(default_factory=set)
    numbered: dict[int, Any] = field(default_factory=dict)
    """All clients that were ever connected, by their numbers, where single ones are drawn."""
    numbers: list[int] = field(default_factory=list)
    """Theirs, as they came."""
    arriving: set[Actor] = field(default_factory=set)
    """Those that are connecting."""
    away: set[Actor] = field(default_factory=set)
    """Those that have no connection and want one."""
    half_open: list[Connection] = field(default_factory=list)
    """Connections that fell silent on purpose."""


@dataclass(frozen=True, slots=True)
class Posts:
    """The messages that were created by calls, as they are read back when the run is over."""

    taken: Counter[str] = field(default_factory=Counter)
    """How many were accepted, by room."""
    unanswered: Counter[str] = field(default_factory=Counter)
    spans: dict[tuple[str, int], tuple[int, int]] = field(default_factory=dict)
    """The first and the last message of each stream in each room; all between are of that room, too."""
    writers: dict[str, str] = field(default_factory=dict)
    """Who created the last message of each room."""
    untaken: set[tuple[int, int]] = field(default_factory=set)
    """The messages that were refused or left unanswered."""


@dataclass(frozen=True, slots=True)
class ClockOffset:
    """How this worker's clock relates to the master's."""

    offset_ns: int = 0
    """What to add to our clock to have the master's."""
    error_ns: int = 0
