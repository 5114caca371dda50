"""How sockets become members of a room, and what shows that they are, by the contracts. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from contracts.model import Bundle, Request
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


def asked(bundle: Bundle, request: Request | None) -> Asked | None:
    """A request with the smallest of its valid examples."""
    if request is None:
        return None
    objects = [one for one in request.examples.valid if isinstance(one, dict)]
    base = min(objects, key=len, default={})
    return Asked(request=request, base={n: v for n, v in base.items() if n != bundle.room.key}, key=bundle.room.key)


def door_of(bundle: Bundle, ways: Sequence[Way]) -> Door:
    """How sockets enter the rooms of a bundle.

    Raises:
        ValueError: nothing that a load can do makes them members, or nothing shows it; says what.
    """
    if bundle.room.is_none:
        return Door(proof="connection")
    entry = bundle.room.entry
    enter, leave = (asked(bundle, bundle.by_membership(one)) for one in ("enter", "leave"))
    if enter is None and (entry is None or entry.at == "service"):
        way = "the service enters each user's own room" if entry is not None else "no event enters a room"
        raise ValueError(f"{way}, and load needs an event, or a field of the handshake, by which sockets enter")
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
        leave_proof=None if leave is None else "roster" if listed else "answer" if leave.is_answered else None,
        handshake=entry.name if enter is None and entry is not None and entry.at == "auth" else None,
        query=entry.name if enter is None and entry is not None and entry.at == "query" else None,
        probe=None if listed or answered else probe,
    )


def _shows(way: Way) -> bool:
    """Whether whoever receives what is published by a way is surely in the room, the sender among them."""
    return way.request is not None and way.reach.is_room and way.reaches_sender and not way.is_finite
