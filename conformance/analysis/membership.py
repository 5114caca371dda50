"""Who was where: the users that sockets are known by, and the stays of actors in rooms.

A stay has two moments at which the actor asked, and two at which the stage made sure; between them a
service may have acted or not, and nothing is judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from conformance.model.payload import payload_of, room_of, roster_of, rosters
from conformance.model.transcript import GOODBYE_UNANSWERED, AnyEntry, Called, Closed, Got, Marked, Opened, Sent
from contracts.model import Bundle

Inside: TypeAlias = Literal["yes", "no", "unsure"]
NEVER = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """One stay of an actor in a room; the moments that the service chose are known as intervals."""

    actor: str
    room: str
    asked_in_s: float
    in_s: float
    sure: bool
    asked_out_s: float = NEVER
    out_s: float = NEVER
    presumed: bool = False
    """It was asked to end on the actor's own socket, and nothing said that it had."""

    def at(self, at_s: float) -> Inside:
        """Whether the actor was a member at that time."""
        if self.in_s <= at_s < self.asked_out_s:
            return "yes" if self.sure else "unsure"
        return "no" if at_s < self.asked_in_s or at_s >= self.out_s else "unsure"


def users_of(bundle: Bundle, entries: tuple[AnyEntry, ...]) -> dict[str, frozenset[str]]:
    """The user ids that each actor's sockets are known by: minted, or told by a roster."""
    users: dict[str, set[str]] = defaultdict(set)
    sockets: dict[str, str] = {}
    for entry in entries:
        if isinstance(entry, Opened):
            sockets[entry.socket] = entry.actor
            if entry.user is not None:
                users[entry.actor].add(entry.user)
    request = bundle.roster_request()
    if request and request.reply and request.reply.roster:
        for _, reply in rosters(bundle, entries):
            for socket, user in roster_of(request.reply.roster, reply):
                if user is not None and socket in sockets:
                    users[sockets[socket]].add(user)
    return {actor: frozenset(names) for actor, names in users.items()}


@dataclass(slots=True)
class _Open:
    """A stay that has begun, as far as it is known."""

    asked_in_s: float
    in_s: float = NEVER
    sure: bool = False
    asked_out_s: float = NEVER
    by_request: bool = False
    """The actor's own socket asked for its end."""

    def ask_out(self, at_s: float, *, by_request: bool = False) -> None:
        self.asked_out_s = min(self.asked_out_s, at_s)
        self.by_request = self.by_request or by_request


