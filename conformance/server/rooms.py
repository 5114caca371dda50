"""Which rooms each socket is in, by kind and id, and which of them it remembers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from contracts.form import REMEMBERED
from contracts.model import Bundle
from contracts.room import Room


@dataclass(slots=True, kw_only=True)
class Member:
    """One connected socket."""

    sid: str
    namespace: str
    user: str
    auth: Any = None
    environ: dict[str, Any] = field(default_factory=dict)
    is_known: bool = True
    """Whether it has shown its token, where it does so by an event; until then it is nobody."""
    rooms: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The ids of its rooms by kind, the latest last: that is the one which it remembers."""

    def remembered(self, kind: str) -> str | None:
        """The room of a kind that the socket entered last; None where it is in none."""
        return self.rooms[kind][-1] if self.rooms[kind] else None


def kind_of(bundle: Bundle, kind: str | None) -> Room | None:
    """A kind of room; None where an event is about none, or the bundle has no rooms."""
    if kind is None or bundle.room.is_none:
        return None
    return bundle.rooms.get(kind, bundle.room)


def kinds_of(bundle: Bundle) -> tuple[Room, ...]:
    """All kinds of rooms of a bundle."""
    return tuple(bundle.rooms.values()) or (() if bundle.room.is_none else (bundle.room,))


def one_at_a_time(bundle: Bundle) -> frozenset[str]:
    """The kinds of which a socket is in one room: some request leaves it to the socket which that is."""
    forms = ((request.kind, request.form) for request in bundle.requests())
    return frozenset(
        kind for kind, form in forms if kind is not None and form is not None and form.room_at == REMEMBERED
    )
