"""What tells one publication from every other: a value that its cause carries and that comes out as it went in.

A mark is put into the fields that a contract lets a client choose and that it says are echoed. It has the stream of a
publication, which is a socket's and of one way to publish, and its number in that stream. Pure.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeGuard

from contracts.binary import binary, bytes_of
from contracts.schema import kinds

MOST_STREAMS = 80_000_000
"""Streams of sockets are below: told by six places of a number from 1 to 81, which fits the degrees of a latitude."""

LARGEST = (MOST_STREAMS - 1, 999_999)
"""The largest stream and number that a marking has to have room for."""

UNBOUNDED = 2**53
"""More than a run publishes."""

LARGEST_NUMBER = 1e15
"""Beyond it a double has no places left, and nothing of ours is."""

PLAIN = 1
"""What marks in numbers begin with: at 0 a service may take a value for missing."""

SIX_PLACES = 1_000_000
"""A service may keep a number to six places."""

LEAST_SERIES = 100_000
"""How many publications of a room a single number has to tell apart, to be a mark."""

_STAMP = re.compile(r"(\S+) (\d{1,15}) (\d{1,15})")
_SHORT = re.compile(r"([0-9a-f]{1,12})\.([0-9a-f]{1,12})")


class Mark(NamedTuple):
    """Which publication a payload is of."""

    room: str
    stream: int
    number: int


class Marking(Protocol):
    """How a mark is written into a payload, and read from one."""

    by_room: bool
    """Whether all publications of a room are one stream: nothing orders those of one socket against another's."""
    capacity: int
    """How many publications of a stream it tells apart."""

    def fill(self, mark: Mark) -> dict[str, Any]:
        """The fields that carry the mark."""

    def read(self, payload: Mapping[str, Any], room: str) -> Mark | None:
        """The mark that a payload of a room carries; None where it has none of ours.

        Args:
            room: the room that the payload names; the empty text where it names none.
        """


@dataclass(frozen=True, slots=True)
class InText:
    """In a text that holds the name of the room as well."""

    field: str
    by_room: bool = False
    capacity: int = UNBOUNDED

    def fill(self, mark: Mark) -> dict[str, Any]:
        """The text."""
        return {self.field: f"{mark.room} {mark.stream} {mark.number}"}

    def read(self, payload: Mapping[str, Any], room: str) -> Mark | None:
        """The mark in the text, whatever room the payload names."""
        text = payload.get(self.field)
        found = _STAMP.fullmatch(text) if isinstance(text, str) else None
        return Mark(found[1], int(found[2]), int(found[3])) if found else None


@dataclass(frozen=True, slots=True)
class InShortText:
    """In a text that has no room for the name of the room."""

    field: str
    by_room: bool = False
    capacity: int = UNBOUNDED

    def fill(self, mark: Mark) -> dict[str, Any]:
        """The text."""
        return {self.field: f"{mark.stream:x}.{mark.number:x}"}

    def read(self, payload: Mapping[str, Any], room: str) -> Mark | None:
        """The mark in the text."""
        text = payload.get(self.field)
        found = _SHORT.fullmatch(text) if isinstance(text, str) else None
        return Mark(room, int(found[1], 16), int(found[2], 16)) if found else None


@dataclass(frozen=True, slots=True)
class InBytes:
    """In binary data: the bytes of a text that holds the name of the room as well."""

    field: str
    by_room: bool = False
    capacity: int = UNBOUNDED

    def fill(self, mark: Mark) -> dict[str, Any]:
        """The bytes."""
        return {self.field: binary(f"{mark.room} {mark.stream} {mark.number}".encode())}

    def read(self, payload: Mapping[str, Any], room: str) -> Mark | None:
        """The mark in the bytes, whatever room the payload names."""
        data = bytes_of(payload.get(self.field))
        found = _STAMP.fullmatch(data.decode("utf-8", "replace")) if data is not None else None
        return Mark(found[1], int(found[2]), int(found[3])) if found else None


@dataclass(frozen=True, slots=True)
class InTwoNumbers:
    """The stream in one number, the publication in another, to six places."""

    stream: str
    number: str
    by_room: bool = False
    capacity: int = LARGEST[1]

    def fill(self, mark: Mark) -> dict[str, Any]:
        """The two numbers."""
        return {
            self.stream: PLAIN + mark.stream / SIX_PLACES,
            self.number: PLAIN + mark.number / SIX_PLACES,
        }

    def read(self, payload: Mapping[str, Any], room: str) -> Mark | None:
        """The mark in the two."""
        stream, number = _number(payload, self.stream), _number(payload, self.number)
        if stream is None or number is None:
            return None
        return Mark(room, round((stream - PLAIN) * SIX_PLACES), round((number - PLAIN) * SIX_PLACES))


