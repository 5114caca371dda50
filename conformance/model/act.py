"""What a plan asks the stage to do: steps, and the acts made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

HTTP = "http"
"""The actor under which HTTP calls stand in a transcript, unless an actor made them."""

Transport: TypeAlias = Literal["websocket", "polling", "upgrade"]

TRANSPORTS: tuple[Transport, ...] = ("websocket", "polling", "upgrade")


@dataclass(frozen=True, slots=True, kw_only=True)
class FromEvent:
    """Stands for a value of the latest `event` that `actor` received, at a JSON pointer."""

    actor: str
    event: str
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FromAnswer:
    """Stands for a value of the latest answer to `event` that `actor` received, at a JSON pointer."""

    actor: str
    event: str
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserOf:
    """Stands for the user id that the service knows an actor's socket by."""

    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketOf:
    """Stands for the id of an actor's socket."""

    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """Stands for the time at which the step is taken."""

    unit: Literal["unix-ms", "date-time"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filler:
    """Stands for a text of one repeated letter, as long as a packet of the connection may be."""

    least: int
    """Characters; where a packet may not have so many, the step is not taken."""
    most: int

    def text(self, count: int) -> str:
        """The text of so many characters."""
        return "x" * count

    def is_text(self, value: Any) -> bool:
        """Whether a value is such a text."""
        return isinstance(value, str) and self.least <= len(value) <= self.most and value == self.text(len(value))


Token: TypeAlias = Literal["own", "none", "garbage", "forged", "expired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Connect:
    """An actor opens a socket, under the user of another actor where `like` says so."""

    actor: str
    token: Token = "own"
    like: str | None = None
    node: int | None = None
    """Which node it connects to; None where any will do."""
    at_once: tuple[Emit, ...] = ()
    """What it emits in the very moment in which it is connected."""
    resumes: str | None = None
    """The actor whose session it resumes, at the same node, where the service recovers the state of connections."""
    room: str | None = None
    """The room that it enters by connecting: its handshake names it, or it is the room of its user."""
    user: str | int | None = None
    """The user that it connects as, as tokens name it, where that is no fresh one."""
    auth: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the handshake's `auth` besides the token."""
    query: Mapping[str, str] = field(default_factory=dict)
    """Fields of its query."""
    place: int | None = None
    """In which of the places of the target it shows its token, by number; None where any will do."""
    namespace: str | None = None
    """Which namespace it connects to, where the contracts do not tell."""
    apart: bool = False
    """Whether that is another than the one that the act is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disconnect:
    """An actor ends its connection."""

    actor: str
    abrupt: bool = False
    """Whether the connection is lost, without a goodbye."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Emit:
    """An actor emits an event; with `answered`, the stage waits for an ack, the named reply or an error."""

    actor: str
    event: str
    args: tuple[Any, ...]
    ack: bool = False
    answered: tuple[str, ...] = ()
    like: str = ""
    """The request whose arguments it has, where it goes under another name."""
    waits: bool = True
    """Whether an ack that is asked for is waited for: no ack is owed to what no contract names."""
    above: bool = False
    """Whether it is sent though it goes above a limit of the contract."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enter:
    """An actor emits a request that makes it a member of a room, and the stage makes sure that it is.

    Where it has entered by connecting, there is no request: `event` is empty.
    """

    actor: str
    room: str
    event: str
    payload: Any
    call: str = ""
    """The call that has entered it before, where a call does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """A member stops being one, by `step`; `watcher`, another member, sees it gone from the roster."""

    actor: str
    room: str
    step: Emit | Request | Disconnect
    watcher: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An HTTP call. `raw` replaces the JSON body by these bytes; `params` fill the path."""

    call: str
    params: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    raw: str | None = None
    token: Token = "own"
    node: int | None = None
    """Which node it is made at, where each has the API; None where any will do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The observers look at the rooms now: who is in which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Insist:
    """Take steps one after another, with pauses that double, until one of them has had its effect.

    The effect of a try is what `heard` says at its place, or else the answer to what it emits.
    """

    actor: str
    tries: tuple[Step, ...]
    heard: tuple[Await, ...] = ()
    count: int = 1
    """How many effects are waited for."""
    early: bool = False
    """Whether the service may not listen to the actor's socket yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """An actor that has sent nothing for a while emits these all at once, whatever the limits of the contract.

    When its seconds are over, and its connection has not ended, it takes the steps of `then`.
    """

    actor: str
    emits: tuple[Emit, ...]
    then: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Calm:
    """Wait until every other act is over, or waits for the same: what follows is not held up by them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Await:
    """Wait until each actor has received `event` for `room` with at least these values."""

    actors: tuple[str, ...]
    event: str
    room: str
    match: Mapping[str, Any] = field(default_factory=dict)
    about: str | None = None
    """The actor whose user or socket it names, where it tells of one."""
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Steps that happen at the same time."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InOrder:
    """Steps that happen one after the other, inside a `Together`."""

    steps: tuple[Step, ...]


Step: TypeAlias = (
    Connect | Disconnect | Emit | Enter | Exit | Request | Look | Calm | Insist | Burst | Await | Together | InOrder
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A short play on fresh room ids. `rooms` are the ids that it uses."""

    name: str
    rooms: tuple[str, ...]
    steps: tuple[Step, ...]
    fences: tuple[Step, ...] = ()
    """What is asked when something is overdue; see `conformance.plan.fence`."""
    sounding: bool = False
    """Whether what it shows decides how the other acts are played."""
    part: str = ""
    """The part of the contracts that it is about."""
