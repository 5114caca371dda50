"""What the processes of a run tell each other, as types; Locust's messages carry them as plain lists and mappings."""

from __future__ import annotations

from typing import Any, TypeAlias, TypeVar

import msgspec

from loadtests.ledger.histogram import Packed, Tags
from loadtests.ledger.publication import State

T = TypeVar("T")

Count: TypeAlias = tuple[str, str, str, int]
"""(what is counted, scenario, step, how many)."""

Trend: TypeAlias = tuple[str, Tags, Packed]
"""(metric, tags, histogram)."""


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """How well a worker keeps up."""

    cpu_percent: float
    lag_ms: float
    backlog_bytes: int
    cpu_s: float
    rss_kb: int


class Witnessed(msgspec.Struct, frozen=True, kw_only=True):
    """The first that shows a defect; times are in ns of its worker's monotonic clock."""

    defect: str
    room: str
    socket: int
    at_ns: int
    stream: int
    number: int
    due_ns: int
    event: str
    frame: str
    why: str
    user: str
    """Empty where there is none."""
    publication: str
    """Which of the user's, in words; empty where there is none."""


class Announcement(msgspec.Struct, frozen=True, array_like=True):
    """A publication in a room that several workers have members in; times are in ns of the master's clock."""

    room: str
    stream: int
    number: int
    due_ns: int
    begun_ns: int
    answered_ns: int
    floor: int
    tags: Tags
    state: State


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a worker has counted since its run began."""

    counts: tuple[Count, ...]
    trends: tuple[Trend, ...]
    witnesses: tuple[Witnessed, ...]
    health: Health
    sockets: int
    away: int
    """Sockets without a connection that want one."""
    rooms: int
    """Rooms with members."""
    members: dict[str, int]
    """How many members shared rooms have at this worker."""
    clock_ms: tuple[float, float]
    """How far its clock is from the master's, and the error of that; the error is 0 where there is no master."""
    sample: bytes
    """A transcript of each part as a line of a journal, once it is over; empty before and where there is none."""


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """A worker has gone through a phase; its report came before."""

    phase: str


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """What one worker published in shared rooms."""

    publications: tuple[Announcement, ...]
    error_ns: int
    """How far its clock may be off."""


def plain(message: msgspec.Struct) -> Any:
    """A message in the values that Locust can send."""
    return msgspec.to_builtins(message, builtin_types=(bytes,))


def read(plain: Any, kind: type[T]) -> T:
    """A message as it came.

    Raises:
        msgspec.ValidationError: it is no such message, as from a worker of another version.
    """
    return msgspec.convert(plain, kind)
