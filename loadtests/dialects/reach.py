"""Who receives what a way publishes: a room, everyone, single sockets that its payload names, or who asked. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contracts.form import REMEMBERED
from contracts.model import Address, Broadcast, Bundle, Call, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The receivers of a broadcast, as a load picks and counts them."""

    room: bool = False
    """The members of the room."""
    everyone: bool = False
    """Every socket that is connected."""
    sender: bool = False
    """The socket that asked, and no other."""
    named: tuple[Address, ...] = ()
    """Sockets that the payload of the cause names."""

    @property
    def is_room(self) -> bool:
        """Whether the members of one room receive it, and nobody else."""
        return self.room and not (self.everyone or self.named)

    @property
    def is_chosen(self) -> bool:
        """Whether some sockets receive it, and every other must not."""
        return not (self.everyone or self.is_room)

    @property
    def needs_users(self) -> bool:
        """Whether it goes to a user, whom a service knows by a token."""
        return any(one.kind == "user" for one in self.named)


ROOM = Reach(room=True)


def reach_of(bundle: Bundle, cause: Request | Call, broadcast: Broadcast) -> Reach | str:
    """Who receives a broadcast; why a load cannot pick them where it cannot."""
    groups = broadcast.groups
    named = tuple(group for group in groups if isinstance(group, Address))
    if isinstance(cause, Call) and set(cause.params()) - {bundle.room.key}:
        return "its path does not name the room alone"
    if broadcast.receivers == "nobody":
        return "nobody receives its broadcast"
    if isinstance(cause, Call) and (named or broadcast.receivers == "requester"):
        return f"{broadcast.to_whom} receive its broadcast, and it is a call"
    if broadcast.receivers == "requester":
        return Reach(sender=True)
    if any("but-sender" in str(group) for group in groups) and isinstance(cause, Call):
        return "its broadcast spares the sender, and a call is sent by no socket"
    if "sender" in groups:
        return "its sender's other sockets receive its broadcast, too"
    if broadcast.to_everyone:
        return Reach(everyone=True)
    in_room = any(group in ("room", "room-but-sender") for group in groups)
    if in_room and bundle.room.is_none:
        return "its broadcast goes to a room, and there are none"
    if in_room and isinstance(cause, Call) and len(cause.params()) != 1:
        return "its path does not name the room alone"
    return Reach(room=in_room, named=named)


def names_room(request: Request, key: str) -> bool:
    """Whether the arguments of a request have a place for the room's id."""
    if request.form is not None:
        return request.form.room_at not in (None, REMEMBERED)
    return key in request.payload.properties()


def placed(payload: Mapping[str, Any], pointer: str, value: str) -> dict[str, Any]:
    """A payload with a value at a JSON pointer."""
    first, _, rest = pointer.removeprefix("/").partition("/")
    name = first.replace("~1", "/").replace("~0", "~")
    inner = payload.get(name)
    there = placed(inner if isinstance(inner, Mapping) else {}, rest, value) if rest else value
    return {**payload, name: there}
