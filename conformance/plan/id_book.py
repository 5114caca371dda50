"""The ids that a run makes by the schemas of its contracts: each is handed out once."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from contracts.ids import choices, drawn
from contracts.room import Room

TRIES = 100
"""How many ids are drawn until one is new: where all are taken, there are hardly more of them."""


@dataclass(slots=True)
class IdBook:
    """The ids that were handed out, by what each stands for."""

    given: dict[tuple[str, str], str] = field(default_factory=dict)

    def made(self, room: Room, label: str, chance: random.Random) -> str:
        """The id of a room with a label: the same each time, and no other's as long as there are any.

        Of an enumeration the ids are taken in turn.
        """
        key = (room.kind, label)
        if key not in self.given:
            self.given[key] = self._new(room, chance)
        return self.given[key]

    def _new(self, room: Room, chance: random.Random) -> str:
        schema = room.id
        if schema is None:
            raise ValueError("an id without a schema needs no book")
        taken = {one for (kind, _), one in self.given.items() if kind == room.kind}
        listed = choices(schema)
        if listed is not None:
            own = [str(one) for one in listed]
            return next((one for one in own if one not in taken), own[len(taken) % len(own)])
        for _ in range(TRIES):
            value = drawn(schema, chance)
            if value is not None and str(value) not in taken:
                return str(value)
        return str(drawn(schema, chance))
