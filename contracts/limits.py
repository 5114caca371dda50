"""Limits of a service: how many events a socket may send, what happens to more, and how large a payload may be."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Excess: TypeAlias = Literal["dropped", "error", "hang-up"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most so many events of one socket within a second are taken."""

    per_s: float
    """Below 1 where it is one event in more than a second."""
    then: Excess
    """What happens to more: it is ignored, answered with an error, or the connection is ended."""
    source: str
    events: tuple[str, ...] = ()
    """The events that are counted, together; none for all of them."""

    @property
    def window_s(self) -> float:
        """The time within which `count` events may come."""
        return max(1.0, 1 / self.per_s)

    @property
    def count(self) -> int:
        """How many events may come within a window."""
        return max(1, int(self.per_s * self.window_s))

    @property
    def title(self) -> str:
        """The limit in words, by which verdicts name it."""
        return f"{self.per_s:g} {', '.join(self.events) or 'events'} a second"

    def covers(self, event: str) -> bool:
        """Whether an event is counted."""
        return not self.events or event in self.events


def limits_of(documents: Sequence[Mapping[str, Any]]) -> tuple[Limit, ...]:
    """The limits of a bundle."""
    return tuple(Limit(**{**document, "events": tuple(document.get("events", ()))}) for document in documents)


def json_bytes(value: Any) -> int:
    """The bytes of a value in JSON, as Socket.IO writes it."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str).encode())
