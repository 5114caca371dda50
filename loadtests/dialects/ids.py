"""The ids of the rooms of a load. Pure."""

from __future__ import annotations

import random

from contracts.ids import choices, drawn
from contracts.room import Room


def id_of(room: Room, name: str, index: int) -> str:
    """The id of a room of that kind: its name, or one that its contract takes, the same each time.

    Raises:
        ValueError: no id can be made that keeps the schema.
    """
    if room.is_none or (room.is_free and room.takes(name)):
        return name
    listed = choices(room.id) if room.id is not None else None
    if listed:
        return str(listed[index % len(listed)])  # Others may be in it: a load has none of its own.
    subject = drawn(room.id, random.Random(f"{name} {index}")) if room.id is not None else None  # noqa: S311 - no secret
    if subject is None:
        raise ValueError(f"no id can be made that keeps the schema of {room.template}")
    return str(subject)
