"""What values have in common: a summary that grows with each sample, and never depends on their order.

A summary of the samples of two runs is the merged summary of each. Its size is bounded, however much is added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from contracts.binary import bytes_of, is_binary
from contracts.schema import Schema

N = TypeVar("N", int, float)

DEEPEST = 12
"""Objects and lists inside each other that are told apart; what is deeper may be anything."""
MOST_FIELDS = 100
"""Different field names of one object; one with more is a map, whose names are data."""
MOST_VALUES = 16
"""Different texts that are counted one by one; a field with more has no list of values."""
LONGEST_VALUE = 32
"""Characters of a text that may be one of a list of values."""
LONGEST_NAME = 80
"""Characters of the name of a field; an object with a longer one is a map."""

FORMATS: Mapping[str, dict[str, Any]] = {
    "date-time": {"format": "date-time"},
    "date": {"format": "date"},
    "uuid": {"format": "uuid"},
    "email": {"pattern": r"^[^@\s]+@[^@\s]+\.[^@\s]+$"},
    "uri": {"pattern": r"^[a-z][a-z0-9+.-]*://[^\s]+$"},
}
"""What a text of each format keeps, in the keywords that contracts have."""
LONGEST_FORMATTED = 2_000
"""Characters of a text that may have a format: an address of the web may be so long."""


@cache
def _schemas() -> Mapping[str, Schema]:
    return {name: Schema({"type": "string", **keywords}) for name, keywords in FORMATS.items()}


def _has_format(text: str, name: str) -> bool:
    return len(text) <= LONGEST_FORMATTED and _schemas()[name].is_valid(text)


@dataclass(slots=True, kw_only=True)
class Shape:
    """What is known of the values in one place."""

    count: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    """How often each JSON type came; `binary` is one, and `deep` what is not looked into."""
    shortest: int | None = None
    """Characters of the shortest text."""
    formats: frozenset[str] = frozenset(FORMATS)
    """Those that every text keeps."""
    values: dict[str, int] | None = field(default_factory=dict)
    """How often each text came; None where there are too many, or one is too long."""
    least: float | None = None
    """The least number."""
    most: float | None = None
    """The greatest number."""
    spaced: int = 0
    """How many texts have a blank in them, as no id has."""
    true: int = 0
    """How many booleans were true."""
    fewest: int | None = None
    """Items of the shortest list."""
    fields: dict[str, Shape] = field(default_factory=dict)
    others: Shape | None = None
    """All fields of a map together; None where the fields are told apart."""
    items: Shape | None = None

    def add(self, value: Any, depth: int = DEEPEST) -> None:
        """Take a sample."""
        self.count += 1
        kind = kind_of(value) if depth else "deep"
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if kind == "string":
            self._text(value)
        elif kind in ("integer", "number"):
            self.least, self.most = _least(self.least, value), _most(self.most, value)
        elif kind == "boolean":
            self.true += value
        elif kind == "array":
            self.fewest = _least(self.fewest, len(value))
            self.items = self.items or Shape()
            for item in value:
                self.items.add(item, depth - 1)
        elif kind == "object":
            for name, inner in value.items():
                self._place(name).add(inner, depth - 1)

    def merge(self, other: Shape) -> None:
        """Take all samples that another summary has taken."""
        self.count += other.count
        for kind, count in other.kinds.items():
            self.kinds[kind] = self.kinds.get(kind, 0) + count
        self.shortest, self.fewest = _least(self.shortest, other.shortest), _least(self.fewest, other.fewest)
        self.least, self.most = _least(self.least, other.least), _most(self.most, other.most)
        self.true += other.true
        self.spaced += other.spaced
        self.formats &= other.formats
        if self.values is None or other.values is None:
            self.values = None
        else:
            for text, count in other.values.items():
                self._count(text, count)
        if other.items is not None:
            self.items = self.items or Shape()
            self.items.merge(other.items)
        if other.others is not None:
            self._be_a_map().merge(other.others)
        for name, shape in other.fields.items():
            self._place(name).merge(shape)

    def _text(self, text: str) -> None:
        self.shortest = _least(self.shortest, len(text))
        self.spaced += " " in text
        if self.formats:
            self.formats = frozenset(name for name in self.formats if _has_format(text, name))
        if len(text) > LONGEST_VALUE:
            self.values = None
        else:
            self._count(text, 1)

    def _count(self, text: str, count: int) -> None:
        if self.values is not None:
            self.values[text] = self.values.get(text, 0) + count
            if len(self.values) > MOST_VALUES:
                self.values = None

    def _place(self, name: str) -> Shape:
        """Where a field of that name is summed up."""
        if self.others is None and name not in self.fields:
            if len(self.fields) < MOST_FIELDS and len(name) <= LONGEST_NAME and name.isprintable() and name:
                self.fields[name] = Shape()
            else:
                self._be_a_map()
        return self.others if self.others is not None else self.fields[name]

    def _be_a_map(self) -> Shape:
        if self.others is None:
            self.others = Shape()
            for shape in self.fields.values():
                self.others.merge(shape)
            self.fields.clear()
        return self.others


def _least(one: N | None, other: N | None) -> N | None:
    known = [value for value in (one, other) if value is not None]
    return min(known, default=None)


def _most(one: N | None, other: N | None) -> N | None:
    known = [value for value in (one, other) if value is not None]
    return max(known, default=None)


def kind_of(value: Any) -> str:
    """The JSON type of a value; a whole number is an integer however it is written."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "integer" if value.is_integer() else "number"
    if isinstance(value, str):
        return "string"
    if isinstance(value, dict):
        if not is_binary(value):
            return "object"
        # What is covered, or no base64, stands for data that nobody can read any more.
        return "binary" if bytes_of(value) is not None else "deep"
    return "array"


def summed_up(values: Any) -> Shape:
    """The summary of some samples."""
    shape = Shape()
    for value in values:
        shape.add(value)
    return shape
