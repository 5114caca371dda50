"""What events and replies carry, as contracts write it: schemas, where the room is, and recorded examples."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.inference.scenes import Place, Scalar
from conformance.inference.schemas import Taste, clashes, schema_of
from conformance.inference.seen import Arguments
from conformance.inference.shapes import Shape
from contracts.schema import Schema
from contracts.valid_values import valid_values

COVER = "(secret)"
"""What a journal has in place of a secret."""
MOST_EXAMPLES = 3
"""Recorded payloads that are written as examples of one event."""
LARGEST_EXAMPLE = 2_000
"""Characters of an example as JSON."""
LARGEST_NEEDED = 200_000
"""Characters of one where no value could be made of the schema, such as that of a list of a thousand items."""
DEEPEST_EXAMPLE = 32
"""Objects and lists inside each other in an example, more than schemas tell apart: YAML may hold not many more."""
MOST_IDS = 8
"""Rooms whose ids are listed, where each is a word: a service may have these alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What all payloads of a bundle have in common."""

    key: str
    """The field that names rooms."""
    ids: frozenset[Scalar]
    """The rooms that were seen."""
    notes: list[str]
    """Takes what a recording shows in two ways."""

    @property
    def free(self) -> frozenset[str]:
        """Fields of which no list of values is made."""
        return frozenset({self.key})


def carried_by(
    said: Said, args: Arguments, what: str, titles: Mapping[int, str], room_at: Place | None, *, emitted: bool
) -> dict[str, Any]:
    """`payload` where there is one argument that is an object, or else `args`."""
    if len(args.counts) > 1:
        told = ", ".join(f"{number} ({count} times)" for number, count in sorted(args.counts.items()))
        said.notes.append(f"{what}: came with different numbers of arguments: {told}")
    shapes = args.places[: args.count]
    schemas = [schema_of(shape, Taste(free=said.free, emitted=emitted)) for shape in shapes]
    for place, shape in enumerate(shapes):
        for path, kinds in clashes(shape, "" if len(shapes) == 1 else f"argument {place + 1}"):
            counts = " and ".join(f"{kind} ({count} times)" for kind, count in sorted(kinds.items()))
            said.notes.append(f"{what}: {path or 'the payload'} has types that do not go together: {counts}")
    if room_at is not None:
        _say_ids(said, schemas, room_at, shapes, emitted=emitted)
    if len(schemas) == 1 and schemas[0].get("type") == "object":
        return {"payload": schemas[0]}
    made = [{"title": titles.get(place, f"answer{place + 1}"), **schema} for place, schema in enumerate(schemas)]
    return {"args": made}


def _say_ids(
    said: Said, schemas: list[dict[str, Any]], room_at: Place, shapes: Sequence[Shape], *, emitted: bool
) -> None:
    """Write the schema of what names the room: whole numbers or texts, listed where there are few words."""
    first, *steps = room_at.split("/")[1:]
    if not first.isdigit() or int(first) >= len(schemas):
        return
    owner: dict[str, Any] = {"properties": {"": schemas[int(first)]}}
    name = ""
    for step in steps:
        owner, name = owner["properties"][name], step
        if step not in owner.get("properties", {}):
            return
    counts = _at(shapes[int(first)], steps).kinds
    usual = max(counts, key=lambda kind: counts[kind])
    if usual not in ("integer", "string") or (len(counts) > 1 and not emitted):
        return
    numbers = usual == "integer"
    made: dict[str, Any] = {"type": "integer"} if numbers else {"type": "string", "minLength": 1}
    words = sorted(str(one) for one in said.ids)
    if emitted and not numbers and len(words) <= MOST_IDS and all(one.isalpha() for one in words):
        made = {"type": "string", "enum": words}
    if name:
        owner["properties"][name] = made
    else:
        schemas[int(first)] = made


def _at(shape: Shape, steps: Sequence[str]) -> Shape:
    for step in steps:
        shape = shape.fields.get(step, Shape())
    return shape


def examples_of(samples: Sequence[tuple[Any, ...]], carried: Mapping[str, Any]) -> list[Any]:
    """Recorded payloads of different looks, the most frequent first, without what is covered and what is large."""
    found = _looks_of(samples, carried, LARGEST_EXAMPLE)
    if not found and samples and not _can_be_made(carried):
        return _looks_of(samples, carried, LARGEST_NEEDED)[:1]
    return found


def _can_be_made(carried: Mapping[str, Any]) -> bool:
    """Whether values can be made of the schemas, so that no example is needed."""
    schemas = carried["args"] if "args" in carried else [carried["payload"]]
    return all(valid_values(schema, 1) for schema in schemas)


def _looks_of(samples: Sequence[tuple[Any, ...]], carried: Mapping[str, Any], largest: int) -> list[Any]:
    looks: dict[str, Any] = {}
    counts: Counter[str] = Counter()
    count = len(carried["args"]) if "args" in carried else 1
    for whole in samples:
        if len(whole) != count:
            continue
        args = tuple(shallow(value) for value in whole)
        look = str([sorted(one) if isinstance(one, dict) else type(one).__name__ for one in args])
        if look not in looks and not (_is_fit(args, largest) and _keeps(args, carried)):
            continue
        counts[look] += 1
        looks.setdefault(look, wire(args, carried))
    return [looks[look] for look, _ in counts.most_common(MOST_EXAMPLES)]


def shallow(value: Any, depth: int = DEEPEST_EXAMPLE) -> Any:
    """A value in which what is nested too deeply for an example is empty."""
    if isinstance(value, dict):
        return {name: shallow(inner, depth - 1) for name, inner in value.items()} if depth else {}
    if isinstance(value, list):
        return [shallow(inner, depth - 1) for inner in value] if depth else []
    return value


def _is_fit(args: tuple[Any, ...], largest: int) -> bool:
    """Whether a payload can be written down as an example."""
    try:
        text = json.dumps(args)
        json.dumps(args, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return False
    return COVER not in text and len(text) <= largest


def _keeps(args: tuple[Any, ...], carried: Mapping[str, Any]) -> bool:
    """Whether a payload keeps its schema: what names the room may have been narrowed."""
    schemas = carried["args"] if "args" in carried else [carried["payload"]]
    return all(Schema(schema).is_valid(value) for schema, value in zip(schemas, args, strict=True))


def wire(args: tuple[Any, ...], carried: Mapping[str, Any]) -> Any:
    """Arguments as an example writes them."""
    return list(args) if "args" in carried else args[0]


def field_counts(args: Arguments) -> dict[str, Any]:
    """How often each field was there, by its path."""
    found: dict[str, int] = {}
    waiting = [(f"/{place}", shape) for place, shape in enumerate(args.places)]
    while waiting:
        path, shape = waiting.pop(0)
        found[path] = shape.count
        waiting += [(f"{path}/{name}", inner) for name, inner in sorted(shape.fields.items())]
    return found
