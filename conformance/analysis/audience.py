"""The receivers of a broadcast that are not the members of one room: everyone connected, or whom a field names.

They are read as members of a room of their own, so that all that is asked of a room's broadcasts is asked of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from conformance.analysis.membership import NEVER, Membership
from conformance.model.payload import room_of
from conformance.model.transcript import AnyEntry, Closed, Opened
from contracts.model import Address, Broadcast, Bundle
from contracts.pointer import pointed

EVERYONE = "everyone connected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Receivers that are not the members of one room."""

    name: str
    everyone: bool = False
    room: str | None = None
    """The room whose members are among them."""
    named: frozenset[str] = frozenset()
    """The actors whose sockets a field names."""


def audience_of(
    bundle: Bundle,
    broadcast: Broadcast,
    given: Mapping[str, Any],
    entries: Iterable[AnyEntry],
    users: Mapping[str, frozenset[str]],
    sender: str | None = None,
) -> Audience | None:
    """The receivers that a cause with these values has; None where it does not tell them.

    Args:
        sender: the actor whose socket gave it, or is what came or went.
    """
    if broadcast.receivers == "requester":
        return Audience(name=f"{sender} alone", named=frozenset({sender})) if sender is not None else None
    parts: list[str] = []
    named: set[str] = set()
    everyone, room = False, None
    for group in broadcast.groups:
        if isinstance(group, Address):
            value = pointed(dict(given), group.at)
            if value is None:
                return None
            parts.append(f"the {group.kind} {value!r}")
            named |= _named(group, value, entries, users)
        elif group == "sender":
            if sender is None:
                return None
            parts.append(f"the sockets of {sender}'s user")
            named |= {sender, *(actor for actor, names in users.items() if names & users.get(sender, frozenset()))}
        elif group.startswith("everyone"):
            parts.append(EVERYONE)
            everyone = True
        else:
            room = room_of(bundle, given)
            if room is None:
                return None
            parts.append(f"the room {room!r}")
    return Audience(name=" and ".join(parts), everyone=everyone, room=room, named=frozenset(named))


def _named(group: Address, value: Any, entries: Iterable[AnyEntry], users: Mapping[str, frozenset[str]]) -> set[str]:
    if group.kind == "user":
        return {actor for actor, names in users.items() if str(value) in names}
    return {entry.actor for entry in entries if isinstance(entry, Opened) and entry.socket == value}


def attendance(
    some: Iterable[Audience | None], stays: Iterable[Membership], entries: Iterable[AnyEntry]
) -> Iterator[Membership]:
    """The times at which each actor was among the receivers: as long as it was connected, or in their room."""
    audiences = {one.name: one for one in some if one is not None}
    connected = list(_connections(entries))
    real = list(stays)
    for audience in audiences.values():
        own = (one for one in connected if audience.everyone or one.actor in audience.named)
        members = (stay for stay in real if audience.room is not None and stay.room == audience.room)
        yield from (replace(stay, room=audience.name) for stay in (*own, *members))


def _connections(entries: Iterable[AnyEntry]) -> Iterator[Membership]:
    """A stay for each connection. When the service took note of its end is not known."""
    open_s: dict[str, float] = {}
    for entry in entries:
        if isinstance(entry, Opened) and not entry.namespace:
            open_s[entry.actor] = entry.at_s
        elif isinstance(entry, Closed) and entry.actor in open_s:
            yield _stay(entry.actor, open_s.pop(entry.actor), entry.at_s)
    for actor, since_s in open_s.items():
        yield _stay(actor, since_s, NEVER)


def _stay(actor: str, since_s: float, until_s: float) -> Membership:
    # A service may count a socket among the connected before the answer that says so has come.
    return Membership(
        actor=actor, room="", asked_in_s=-NEVER, in_s=since_s, sure=True, asked_out_s=until_s, out_s=NEVER
    )
