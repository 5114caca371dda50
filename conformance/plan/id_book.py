"""The ids that a run makes by the schemas of its contracts: each is handed out once."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from contracts.ids import choices, drawn
from contracts.room import Room

TRIES = 100
"""How many ids are drawn until one is new: where all are taken, there are hardly more of them."""


@dataclass(slots=True)
class IdBook:
    """The ids that were handed out, by what each stands for."""

    given: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """By kind of room, act and label."""
    short: set[str] = field(default_factory=set)
    """The acts that asked for more ids than there are."""

    def made(self, room: Room, act: str, label: str, chance: random.Random) -> str:
        """The id of a room with a label: the same each time, and no other's.

        Args:
            act: what the id is for. Of an enumeration two acts may have the same id, and one act has each once.
        """
        key = (room.kind, act, label)
        if key not in self.given:
            self.given[key] = self._new(room, act, chance)
        return self.given[key]

    def _new(self, room: Room, act: str, chance: random.Random) -> str:
        schema = room.id
        if schema is None:
            raise ValueError("an id without a schema needs no book")
        listed = choices(schema)
        taken = {
            one for (kind, other, _), one in self.given.items() if kind == room.kind and (other == act or not listed)
        }
        if listed is not None:
            return self._listed([str(one) for one in listed], act, taken)
        for _ in range(TRIES):
            value = str(_some(drawn(schema, chance)))
            if value not in taken:
                return value
        self.short.add(act)
        return value

    def _listed(self, ids: list[str], act: str, taken: set[str]) -> str:
        """The next of the listed ids: acts begin at different ones."""
        begin = len({other for _, other, _ in self.given}) % len(ids)
        free = [one for one in (*ids[begin:], *ids[:begin]) if one not in taken]
        if not free:
            self.short.add(act)
        return free[0] if free else ids[0]


def _some(value: Any | None) -> Any:
    if value is None:
        raise ValueError("no id can be made that keeps its schema")
    return value
