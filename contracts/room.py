"""What a contract says of one kind of room."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from contracts.ids import bounded, choices, id_type, number_of
from contracts.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """How a socket becomes a member of a room where neither an event nor a call enters it."""

    at: Literal["auth", "query", "service"]
    """A field of the handshake names the room; or the service enters the user's own room after connecting."""
    name: str = ""
    """Of the field."""


@dataclass(frozen=True, kw_only=True)
class Room:
    """How rooms of one kind are named, which ids they have, and which payload field names their subject.

    Template and key are empty where a service has no rooms.
    """

    template: str
    key: str
    source: str
    retired: tuple[str, ...] = ()
    kind: str = ""
    """The name of the kind; empty where a bundle has one kind."""
    id: Schema | None = None
    """Of the subject; None for any text."""
    entry: Entry | None = None

    @property
    def is_none(self) -> bool:
        """Whether the service has no rooms."""
        return not self.template

    def named(self, subject: str) -> str:
        """The documented name of a subject's room."""
        return self.template.replace("{" + self.key + "}", subject)

    @cached_property
    def has_numbers(self) -> bool:
        """Whether payloads name the room by an integer. In a check ids are texts: these are its digits."""
        return self.id is not None and id_type(self.id) == "integer"

    @property
    def is_listed(self) -> bool:
        """Whether the contract lists all ids: a check has none to itself."""
        return self.id is not None and choices(self.id) is not None

    @property
    def is_free(self) -> bool:
        """Whether any text of a length may be an id."""
        return self.id is None or not bounded(self.id)

    def value(self, subject: Any) -> Any:
        """The id of a subject as payloads carry it."""
        return number_of(subject) if self.has_numbers else subject

    def takes(self, subject: str) -> bool:
        """Whether a text stands for an id that the contract allows."""
        return self.id is None or self.id.is_valid(self.value(subject))
