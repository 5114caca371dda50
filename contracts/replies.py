"""What answers a request or an event, as frozen values: replies, refusals in them, and what clients answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from contracts.form import Form
from contracts.pointer import pointed
from contracts.schema import Schema

ClockUnit: TypeAlias = Literal["unix-ms", "date-time"]

UNSAID = object()
"""Stands for a value that a contract does not name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invalid:
    """A payload that the schema rejects, with the keyword that does it and the documented answer."""

    payload: Any
    keyword: str
    answer: Literal["error"] | int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Payloads that keep a schema, and payloads that break it."""

    valid: tuple[Any, ...] = ()
    invalid: tuple[Invalid, ...] = ()
    made: bool = False
    """Whether the valid ones are made from the schema, and written by nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Where a reply lists the members of a room, as JSON pointers."""

    members: str
    socket: str
    user: str | None = None
    count: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedAck:
    """How an ack or a named reply says that a request was refused, by one of its values."""

    at: str
    """Where the value is: a JSON pointer into the list of arguments."""
    const: Any = UNSAID
    """The value that says so; where it is not said, any that is there and not null."""
    value: Schema | None = None
    """What the value looks like; None where the contract says nothing of it."""

    def is_in(self, args: Sequence[Any]) -> bool:
        """Whether these arguments say that the request was refused."""
        found = pointed(list(args), self.at)
        return found is not None if self.const is UNSAID else type(found) is type(self.const) and found == self.const


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a client has to answer to an event that asks for an ack."""

    payload: Schema
    form: Form | None
    examples: Examples

    @property
    def args(self) -> tuple[Any, ...]:
        """The arguments of a valid answer, as they stand on the wire."""
        first = self.examples.valid[0]
        return self.form.args(first) if self.form is not None else (first,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """How a request is answered: by an ack, by a named event, or by either."""

    payload: Schema
    ack: bool = False
    event: str | None = None
    clocks: Mapping[str, ClockUnit] = field(default_factory=dict)
    roster: Roster | None = None
    form: Form | None = None
    """How it stands on the wire, where it is not the one argument of an object."""
    examples: Examples = Examples()
    refused: RefusedAck | None = None
    """How it says that the request was refused; None where it never does."""
    promises: Literal["membership", "nothing"] | None = None
    """What a good one tells of the request; None where the contract leaves that open."""

    def refuses(self, args: Sequence[Any]) -> bool:
        """Whether these arguments of an answer say that the request was refused."""
        return self.refused is not None and self.refused.is_in(args)

    @property
    def confirms_entry(self) -> bool:
        """Whether it may be taken for the confirmation of a membership that was asked for."""
        return self.promises != "nothing"
