"""Examples that stand in for those that a contract leaves out. What is written wins."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from itertools import chain
from typing import Any

from contracts.ids import drawn
from contracts.invalid_values import USUAL, invalid_values
from contracts.room import Room
from contracts.schema import Schema
from contracts.shapes import Shape
from contracts.valid_values import USUAL as VALID
from contracts.valid_values import look, valid_values

ORDINARY_CHARACTERS = 1_000
"""Of a generated example as JSON: under what any service takes in a payload."""

SPOILT = 64
"""Invalid values that are made before those are chosen that can be sent."""


def any_value(_: Any) -> bool:
    """Whatever a schema rejects is sent."""
    return True


def fitting(count: int) -> Callable[[Any], bool]:
    """Whether a value is a list of arguments that a service can tell from a valid one.

    Args:
        count: how many arguments there are. More of them are no use: most handlers never see those.
    """
    return lambda value: isinstance(value, list) and len(value) <= count


def complete(count: int) -> Callable[[Any], bool]:
    """Whether a list of arguments leaves none out.

    Args:
        count: how many arguments there are. With fewer the callback of an ack comes to the place of one of them, where
            most handlers do not find it.
    """
    return lambda value: isinstance(value, list) and len(value) >= count


def completed(
    written: Mapping[str, Any] | None,
    document: Shape,
    *,
    at: str | None = None,
    room: Room | None = None,
    answer: Any = None,
    fits: Callable[[Any], bool] = any_value,
    answered: Callable[[Any], bool] = any_value,
) -> dict[str, Any]:
    """The examples of a part of a contract, with generated ones in place of each list that it does not write.

    Args:
        written: its `examples`.
        document: the schema of what it carries: of the payload, or of the list of arguments.
        at: a JSON pointer to where a value names its room: an id of that kind of room is put there.
        answer: how the service is documented to answer what the schema rejects. Where an optional field alone is bad,
            no answer is documented: a service may ignore that field.
        fits: which invalid values can be sent.
        answered: which of them a service can answer.
    """
    given = {**(written or {}), "made": "valid" not in (written or {})}
    if "valid" not in given:
        given["valid"] = [_in_a_room(value, Schema(dict(document)), at, room) for value in _ordinary(document)]
    if "invalid" not in given:
        made = invalid_values(document, chain(given["valid"]), SPOILT)
        chosen = [one for one in made if fits(one.payload)][:USUAL]
        given["invalid"] = [
            {
                "payload": one.payload,
                "keyword": one.keyword,
                "answer": None if one.optional or not answered(one.payload) else answer,
            }
            for one in chosen
        ]
    return given


def _ordinary(document: Shape) -> tuple[Any, ...]:
    """Valid values of ordinary size, where there are any: acts about edges play long ones, and mind the limits."""
    values = valid_values(document, 2 * VALID)
    return tuple(value for value in values if len(look(value)) <= ORDINARY_CHARACTERS)[:VALID] or values[:1]


def _in_a_room(value: Any, schema: Schema, at: str | None, room: Room | None) -> Any:
    """A value with an id of its kind of room where it names its room; as it is where that is none."""
    if at is None or room is None or room.is_none:
        return value
    chance = random.Random("id")  # noqa: S311 - the same id every time
    subject = drawn(room.id if room.id is not None else Schema({"type": "string"}), chance)
    placed = _placed(value, at.split("/")[1:], subject)
    return placed if schema.is_valid(placed) else value


def _placed(node: Any, steps: list[str], value: Any) -> Any:
    """A document with a value at a place that it has."""
    if not steps:
        return value
    step, *rest = steps
    if isinstance(node, dict) and step in node:
        return {**node, step: _placed(node[step], rest, value)}
    if isinstance(node, list) and step.isdigit() and int(step) < len(node):
        return [_placed(item, rest, value) if n == int(step) else item for n, item in enumerate(node)]
    return node
