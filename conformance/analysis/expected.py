"""A broadcast that is due because its documented cause was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from conformance.analysis.audience import Audience
from conformance.model.payload import id_of, same
from contracts.model import Broadcast

Key: TypeAlias = tuple[int, str, str]
"""What is due, by its cause, its event and the place that it goes to."""


@dataclass(frozen=True, kw_only=True)
class Expected:
    """A documented cause that was given: from here on the broadcast is due."""

    index: int
    broadcast: Broadcast
    room: str
    """The subject of the room; of what is sent to others than one room, its `Audience` by name."""
    at_s: float
    due_s: float
    """From when its deadline runs: for a call, its answer; for a socket's event, when the one before it had effect."""
    sender: str | None
    echoes: Mapping[str, Any]
    users: frozenset[str] = frozenset()
    """The user ids that the sender is known by."""
    audience: Audience | None = None
    """Its receivers where they are not the members of one room."""
    since_s: float | None = None
    """From when on it may come, where that is before `at_s`: a connection is told of before it is confirmed."""
    of_socket: bool = False
    """Whether its cause is a socket that came or went."""
    maybe: bool = False
    """Whether it may be left out: what nobody received of it is not missing."""
    parent: Key | None = None
    """The `key` of the broadcast that it follows."""

    @cached_property
    def key(self) -> Key:
        """What it is known by: one cause may have several broadcasts, and one broadcast several rooms."""
        return (self.index, self.event, self.room)

    @property
    def first_s(self) -> float:
        """The first moment at which it may come."""
        return self.at_s if self.since_s is None else self.since_s

    @cached_property
    def event(self) -> str:
        """The name of the broadcast that is due."""
        return self.broadcast.event

    def spares(self, actor: str) -> bool:
        """Whether the actor caused it and is the one in the room that is not to hear it."""
        return self.sender == actor and self.broadcast.spares_sender and not self.addresses(actor)

    def addresses(self, actor: str) -> bool:
        """Whether a field names the actor among the receivers, be it the sender or not."""
        return self.audience is not None and actor in self.audience.named

    @property
    def place(self) -> str:
        """Where it goes, in words."""
        return f"the room {self.room!r}" if self.audience is None else self.audience.name

    def likeness(self, payload: Any) -> int:
        """How many of the echoed values are in the payload as they went in."""
        fields = payload if isinstance(payload, dict) else {}
        return sum(same(fields.get(name), value) for name, value in self.echoes.items())

    def signed_by(self, payload: Any) -> bool:
        """Whether the payload names the sender as the one who caused it."""
        field = self.broadcast.sender
        user = payload.get(field) if field is not None and isinstance(payload, dict) else None
        return id_of(user) in self.users

    def carried_by(self, payload: Any) -> bool:
        """Whether every echoed value is in the payload as it went in."""
        return isinstance(payload, dict) and all(same(payload.get(name), value) for name, value in self.echoes.items())


def place(due: Expected) -> tuple[float, int]:
    """By what is sorted that is due: when it may come first, and the entry of its cause."""
    return due.first_s, due.index
