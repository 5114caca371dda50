"""How sockets become members of a room, and what shows that they are, by the contracts. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias
from urllib.parse import quote

from contracts.model import Bundle, Call, Request
from loadtests.dialects.way import Way

Proof: TypeAlias = Literal["connection", "roster", "answer", "publication"]
"""What shows that a socket is in: that it is connected, a roster that lists it, the answer to its request, or a first
publication that the members of the room receive and it among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as it is sent: with a valid payload, and the room in it."""

    request: Request
    base: Mapping[str, Any]
    key: str

    @property
    def event(self) -> str:
        """Its name."""
        return self.request.event

    @property
    def reply(self) -> str | None:
        """The event that answers it, where one does."""
        return self.request.reply.event if self.request.reply is not None else None

    @property
    def is_answered(self) -> bool:
        """Whether anything answers it."""
        return self.request.reply is not None

    @property
    def wants_ack(self) -> bool:
        """Whether an ack answers it, and nothing else: a handler may rely on the callback."""
        return self.request.reply is not None and self.request.reply.ack and not self.request.reply.event

    @property
    def confirms(self) -> bool:
        """Whether its answer shows that a socket is a member."""
        return self.request.reply is not None and self.request.reply.confirms_entry

    def arguments(self, room: Any) -> tuple[Any, ...]:
        """What it is sent with.

        Args:
            room: the id of the room, as payloads carry it.
        """
        payload = {**self.base, **({self.key: room} if self.key else {})}
        form = self.request.form
        return form.args(payload) if form is not None else (payload,)

    def is_refused(self, answer: list[Any]) -> bool:
        """Whether an answer says that the request was refused."""
        reply = self.request.reply
        return reply is not None and reply.refuses(answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """How one kind of room is entered and left."""

    proof: Proof
    enter: Asked | None = None
    """None where the handshake enters a socket, or where the service has no rooms."""
    leave: Asked | None = None
    """None where a socket leaves by disconnecting alone."""
    leave_proof: Proof | None = None
    """What shows that it has left; None where nothing does."""
    handshake: str | None = None
    """The field of `auth` that names the room to enter."""
    query: str | None = None
    """The parameter of the query that does."""
    probe: Way | None = None
    """What is published to see who is in, where that is the proof."""
    call: Call | None = None
    """The call that enters the sockets of the user that its path names, where that is how."""
    own_rooms: bool = False
    """Whether the service enters each user's own room, whose id is the user's."""

    @property
    def is_by_connection(self) -> bool:
        """Whether connecting is what enters a socket, or whether there are no rooms."""
        return self.enter is None and self.call is None

    def call_path(self, room: str, user: str) -> str:
        """Where the call goes that enters the sockets of a user."""
        assert self.call is not None  # noqa: S101 - asked for where there is one
        named, (other,) = self.key, [name for name in self.call.params() if name != self.key]
        path = self.call.path.replace(f":{named}", quote(room, safe=""))
        return path.replace(f":{other}", quote(user, safe=""))

    key: str = ""
    """The field that names the room."""


def asked(bundle: Bundle, request: Request | None) -> Asked | None:
    """A request with the smallest of its valid examples."""
    if request is None:
        return None
    objects = [one for one in request.examples.valid if isinstance(one, dict)]
    base = min(objects, key=len, default={})
    return Asked(request=request, base={n: v for n, v in base.items() if n != bundle.room.key}, key=bundle.room.key)


def door_of(bundle: Bundle, ways: Sequence[Way], *, has_users: bool = True) -> Door:
    """How sockets enter the rooms of a bundle.

    Args:
        has_users: whether the service knows sockets by users: each shows a token of its own.

    Raises:
        ValueError: nothing that a load can do makes them members, or nothing shows it; says what.
    """
    if bundle.room.is_none:
        return Door(proof="connection")
    entry = bundle.room.entry
    enter, leave = (asked(bundle, bundle.by_membership(one)) for one in ("enter", "leave"))
    call = bundle.call_in() if entry is None else None
    own_rooms = enter is None and entry is not None and entry.at == "service"
    if reason := _shut(bundle, enter, call, own_rooms=own_rooms, has_users=has_users):
        raise ValueError(reason)
    listed = bundle.roster_request() is not None
    answered = enter is not None and enter.confirms
    probe = next((way for way in ways if _shows(way)), None)
    if not (listed or answered or probe):
        raise ValueError(
            "nothing shows that a socket is in its room: load needs a `reply` of what enters it, a request whose reply "
            "lists the members (`roster`), or an event whose sender receives its broadcast as well"
        )
    return Door(
        proof="roster" if listed else "answer" if answered else "publication",
        enter=enter,
        leave=leave,
        leave_proof=_leave_proof(bundle, leave),
        handshake=entry.name if enter is None and entry is not None and entry.at == "auth" else None,
        query=entry.name if enter is None and entry is not None and entry.at == "query" else None,
        probe=None if listed or answered else probe,
        call=call if enter is None else None,
        own_rooms=own_rooms,
        key=bundle.room.key,
    )


def _leave_proof(bundle: Bundle, leave: Asked | None) -> Proof | None:
    """What shows that a socket has left. A roster that answers entering does not: who asks for it is in again."""
    roster = bundle.roster_request()
    if leave is None:
        return None
    if roster is not None and roster.membership is None:
        return "roster"
    return "answer" if leave.is_answered else None


def _shut(bundle: Bundle, enter: Asked | None, call: Call | None, *, own_rooms: bool, has_users: bool) -> str:
    """Why nothing that a load can do makes a socket a member; empty where something does."""
    entry = bundle.room.entry
    if enter is not None or (entry is not None and not own_rooms):
        return ""
    why = "and without tokens of their own (--jwt-key, --target) sockets are nobody's"
    if own_rooms:
        return "" if has_users else f"the service enters each user's own room, {why}"
    if call is None:
        return "no event enters a room, and load needs an event, a call, or a field of the handshake that does"
    params = call.params()
    if len(params) != 2 or bundle.room.key not in params:
        return f"{call.title} enters a room, and its path does not name the room and the user alone"
    return "" if has_users else f"{call.title} enters the sockets of a user, {why}"


def _shows(way: Way) -> bool:
    """Whether whoever receives what is published by a way is surely in the room, the sender among them."""
    return way.request is not None and way.reach.is_room and way.reaches_sender and not way.is_finite
