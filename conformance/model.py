"""The types that plan, stage, rules and reports share: acts and transcript entries here, and those of the judgement.

Times are seconds since the run began, on one monotonic clock. JSON values are as they were decoded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import msgspec

from conformance.findings import (
    Finding,
    NotExercised,
    Outcome,
    Verdict,
    failed,
    passed,
    skipped,
    unclear,
)

# The types of the judgement are a file of their own; whoever uses them finds all types here.
__all__ = ["Finding", "NotExercised", "Outcome", "Verdict", "failed", "passed", "skipped", "unclear"]

HTTP = "http"
"""The actor under which HTTP calls stand in a transcript, unless an actor made them."""

Transport: TypeAlias = Literal["websocket", "polling", "upgrade"]
TRANSPORTS: tuple[Transport, ...] = ("websocket", "polling", "upgrade")

# --- the play: what the plan asks the stage to do ---------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FromEvent:
    """Stands for a value of the latest `event` that `actor` received, at a JSON pointer."""

    actor: str
    event: str
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserOf:
    """Stands for the user id that the service knows an actor's socket by."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Disconnect:
    """An actor ends its connection."""

    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Emit:
    """An actor emits an event; with `answered`, the stage waits for an ack, the named reply or an error."""

    actor: str
    event: str
    args: tuple[Any, ...]
    ack: bool = False
    answered: tuple[str, ...] = ()
    waits: bool = True
    """Whether an ack that is asked for is waited for: no ack is owed to what no contract names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enter:
    """An actor emits a request that makes it a member of a room, and the stage makes sure that it is."""

    actor: str
    room: str
    event: str
    payload: Any


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
    early: bool = False
    """Whether the service may not listen to the actor's socket yet."""


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
    Connect | Disconnect | Emit | Enter | Exit | Request | Look | Calm | Insist | Await | Together | InOrder
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


# --- the transcript: what was sent and seen ---------------------------------------------------------------


class Entry(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """Something that happened, when, and to which actor."""

    at_s: float
    actor: str


class Opened(Entry, frozen=True, kw_only=True, tag="opened"):
    """The actor's socket is connected; `user` is known where the target mints tokens."""

    socket: str
    token: str = "none"
    """What was presented: `own` is a token that the service should take, `none` no token at all."""
    user: str | None = None
    node: str | None = None
    """The address that it is connected to, where the target has several."""
    most_bytes: int | None = None
    """What a packet may have at most, if the handshake announced it (`maxPayload`)."""
    pings_s: tuple[float, float] | None = None
    """(pingInterval, pingTimeout) of the handshake: who is silent for longer than both together is given up."""


class Refused(Entry, frozen=True, kw_only=True, tag="refused"):
    """The service refused the connection. `token` says what was presented."""

    token: str
    message: str


SAID_GOODBYE = "disconnect packet"
"""The reason of an end that the service announced by a packet of Socket.IO or Engine.IO, as it may at any time.

A connection whose pings were not answered in time is ended without one.
"""


PING_TIMEOUT = "ping timeout"
"""How the reason begins where the client library gave up a service that had been silent for too long."""


class Closed(Entry, frozen=True, kw_only=True, tag="closed"):
    """The connection is over: ended by `us` as the play says, by the `service`, or by the `client` library.

    The library ends one when the service breaks the protocol: a frame that cannot be read, pings that do not come.
    """

    by: Literal["us", "service", "client"]
    reason: str = ""


class Sent(Entry, frozen=True, kw_only=True, tag="sent"):
    """The actor emitted an event; `ack` is its number where an ack was asked for."""

    event: str
    args: tuple[Any, ...]
    ack: int | None = None
    early: bool = False
    """Emitted before the service had shown that it listens to this socket: right after connecting."""


class Got(Entry, frozen=True, kw_only=True, tag="got"):
    """The actor received an event."""

    event: str
    args: tuple[Any, ...]
    fault: str = ""
    """Why the official client cannot parse the frame, and breaks the connection off; empty where it can."""


class Acked(Entry, frozen=True, kw_only=True, tag="acked"):
    """The service acknowledged the actor's event with that number."""

    event: str
    ack: int
    args: tuple[Any, ...]
    fault: str = ""
    """Why the official client cannot parse the frame, and breaks the connection off; empty where it can."""


TIMED_OUT = "no whole answer within"
"""How the answer of a call that timed out begins."""


class Probed(Entry, frozen=True, kw_only=True, tag="probed"):
    """The service answered on the actor's socket that it has no namespace of the name that was asked for.

    Its Socket.IO layer answers, in the order of what was sent: it had read all that this socket sent before.
    """

    asked_s: float
    """When it was asked, in seconds of the run."""


class Called(Entry, frozen=True, kw_only=True, tag="called"):
    """An HTTP exchange; `status` is None where no answer came, and `answer` then says why."""

    call: str
    method: str
    path: str
    params: dict[str, Any]
    done_s: float
    query: dict[str, Any] = {}
    body: Any = None
    token: str = "own"
    status: int | None = None
    answer: Any = None
    node: str | None = None
    """The address that it was made at, where the target has several."""
    fault: str = ""
    """Why `JSON.parse` refuses the body of the answer, though it could be read; empty where it does not."""
    tries: int = 1
    """2 where the first was sent over a reused connection that was closed unanswered, and may have had its effect."""


Via: TypeAlias = Literal["redis", "admin"]


class Observed(Entry, frozen=True, kw_only=True, tag="observed"):
    """What an observer saw, its name being the actor: a broadcast to rooms, or the rooms of a socket."""

    rooms: tuple[str, ...]
    event: str | None = None
    subject: str | None = None
    """The room's subject that the payload of the broadcast names."""
    socket: str | None = None
    """The socket that is in the rooms; None for a broadcast."""
    args: tuple[Any, ...] = ()
    """What the broadcast carries, where the observer can see it."""


How: TypeAlias = Literal["roster", "ack", "assumed"]


class Marked(Entry, frozen=True, kw_only=True, tag="marked"):
    """What the stage made sure of: the actor is `in` or `out` of the room, and how that was seen."""

    mark: Literal["in", "out"]
    room: str
    how: How


UNCONNECTED = "could not connect: "
"""How what is missed begins where it is a connection; the reason follows."""


class Missed(Entry, frozen=True, kw_only=True, tag="missed"):
    """A wait of the play that ended without what it waited for, or a step that could not be taken."""

    what: str

    @property
    def is_connection(self) -> bool:
        """Whether it is a connection that could not be made."""
        return self.what.startswith(UNCONNECTED)


AnyEntry: TypeAlias = Opened | Refused | Closed | Sent | Got | Acked | Probed | Called | Observed | Marked | Missed


class Transcript(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that happened in one act, in the order of time."""

    act: str
    rooms: tuple[str, ...]
    entries: tuple[AnyEntry, ...]
    began_s: float
    ended_s: float
    transport: str = "websocket"
    epoch_s: float = 0.0
    """Unix time of the run's second 0, so that the service's clock fields can be read."""
    timeout_s: float | None = None
    """The wait that a person set in place of the contract's deadlines."""
    stalls: tuple[tuple[float, float], ...] = ()
    """(began, lasted) of each time in which our own side was held up: what came late then is not the service's."""
    broke: str | None = None
    """Our own fault that ended the act early."""
    watched_by: tuple[Via, ...] = ()
    """The observers that watched to the end of the act."""
    blind: tuple[Via, ...] = ()
    """The observers that were to watch, and could not: remarks of the run say why."""
