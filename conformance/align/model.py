"""What documents and source claim, as frozen values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from conformance.align.refusals import Reason
from contracts.model import Bundle

Direction: TypeAlias = Literal["to-server", "to-client"]
"""Who hears an event: the server, which a client sent it to, or clients."""

Kind: TypeAlias = Literal["event", "room", "call", "count", "link", "receivers", "connection"]
Audience: TypeAlias = Literal["others", "everyone-with-sender", "room", "sender", "everywhere"]
"""Who is said to receive an event; `room` says nothing of its sender, and `everywhere` is beyond any room."""

Origin: TypeAlias = Literal["document", "source", "client"]
"""A guide, the service's source, or the source of a client."""

Side: TypeAlias = Literal["client", "server"]
"""Whose code it is: `socket.on` of a client hears what the server sends, and the other way round."""

Reading: TypeAlias = Literal["hears", "sends"]
Shape: TypeAlias = Literal["string", "number", "boolean", "null", "object", "array", "unknown"]

DIRECTIONS: dict[str, str] = {"to-server": "client to server", "to-client": "server to client"}
"""How people say them."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Place:
    """Where in a file, counted from 1; `end` is the column after the last."""

    file: str
    line: int
    column: int
    end: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a payload that is shown: its name, and what can be told of its value without running anything."""

    name: str
    place: Place
    shape: Shape = "unknown"
    value: Any = None
    """A literal's value; None where it is none."""
    placeholder: bool = False
    """The value stands for another: `"string"`, `"..."`, `<id>`."""
    values: tuple[Any, ...] = ()
    """The literals of a type such as `'active' | 'closed'`, each of which has to be allowed."""
    optional: bool = False
    """It is said that it may be left out."""
    unit: str = ""
    """Of a time as a number: `s` where it is said to be in seconds."""
    most: int | None = None
    """How many characters it is said to have at most."""
    told: tuple[tuple[str, Any], ...] = ()
    """What a schema or a table says of it by keyword: `default`, `minimum`, `maximum`."""
    inside: tuple[Payload, ...] = ()
    """The object that is its value, or those in its list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """A payload that is shown with an event or a call."""

    fields: tuple[Field, ...]
    whole: bool = True
    """Nothing is left out by `...` or a spread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Something that a document or the source says."""

    kind: Kind
    subject: str
    """The event's name, the room as written, `POST /path`, the number that is announced, or the link's target."""
    place: Place
    origin: Origin
    how: str
    """In which form: `emit`, `on`, `constant`, `route`, `inline code`, `table`, `heading`, `text` ..."""
    direction: Direction | None = None
    refuted: bool = False
    """It is quoted as wrong, old or forbidden."""
    payload: Payload | None = None
    answer: Payload | None = None
    """Of a call: what it answers."""
    status: int | None = None
    """Of a call: with which status it is said to be answered when all is well, or for the reason."""
    reason: Reason | None = None
    """Of a call with a status: why it is said to be refused."""
    query: Payload | None = None
    """Of a call: the parameters of its query."""
    reading: Reading | None = None
    """What code does whose side is not known: the direction follows from the side."""
    section: tuple[str, ...] = ()
    """The headings above it, the outermost first."""
    others: tuple[str, ...] = ()
    """Of a payload: other events that are named beside its own, of which it may be."""
    of_reply: bool = False
    """The payload is that with which a request of this name is answered."""
    audience: Audience | None = None
    """Who receives it, where that is said."""
    entries: int | None = None
    """Of a count: how many entries stand right below it, where that is what it counts."""
    via: str = ""
    """Of a call: the variable of the client that makes it."""
    listed: bool = False
    """It stands in a list or a table, as one of what is enumerated there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A file that was read, and what it claims."""

    file: str
    origin: Origin
    claims: tuple[Claim, ...]
    written: str = ""
    """As it stands."""
    ignored: tuple[tuple[str, int, int], ...] = ()
    """(rule, first line, last line) of what it asks to ignore."""
    faults: tuple[str, ...] = ()
    """What of it could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything that is judged at once."""

    bundle: Bundle
    texts: tuple[Text, ...]
    missing: frozenset[str] = field(default_factory=frozenset)
    """The links whose files are not there, as `file -> target`."""
    partly: str = ""
    """Why the source is only a part of a service; empty where it is the whole."""

    def claims(self, kind: Kind, *, origin: Origin | None = None) -> Iterator[Claim]:
        """What is claimed, refuted or not."""
        for text in self.texts:
            if origin in (None, text.origin):
                yield from (claim for claim in text.claims if claim.kind == kind)

    def stated(self, kind: Kind, *, origin: Origin | None = None) -> Iterator[Claim]:
        """What is claimed to be so."""
        return (claim for claim in self.claims(kind, origin=origin) if not claim.refuted)

    def has(self, origin: Origin) -> bool:
        """Whether any text of that origin was read."""
        return any(text.origin == origin for text in self.texts)

    def unseen(self) -> list[str]:
        """The events of the contracts that no source names."""
        there = {claim.subject for claim in self.claims("event", origin="source")}
        return [name for name in self.bundle.events if name not in there]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """Where a text says something else than the contracts."""

    subject: str
    place: Place
    expected: str
    got: str
    replacement: str | None = None
    """What to write at that place instead, where only one thing can be meant."""
    related: tuple[Place, ...] = ()
