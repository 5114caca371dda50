"""What makes the service send something, and what it sends, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

CauseKind: TypeAlias = Literal["event", "call", "connection", "disconnect", "schedule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What a broadcast, a reply or an error comes of."""

    kind: CauseKind
    name: str = ""
    """Of the client's event, or of the HTTP call."""
    namespace: str = "/"
    """The one that the cause came in; that of the broadcast where it came in none, as calls and schedules do."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """The documented fields that it carries; those of objects in it stand beside them."""
    payload: Any = None
    """What it carries as a whole: fields of it name receivers."""
    subject: str | None = None
    """The id of the room that it is about; None where it is about none."""
    sid: str | None = None
    """The socket that gave it; None for calls and schedules."""
    user: str | None = None
    count: int = 0
    """How often a schedule has come round, from 1."""
    asked: bool = False
    """Whether the client of an event waits for an ack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One broadcast as it leaves the service."""

    event: str
    arguments: tuple[Any, ...]
    """In the form of `contracts.binary`: bytes are `{"$binary": ...}`."""
    receivers: tuple[str, ...]
    """Socket ids."""
    namespace: str
    room: str | None
    """The name of the room that it is for; None where it is for none."""
    cause: Cause
