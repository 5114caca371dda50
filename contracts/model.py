"""What a contract says, as frozen values. Nothing here knows an event of any service by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from contracts.cause import NO_CAUSES, Causes
from contracts.form import REMEMBERED, Form
from contracts.given import Origin
from contracts.limits import Limit
from contracts.recovery import Recovery
from contracts.refusal import Refusal
from contracts.replies import Answer, ClockUnit, Examples, Reply
from contracts.retired import Retired
from contracts.room import Room
from contracts.schema import Schema
from contracts.trigger import Preset, Trigger

Membership: TypeAlias = Literal["enter", "leave", "close"]
Group: TypeAlias = Literal["room", "room-but-sender", "everyone", "everyone-but-sender", "sender"]
"""Receivers that no field names; `sender` is every socket of the user that caused it, and is never alone."""
Receivers: TypeAlias = Literal[Group, "requester", "nobody", "addressed"]
Role: TypeAlias = Literal["create", "list", "read", "enter", "leave", "health", "trigger"]

DEFAULT_DEADLINE_MS = 2000
"""Where a contract names none: "real-time" in the guide; two seconds is what a person waits for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An event that a client emits."""

    event: str
    payload: Schema
    examples: Examples
    broadcasts: tuple[str, ...] = ()
    """What it provokes."""
    membership: Membership | None = None
    reply: Reply | None = None
    deadline_ms: int = DEFAULT_DEADLINE_MS
    most_per_s: float | None = None
    texts: tuple[str, ...] = ()
    form: Form | None = None
    """How it stands on the wire, where it is not the one argument of an object with the room's key."""
    by_peer: bool = False
    """Another service emits it, which a check is not: it is documented, and never played."""
    kind: str | None = ""
    """The kind of room that it is about; None where it is about none."""
    invalid_answer: Literal["error"] | None = None
    """How whatever its schema rejects is answered; None where the contract says that of single examples, or not."""
    does: str | None = None
    """An effect that no contract describes, in words."""
    given: tuple[Origin, ...] = ()
    """Fields whose values the service has to have given before: with others a service may refuse it."""

    @property
    def broadcast(self) -> str | None:
        """The first broadcast that it provokes."""
        return next(iter(self.broadcasts), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Receivers that the payload of a cause names: the sockets of a user, or one socket."""

    kind: Literal["user", "socket"]
    at: str
    """Where the payload of the cause names them: a JSON pointer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """An event that the server emits: to a room, to everyone, to whom a field names, or to one requester."""

    event: str
    payload: Schema
    examples: Examples
    receivers: Receivers
    """`addressed` where they are not one group alone."""
    parts: tuple[Group | Address, ...] = ()
    """The receivers that an `addressed` one has together."""
    causes: Causes = NO_CAUSES
    """All that provokes it, as documented."""
    caused_by_event: str | None = None
    """The event of a client that provokes it usually."""
    caused_by_call: str | None = None
    """The call that provokes it usually: of the target, or documented."""
    deadline_ms: int = DEFAULT_DEADLINE_MS
    echoes: tuple[str, ...] = ()
    clocks: Mapping[str, ClockUnit] = field(default_factory=dict)
    sender: str | None = None
    """The field that names who caused it."""
    sender_is: Literal["user", "socket"] = "user"
    volatile: bool = False
    """It may be lost on the way."""
    at_least_once: bool = False
    """The service may send it again until it is acked."""
    answer: Answer | None = None
    """What a client has to answer; None where the event asks for no ack."""
    form: Form | None = None
    """How it stands on the wire, where it is not the one argument of an object with the room's key."""
    kind: str | None = ""
    """The kind of room that it is about; None where it is about none."""

    @property
    def to_room(self) -> bool:
        """Whether the members of one room receive it, and nobody else."""
        return self.receivers in ("room", "room-but-sender")

    @property
    def is_shared(self) -> bool:
        """Whether it is sent to others than the requester."""
        return self.receivers not in ("requester", "nobody")

    @property
    def groups(self) -> tuple[Group | Address, ...]:
        """Its receivers, one by one; none where it is not sent to others."""
        match self.receivers:
            case "requester" | "nobody" | "addressed":
                return self.parts
            case group:
                return (group,)

    @property
    def to_everyone(self) -> bool:
        """Whether everyone who is connected receives it, or everyone but the sender."""
        return any(group in ("everyone", "everyone-but-sender") for group in self.groups)

    @property
    def spares_sender(self) -> bool:
        """Whether a member of its group that caused it is the one that does not receive it."""
        named = [group for group in self.groups if isinstance(group, str)]
        if "sender" in named:
            return False
        return bool(named) and all(group.endswith("-but-sender") for group in named)

    @property
    def to_sender(self) -> bool:
        """Whether a member of its group that caused it receives it."""
        return any(group in ("room", "everyone", "sender") for group in self.groups)

    @property
    def to_whom(self) -> str:
        """Its receivers in words."""
        return (
            " and ".join(g if isinstance(g, str) else f"the {g.kind} at {g.at}" for g in self.groups) or self.receivers
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One documented event name; `typing` and its like travel in both directions."""

    name: str
    summary: str
    source: str
    place: str
    request: Request | None = None
    broadcast: Broadcast | None = None
    namespaces: tuple[str, ...] = ()
    """Where it travels; empty for the bundle's own namespace."""

    @property
    def kind(self) -> str | None:
        """The kind of room that it is about; None where it is about none."""
        one = self.request or self.broadcast
        return one.kind if one is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """How a list is asked for by pages and what it says of them."""

    skip: str
    limit: str
    most: int
    total: str | None = None
    order_by: str | None = None


ACCEPTED = 202
"""The status of a call that is carried out later (RFC 9110 §15.3.3), be it after the next one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One documented HTTP call."""

    name: str
    summary: str
    source: str
    place: str
    method: str
    path: str
    role: Role
    status: tuple[int, ...]
    answer: Schema
    body: Schema | None = None
    query: Schema | None = None
    examples: Examples = field(default_factory=Examples)
    invalid_answer: int | None = None
    """The HTTP status of whatever the schema of its body rejects; None where the contract leaves that open."""
    broadcasts: tuple[str, ...] = ()
    """What it provokes."""
    membership: Membership | None = None
    """What it does to the sockets of the user that its path names."""
    after: str | None = None
    texts: tuple[str, ...] = ()
    item: str = ""
    id: str | None = None
    missing: int | None = None
    page: Page | None = None
    trigger: Trigger | None = None
    """What it is made from, where it is no documented call but a trigger of the target."""

    @property
    def broadcast(self) -> str | None:
        """The first broadcast that it provokes."""
        return next(iter(self.broadcasts), None)

    @property
    def title(self) -> str:
        """The call as people write it: `POST /api/messages/:sosId`."""
        return f"{self.method} {self.path}"

    def params(self) -> tuple[str, ...]:
        """The names of the path's parameters, in order."""
        return tuple(part[1:] for part in self.path.split("/") if part.startswith(":"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """All contracts of one service."""

    name: str
    title: str
    version: str
    summary: str
    source: str
    place: str
    path: str
    namespace: str
    room: Room
    events: Mapping[str, Event]
    calls: Mapping[str, Call]
    retired: tuple[Retired, ...] = ()
    errors: str | None = None
    http_error: Schema | None = None
    refusal: Refusal | None = None
    recovery: Recovery | None = None
    """What is promised to who comes back after a lost connection; None where nothing is."""
    limits: tuple[Limit, ...] = ()
    max_payload_bytes: int | None = None
    socket_role: str = "USER"
    """The role that sockets' tokens claim."""
    caller_role: str = "ADMIN"
    """The role that HTTP callers' tokens claim."""
    presets: Mapping[str, Preset] = field(default_factory=dict)
    rooms: Mapping[str, Room] = field(default_factory=dict)
    """All kinds of rooms, by name, where there are several; `room` is the first of them."""
    namespaces: Mapping[str, Schema] = field(default_factory=dict)
    """The ids of namespaces whose names have one, by template."""
    has_neighbours: bool = False
    """Whether the service has other namespaces as well."""
    part: str = ""
    """Which part of the contracts of a service it is; empty for the whole."""
    elsewhere: frozenset[str] = frozenset()
    """Names of events that the server sends in the same namespace, and that another part has."""

    def requests(self) -> Iterator[Request]:
        """The events that clients emit, by name."""
        return (event.request for event in self.events.values() if event.request and not event.request.by_peer)

    def free_requests(self) -> Iterator[Request]:
        """The requests that are good whatever the service has given before."""
        return (request for request in self.requests() if not request.given)

    def addresses(self, request: Request) -> tuple[Address, ...]:
        """The fields of a request that say who receives something of what comes of it."""
        caused = (self.broadcast(name) for name in request.broadcasts)
        return tuple(group for one in caused if one for group in one.groups if isinstance(group, Address))

    def broadcasts(self) -> Iterator[Broadcast]:
        """The events that the server emits, by name."""
        return (event.broadcast for event in self.events.values() if event.broadcast)

    def request(self, name: str) -> Request | None:
        """The client's event of that name, if one is documented."""
        event = self.events.get(name)
        return event.request if event and event.request and not event.request.by_peer else None

    def broadcast(self, name: str) -> Broadcast | None:
        """The server's event of that name, if one is documented."""
        event = self.events.get(name)
        return event.broadcast if event else None

    @property
    def has_forms(self) -> bool:
        """Whether anything stands on the wire in another way than as one object with the room's key.

        Read once a bundle: it is asked for every entry.
        """
        found = [form for request in self.requests() for form in (request.form, request.reply and request.reply.form)]
        return any(found) or any(broadcast.form for broadcast in self.broadcasts())

    @property
    def one_room(self) -> bool:
        """Whether sockets remember their room: one that enters another may be out of the first."""
        remembered = (one.form is not None and one.form.room_at == REMEMBERED for one in self.requests())
        return self.room.entry is not None or any(remembered)

    @property
    def has_way_in(self) -> bool:
        """Whether a check can make a socket a member of a room."""
        return self.room.entry is not None or self.by_membership("enter") is not None or self.call_in() is not None

    def call_in(self) -> Call | None:
        """The call by which sockets of a user become members, where no request does that."""
        found = (call for call in self.calls.values() if call.membership == "enter")
        return next(found, None) if self.by_membership("enter") is None else None

    def names_room(self, broadcast: Broadcast) -> bool:
        """Whether what a broadcast to a room carries says which room it is."""
        return broadcast.to_room and (broadcast.form is None or broadcast.form.room_at != REMEMBERED)

    def by_role(self, role: Role) -> Call | None:
        """The first call of that role, if the service has one."""
        return next((call for call in self.calls.values() if call.role == role), None)

    def by_membership(self, membership: Membership) -> Request | None:
        """The first request that changes membership that way, joins before other ways in."""
        found = [request for request in self.requests() if request.membership == membership]
        return min(found, key=lambda request: ("join" not in request.event, request.event), default=None)

    @property
    def answers(self) -> Mapping[str, tuple[Any, ...]]:
        """What clients answer to events that ask for an ack, by their names."""
        return {one.event: one.answer.args for one in self.broadcasts() if one.answer is not None}

    def reply_names(self) -> dict[str, Request]:
        """The named reply events, each with the request that it answers."""
        return {request.reply.event: request for request in self.requests() if request.reply and request.reply.event}

    def roster_request(self) -> Request | None:
        """The request whose reply lists a room's members, if there is one: rather one that leaves them as they are."""
        found = [request for request in self.requests() if request.reply and request.reply.roster]
        return min(found, key=lambda one: {None: 0, "enter": 1}.get(one.membership, 2), default=None)

    def source_of(self, subject: str) -> str:
        """The documented clause of an event or call; the room's for anything else."""
        if subject in self.events:
            return self.events[subject].source
        call = next((call for call in self.calls.values() if subject in (call.name, call.title)), None)
        return call.source if call else self.room.source