@dataclass(frozen=True, slots=True)
class InOneNumber:
    """In one number, by which the publications of a room are counted."""

    field: str
    least: float
    step: float
    capacity: int
    by_room: bool = True

    def fill(self, mark: Mark) -> dict[str, Any]:
        """The number."""
        value = self.least + mark.number * self.step
        return {self.field: round(value) if self.step >= 1 else round(value, 6)}

    def read(self, payload: Mapping[str, Any], room: str) -> Mark | None:
        """The mark in the number."""
        value = _number(payload, self.field)
        if value is None or value < self.least:
            return None
        return Mark(room, room_stream(room), round((value - self.least) / self.step))


@dataclass(frozen=True, slots=True)
class InChoice:
    """In one of the values that a contract lists, each of which a room takes once."""

    field: str
    values: tuple[str, ...]
    by_room: bool = True

    @property
    def capacity(self) -> int:
        """Each value is told once."""
        return len(self.values)

    def fill(self, mark: Mark) -> dict[str, Any]:
        """The value."""
        return {self.field: self.values[mark.number]}

    def read(self, payload: Mapping[str, Any], room: str) -> Mark | None:
        """The mark that the value is."""
        value = payload.get(self.field)
        known = isinstance(value, str) and value in self.values
        return Mark(room, room_stream(room), self.values.index(value)) if known else None


@dataclass(frozen=True, slots=True)
class Unmarked:
    """In nothing: one publication is not told from another, and its deliveries cannot be accounted for."""

    by_room: bool = False
    capacity: int = UNBOUNDED

    def fill(self, mark: Mark) -> dict[str, Any]:
        """No field."""
        return {}

    def read(self, payload: Mapping[str, Any], room: str) -> Mark | None:
        """No mark."""
        return None


AnyMarking = Unmarked | InText | InShortText | InBytes | InTwoNumbers | InOneNumber | InChoice


def room_stream(room: str) -> int:
    """The stream of all publications of a room whose marks do not say which socket's they are."""
    return MOST_STREAMS + int.from_bytes(hashlib.blake2b(room.encode(), digest_size=6).digest())


def markings(shapes: Mapping[str, Mapping[str, Any]]) -> Iterator[AnyMarking]:
    """The ways to mark a payload, the best first: whether its schema takes what they write is for the caller to see.

    Args:
        shapes: the schemas of the fields that are echoed, by name, without the one that names the room.
    """
    texts = [name for name, shape in shapes.items() if _types(shape) == ("string",) and "enum" not in shape]
    numbers = [name for name, shape in shapes.items() if _types(shape) == ("number",) and "enum" not in shape]
    for name in texts:
        yield InText(name)
    for name in texts:
        yield InShortText(name)
    for name, shape in shapes.items():
        if shape.get("binary"):
            yield InBytes(name)
    if len(numbers) > 1:
        yield InTwoNumbers(numbers[0], numbers[1])
    for name, shape in shapes.items():
        if _types(shape) in (("number",), ("integer",)) and "enum" not in shape:
            found = _series(name, shape)
            if found is not None:
                yield found
    for name, shape in shapes.items():
        choices = shape.get("enum", ())
        if len(choices) > 1 and all(isinstance(one, str) for one in choices):
            yield InChoice(name, tuple(choices))


def _series(name: str, shape: Mapping[str, Any]) -> InOneNumber | None:
    least = max(PLAIN, shape.get("minimum", PLAIN), shape.get("exclusiveMinimum", 0) + PLAIN)
    most = min(shape.get("maximum", 10**9), shape.get("exclusiveMaximum", 10**9 + 1) - 1)
    step = float(shape.get("multipleOf", 1))
    if _types(shape) == ("number",) and "multipleOf" not in shape:
        while step > 1 / SIX_PLACES and (most - least) / step < LEAST_SERIES:
            step /= 10
    capacity = int((most - least) / step)
    return InOneNumber(name, float(least), step, capacity) if capacity >= LEAST_SERIES else None


def _types(shape: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(one for one in kinds(shape) if one != "null")


def is_plain(value: object) -> TypeGuard[float]:
    """Whether a value is a number that can be reckoned with: a service may send any that JSON writes."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -LARGEST_NUMBER < value < LARGEST_NUMBER


def _number(payload: Mapping[str, Any], field: str) -> float | None:
    value = payload.get(field)
    return value if is_plain(value) else None