@dataclass(slots=True, kw_only=True)
class _Register:
    """The stays of a transcript while it is read."""

    bundle: Bundle
    users: Mapping[str, frozenset[str]]
    open: dict[tuple[str, str], _Open] = field(default_factory=dict)
    ended: list[Membership] = field(default_factory=list)
    connected: set[str] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)
    """Actors of whose end the service may not know: only a roster shows that it does."""

    def opened(self, entry: Opened) -> None:
        """A socket is a member of the room that its handshake names, if it names one."""
        self.connected.add(entry.actor)
        if entry.room:
            asked_s = entry.asked_s if entry.asked_s is not None else entry.at_s
            self.open.setdefault((entry.actor, entry.room), _Open(asked_s))

    def sent(self, entry: Sent) -> None:
        request = self.bundle.request(entry.event)
        room = room_of(self.bundle, payload_of(entry.args))
        if request is None or request.membership is None or room is None:
            return
        if request.membership == "enter":
            if self.bundle.one_room:
                self._leave_others(entry.actor, room, entry.at_s)
            self.open.setdefault((entry.actor, room), _Open(entry.at_s))
        elif (entry.actor, room) in self.open:
            self.open[entry.actor, room].ask_out(entry.at_s, by_request=True)

    def _leave_others(self, actor: str, room: str, at_s: float) -> None:
        """A socket that remembers one room may be out of it once it asks for another."""
        for (other, place), stay in self.open.items():
            if other == actor and place != room:
                stay.ask_out(at_s, by_request=True)

    def called(self, entry: Called) -> None:
        """A call that removes a user puts the membership of that user's sockets in question."""
        call = self.bundle.calls.get(entry.call)
        if call is not None and call.membership == "enter" and (entry.status in call.status or entry.status is None):
            room = str(entry.params.get(self.bundle.room.key))
            users = {str(value) for name, value in entry.params.items() if name != self.bundle.room.key}
            for actor in [actor for actor, names in self.users.items() if users & names and actor in self.connected]:
                self.open.setdefault((actor, room), _Open(entry.at_s))
        if call is None or call.role != "leave" or entry.status not in call.status:
            return
        named = set(map(str, entry.params.values()))
        for (actor, room), stay in self.open.items():
            if room in named and named & self.users.get(actor, frozenset()):
                stay.ask_out(entry.at_s)

    def marked(self, entry: Marked) -> None:
        key = (entry.actor, entry.room)
        if entry.mark == "in":
            stay = self.open.setdefault(key, _Open(entry.at_s))
            stay.in_s = min(stay.in_s, entry.at_s)
            stay.sure = stay.sure or entry.how != "assumed"
        elif key in self.open and not (entry.how == "assumed" and entry.actor in self.unread):
            self.end(key, entry.at_s, presumed=entry.how == "assumed")

    def closed(self, entry: Closed) -> None:
        self.connected.discard(entry.actor)
        if entry.reason == GOODBYE_UNANSWERED:
            self.unread.add(entry.actor)
        for key, stay in self.open.items():
            if key[0] == entry.actor:
                stay.ask_out(entry.at_s)

    def end(self, key: tuple[str, str], at_s: float, *, presumed: bool) -> None:
        stay = self.open.pop(key)
        stay.ask_out(at_s)
        self.ended.append(_closed(key, stay, at_s, presumed=presumed and stay.by_request))


def inside_any(stays: Iterable[Membership], at_s: float) -> Inside:
    """Whether one of these memberships holds at a time."""
    found: Inside = "no"
    for stay in stays:
        said = stay.at(at_s)
        if said == "yes":
            return said
        found = said if said == "unsure" else found
    return found


def by_place(stays: Iterable[Membership]) -> dict[tuple[str, str], list[Membership]]:
    """Stays by their actor and room."""
    found: dict[tuple[str, str], list[Membership]] = defaultdict(list)
    for stay in stays:
        found[stay.actor, stay.room].append(stay)
    return found


def stays_of(
    bundle: Bundle, entries: tuple[AnyEntry, ...], users: Mapping[str, frozenset[str]]
) -> Iterator[Membership]:
    """The stays of a transcript. One that was only assumed is sure if the actor heard the room in it."""
    register = _Register(bundle=bundle, users=users)
    for entry in entries:
        match entry:
            case Opened():
                register.opened(entry)
            case Sent():
                register.sent(entry)
            case Called():
                register.called(entry)
            case Marked():
                register.marked(entry)
            case Closed():
                # What a service knows of it by then is not certain: only a mark says that the socket is gone.
                register.closed(entry)
            case _:
                pass
    still_open = (_closed(key, stay, NEVER) for key, stay in register.open.items())
    heard: dict[tuple[str, str], list[float]] = defaultdict(list)
    for entry in entries:
        if isinstance(entry, Got) and bundle.broadcast(entry.event):
            heard[entry.actor, room_of(bundle, payload_of(entry.args)) or ""].append(entry.at_s)
    for stay in (*register.ended, *still_open):
        own = [at_s for at_s in heard[stay.actor, stay.room] if stay.in_s <= at_s < stay.asked_out_s]
        shown_s = stay.in_s if stay.sure else min(own, default=NEVER)
        # One that was only likely counts from when it is shown: a service may take a join after other things.
        yield replace(stay, sure=shown_s < NEVER, in_s=stay.in_s if stay.sure or not own else shown_s)


def _closed(key: tuple[str, str], stay: _Open, out_s: float, *, presumed: bool = False) -> Membership:
    return Membership(
        actor=key[0],
        room=key[1],
        asked_in_s=stay.asked_in_s,
        in_s=stay.in_s,
        sure=stay.sure,
        asked_out_s=stay.asked_out_s,
        out_s=out_s,
        presumed=presumed,
    )
