"""What comes out of a request as it went in, and under which name; and the field that tells who sent it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from conformance.inference.receivers import Hall
from conformance.inference.scenes import Place, Publication
from conformance.inference.schemas import SURE, is_free
from conformance.inference.seen import Arguments
from conformance.inference.shapes import Shape

KEPT = 0.95
"""The share of publications in which a value is that of their cause: some have another one than it seems."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A value of some arguments that stands under a name: an argument by its title, or a field of one."""

    place: Place
    shape: Shape


def titles_of(args: Arguments, word: str, known: Mapping[int, str]) -> dict[int, str]:
    """The titles of arguments that are no objects, by their places: those that are known, or else numbered ones."""
    made: dict[int, str] = {}
    taken = {name for shape in args.places for name in shape.fields}
    for place in range(args.count):
        title = known.get(place, "")
        if not title or title in taken or title in made.values():
            title = f"{word}{place + 1}"
        made[place] = title
    return made


def fields_of(args: Arguments, titles: Mapping[int, str]) -> dict[str, Field]:
    """All values of arguments that stand under a name."""
    found: dict[str, Field] = {}
    for place, shape in enumerate(args.places[: args.count]):
        for name, inner in shape.fields.items():
            found.setdefault(name, Field(place=f"/{place}/{name}", shape=inner))
        if not shape.fields and place in titles:
            found[titles[place]] = Field(place=f"/{place}", shape=shape)
    return found


def comes_out(judged: Sequence[Publication], out: Place, given: Place) -> bool:
    """Whether a value of publications is that of their cause, wherever the cause has it."""
    pairs = [(one.values.get(out), one.cause.values.get(given)) for one in judged if one.cause is not None]
    known = [(left, right) for left, right in pairs if right is not None]
    kept = sum(left == right and isinstance(left, type(right)) for left, right in known)
    return bool(known) and kept >= KEPT * len(known)


def may_change(shape: Shape) -> bool:
    """Whether a check may make values of its own for a field: texts that are free, and numbers of a known range."""
    if not shape.kinds.keys() <= {"string", "integer", "number"}:
        return False
    if "string" in shape.kinds:
        return len(shape.kinds) == 1 and is_free(shape) and shape.spaced > 0
    return shape.count >= SURE and shape.least != shape.most


def sender_of(judged: Sequence[Publication], hall: Hall, given: Set[Place]) -> Any:
    """The field of the one argument that names the user who caused it, or the socket; None where none does.

    Args:
        given: places of what comes out as the client gave it, which names nobody.
    """
    places = dict.fromkeys(place for one in judged for place in one.values if place.count("/") == 2)
    for kind in ("user", "socket"):
        for place in places:
            if (
                place.startswith("/0/")
                and place not in given
                and judged
                and all(_is_by(one, place, kind, hall) for one in judged)
            ):
                name = place.removeprefix("/0/")
                return name if kind == "user" else {"socket": name}
    return None


def _is_by(one: Publication, place: Place, kind: str, hall: Hall) -> bool:
    value = one.values.get(place)
    if value is None or one.cause is None:
        return False
    scene = hall.scene_of[id(one)]
    user = scene.users.get(one.cause.actor)
    return value == user if kind == "user" else value in scene.ids.get(one.cause.actor, ()) and value != user
