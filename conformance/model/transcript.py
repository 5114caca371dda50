"""The entries of a transcript: what was sent and seen.

Times are seconds since the run began, on one monotonic clock. JSON values are as they were decoded.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import msgspec


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
    resumes: str = ""
    """The actor whose session it asked to resume; empty where it began one of its own."""
    offset: str | None = None
    """The offset of what that actor had heard last, which a server resumes from; empty where none had come."""
    asked_s: float | None = None
    """When it began to connect: a service may tell others of it before it confirms the connection."""
    room: str = ""
    """The room that it enters by connecting; empty where it enters none so."""
    namespace: str = ""
    """Where that is another than the one that the act is about."""
    transport: str = ""
    """What a recorded connection was opened over, `polling` or `websocket`; empty where the act says it."""


ADMITTED = ("own", "none")
"""The tokens with which an actor is to be let in; the others are shown to be refused."""


class Refused(Entry, frozen=True, kw_only=True, tag="refused"):
    """The service refused the connection. `token` says what was presented."""

    token: str
    message: str
    data: Any = None
    """`err.data` of the connect error."""
    place: str = ""
    """Where the token stood, as settings write it; empty where none was shown."""


SAID_GOODBYE = "disconnect packet"
"""The reason of an end that the service announced by a packet of Socket.IO or Engine.IO, as it may at any time.

A connection whose pings were not answered in time is ended without one.
"""


GOODBYE_UNANSWERED = "goodbye not answered"
"""The reason of our end of a connection over polling where the request that said goodbye was not answered in time.

It was given up: the service may learn of the end only when it misses a pong.
"""


PING_TIMEOUT = "ping timeout"
"""How the reason begins where the client library gave up a service that had been silent for too long."""


OVER_LIMIT = "more than Roomcheck takes:"
"""How the reason begins where Roomcheck ended a connection, or an answer, since the service sent too much."""


class Closed(Entry, frozen=True, kw_only=True, tag="closed"):
    """The connection is over: ended by `us` as the play says, by the `service`, or by the `client` library.

    The library ends one when the service breaks the protocol: a frame that cannot be read, pings that do not come.
    """

    by: Literal["us", "service", "client"]
    reason: str = ""
    asked_s: float | None = None
    """When we began to say goodbye, where we did: the service may tell others of it before our end of it is over."""


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
    ack: int | None = None
    """The number of the ack that the service asked for; None where it asked for none."""
    answer: tuple[Any, ...] = ()
    """What the ack was answered with."""


class Answered(Entry, frozen=True, kw_only=True, tag="answered"):
    """A recorded client acknowledged an event of the service that asked for it with that number."""

    event: str
    ack: int
    args: tuple[Any, ...]


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


Via: TypeAlias = str
"""A kind of observer: the actor of its observations, as `redis` or `admin`."""


class Watcher(msgspec.Struct, frozen=True, kw_only=True):
    """An observer of an act, for messages."""

    title: str
    """The observer's name in a sentence, as `the Admin UI`."""
    hint: str
    """What to check where it watches and shows nothing."""


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
    since_s: float | None = None
    """When it was asked for: what was seen is of a moment between that and `at_s`. None for what is told unasked."""


How: TypeAlias = Literal["roster", "ack", "assumed"]


class Marked(Entry, frozen=True, kw_only=True, tag="marked"):
    """What the stage made sure of: the actor is `in` or `out` of the room, and how that was seen."""

    mark: Literal["in", "out"]
    room: str
    how: How


UNCONNECTED = "could not connect: "
"""How what is missed begins where it is a connection; the reason follows."""


UNSHOWN = "no token was shown:"
"""How what is missed begins where a missing token cannot be shown to be refused; the reason follows."""


class Missed(Entry, frozen=True, kw_only=True, tag="missed"):
    """A wait of the play that ended without what it waited for, or a step that could not be taken."""

    what: str

    @property
    def is_connection(self) -> bool:
        """Whether it is a connection that could not be made."""
        return self.what.startswith(UNCONNECTED)


AnyEntry: TypeAlias = (
    Opened | Refused | Closed | Sent | Got | Answered | Acked | Probed | Called | Observed | Marked | Missed
)


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
    reset_epochs_s: tuple[float, ...] = ()
    """What it is besides, where the wall clock of this machine was set during the run."""
    timeout_s: float | None = None
    """The wait that a person set in place of the contract's deadlines."""
    stalls: tuple[tuple[float, float], ...] = ()
    """(began, lasted) of each stall of our own event loop: what came late then is not the service's doing."""
    broke: str | None = None
    """Our own fault that ended the act early."""
    watched_by: tuple[Via, ...] = ()
    """The observers that watched to the end of the act."""
    blind: tuple[Via, ...] = ()
    """The observers that were to watch, and could not: remarks of the run say why."""
    watchers: dict[Via, Watcher] = {}
    """What the observers are called, and what to check where they show nothing."""
    part: str = ""
    """The part of the contracts that the act is about; empty where they have one."""
    namespace: str = ""
    """The namespace of what was recorded; empty where an act was played."""


ARRIVAL_S = 0.25
"""How much closer two events of a socket may come to a service than they were sent: what differs from one message to
the next is below that wherever a conversation is live at all."""
