"""What a load says to a service and understands of it, by one bundle of contracts. Pure.

The ledger and the sockets know no event by name: which there are, how a publication is marked, who receives it and what
shows that a socket is in a room, all this is asked here.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from contracts.form import Form
from contracts.model import Bundle, Call
from contracts.pointer import pointed
from contracts.replies import Roster
from contracts.room import Room
from loadtests.dialects.door import Asked, Door, asked, door_of
from loadtests.dialects.ids import id_of
from loadtests.dialects.mark import MOST_STREAMS, UNBOUNDED, AnyMarking, InChoice, Mark, is_plain, room_stream
from loadtests.dialects.way import Way, unmarked_of, ways_of

TOLERANCE = 1e-6
"""How far off a number may come back: a service may keep coordinates to six places."""


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """A bundle with one kind of room, as a load speaks it."""

    bundle: Bundle
    ways: tuple[Way, ...]
    reasons: Mapping[str, str]
    """Why other events and calls cannot be published by, by their names."""
    door: Door
    beside: tuple[Room, ...] = ()
    """Other kinds of rooms of the same namespace: what is played is about none of them."""
    chosen: str = ""
    """The event or call by which people write to each other, where somebody chose it."""
    streams: int = 0
    """How many streams a socket has at least, where other parts of the contracts are played beside."""

    @classmethod
    def of(cls, bundle: Bundle, *, has_users: bool = True, beside: tuple[Room, ...] = ()) -> Dialect:
        """The words of a bundle.

        Args:
            has_users: whether a service knows sockets by users: each shows a token of its own.
            beside: the other kinds of rooms of the same namespace.

        Raises:
            ValueError: load cannot play it; says what the bundle lacks.
        """
        ways, reasons = ways_of(bundle, has_users=has_users)
        unmarked = unmarked_of(bundle, reasons) if all(way.is_finite for way in ways) else ()
        if unmarked:
            ways = unmarked
        elif all(way.is_finite for way in ways):
            told = "".join(f"\n  {name}: {reason}" for name, reason in reasons.items())
            raise ValueError(
                f"nothing in {bundle.name!r} can be published again and again and told apart"
                f"{told or ': no event or call of it causes a broadcast'}"
            )
        words = cls(
            bundle=bundle, ways=ways, reasons=reasons, door=door_of(bundle, ways, has_users=has_users), beside=beside
        )
        words.room_name("room", 0)  # Whether rooms can be had at all.
        return words

    def marked(self, markings: Mapping[str, AnyMarking]) -> Dialect:
        """The same where some ways are marked otherwise, by their names: as scenarios want it that know the service."""
        ways = (replace(way, marking=markings.get(way.name, way.marking)) for way in self.ways)
        return replace(self, ways=tuple(ways))

    def publishing(self, name: str) -> Dialect:
        """The same where people write to each other by that event or call.

        Raises:
            ValueError: it cannot be published by again and again; says why, and what can.
        """
        can = ", ".join(way.name for way in self._lasting)
        try:
            way = self.named_way(name)
        except LookupError as error:
            raise ValueError(f"{error}; what can be: {can}") from error
        if way.is_finite:
            raise ValueError(f"a room takes each publication by {name!r} once; what can be: {can}")
        return replace(self, chosen=name)

    # --- what there is ---------------------------------------------------------------------------------------

    @property
    def key(self) -> str:
        """The field that names the room."""
        return self.bundle.room.key

    @property
    def is_roomless(self) -> bool:
        """Whether the service has no rooms: everybody receives everything."""
        return self.bundle.room.is_none

    @cached_property
    def unaccounted(self) -> frozenset[str]:
        """The broadcasts that are caused and counted, where nothing tells one publication from another."""
        return frozenset(way.broadcast.event for way in self.ways if way.is_unmarked)

    @property
    def reaches_beyond(self) -> bool:
        """Whether anything is published to others than the members of one room."""
        return not self.is_roomless and any(not way.reach.is_room for way in self.ways)

    @cached_property
    def draws_sockets(self) -> bool:
        """Whether single sockets are drawn: as receivers that a payload names, or to write to a user's own room."""
        return self.door.own_rooms or any(way.reach.named for way in self.ways)

    @cached_property
    def error(self) -> str | None:
        """The event that tells one socket that its request was bad."""
        return self.bundle.errors

    @cached_property
    def retired(self) -> frozenset[str]:
        """Names that the service must not use any more."""
        return frozenset(one.event for one in self.bundle.retired if one.direction == "server_to_client")

    @cached_property
    def writing(self) -> Way:
        """How people write to each other: what a call creates, or else the first way there is."""
        if self.chosen:
            return self.named_way(self.chosen)
        return min(
            self._lasting, key=lambda way: (not way.reach.is_room, way.call is None, not way.is_text, way.place)
        )  # fmt: skip

    @cached_property
    def reporting(self) -> Way | None:
        """What each socket reports of itself again and again: an event with numbers or with a rate of its own."""
        events = [way for way in self._lasting if way.request is not None]
        return min(
            events,
            key=lambda way: (not way.reach.is_room, way.most_per_s is None, way.is_text, way.place),
            default=None,
        )  # fmt: skip

    @cached_property
    def _lasting(self) -> list[Way]:
        return [way for way in self.ways if not way.is_finite]

    def named_way(self, name: str) -> Way:
        """The way of that name.

        Raises:
            LookupError: there is none.
        """
        for way in self.ways:
            if way.name == name:
                return way
        raise LookupError(f"nothing is published by {name!r}: {self.reasons.get(name, 'no contract has it')}")

    @cached_property
    def _by_event(self) -> dict[str, list[Way]]:
        found: dict[str, list[Way]] = {}
        for way in self.ways:
            found.setdefault(way.broadcast.event, []).append(way)
        return found

    @cached_property
    def roster(self) -> Asked | None:
        """The request that lists the members of a room."""
        return asked(self.bundle, self.bundle.roster_request())

    @cached_property
    def question(self) -> Asked | None:
        """A request that changes nothing and is answered: its answer comes after all that was sent before."""
        quiet = (
            request
            for request in self.bundle.requests()
            if request.reply is not None and not request.broadcasts and request.membership is None
        )
        return self.roster or asked(self.bundle, next(quiet, None))

    def asking(self, event: str) -> Asked | None:
        """A request by its name; None where no contract has it."""
        return asked(self.bundle, self.bundle.request(event))

    @cached_property
    def volatile(self) -> frozenset[str]:
        """Events that may be lost on the way."""
        return frozenset(one.event for one in self.bundle.broadcasts() if one.volatile)

    @cached_property
    def repeatable(self) -> frozenset[str]:
        """Events that may come again until they are acked."""
        return frozenset(one.event for one in self.bundle.broadcasts() if one.at_least_once)

    # --- rooms -----------------------------------------------------------------------------------------------

    def room_name(self, name: str, index: int) -> str:
        """The id of a room of a load: its name, or one that its contract takes, the same each time.

        Args:
            name: what a load calls its room.
            index: its place among the rooms of a scenario.

        Raises:
            ValueError: no id can be made that keeps the schema.
        """
        return id_of(self.bundle.room, name, index)

    def user(self, run: str, number: int) -> str:
        """The name of the user of a socket: where users have rooms of their own, an id that their contract takes."""
        name = f"{run}-{number}"
        return self.room_name(name, number) if self.door.own_rooms else name

    def handshake(self, room: str | None, name: str) -> tuple[dict[str, Any], dict[str, str]]:
        """The fields of `auth` and of the query by which a socket enters a room, and one of its own of other kinds.

        Args:
            room: the id of the room; None where it enters none.
            name: of its own rooms.
        """
        auth, query = dict[str, Any](), dict[str, str]()
        if room is not None and self.door.handshake:
            auth[self.door.handshake] = self.value(room)
        if room is not None and self.door.query:
            query[self.door.query] = room
        for other in self.beside:
            if other.entry is None or other.entry.at == "service":
                continue
            subject = id_of(other, name, 0)
            if other.entry.at == "auth":
                auth[other.entry.name] = other.value(subject)
            else:
                query[other.entry.name] = subject
        return auth, query

    @property
    def has_number_users(self) -> bool:
        """Whether tokens name users by integers."""
        return self.door.own_rooms and self.bundle.room.has_numbers

    def first_number(self, run: str, way: Way) -> int:
        """The number of the first publication of a socket by a way.

        Where rooms are listed, another load may be in the same one: the numbers of each begin somewhere else.
        """
        if not self.bundle.room.is_listed or way.marking.capacity < UNBOUNDED:
            return 0
        return random.Random(run).randrange(10**9) * 1_000_000  # noqa: S311 - no secret

    def value(self, room: str) -> Any:
        """The id of a room, as payloads carry it."""
        return self.bundle.room.value(room)

    # --- streams ---------------------------------------------------------------------------------------------

    @cached_property
    def width(self) -> int:
        """How many streams a socket has."""
        return max(1, len(self.ways), self.streams)

    def stream(self, socket: int, way: Way, room: str) -> int:
        """The stream of what a socket publishes by a way."""
        where = room if way.names_room else ""
        return room_stream(where) if way.marking.by_room else socket * self.width + way.place

    def is_written(self, stream: int) -> bool:
        """Whether it is a stream of how people write to each other, which is what can be read back."""
        by_room = self.writing.marking.by_room
        return (stream >= MOST_STREAMS) if by_room else stream % self.width == self.writing.place

    # --- recognising -----------------------------------------------------------------------------------------

    def mark(self, event: str, payload: Mapping[str, Any]) -> tuple[Way, Mark] | None:
        """Which publication a broadcast is of; None where it is of none of ours."""
        room = payload.get(self.key)
        for way in self._by_event.get(event, ()):
            mark = way.marking.read(payload, room if isinstance(room, str) and way.names_room else "")
            if mark is None or mark.number < 0:
                continue
            if way.marking.by_room or (0 <= mark.stream < MOST_STREAMS and mark.stream % self.width == way.place):
                return way, mark
        return None

    def same(self, sent: Any, told: Any) -> bool:
        """Whether a value comes out as it went in."""
        if isinstance(sent, float):
            return is_plain(told) and abs(sent - told) < TOLERANCE
        return bool(sent == told)

    def form_of(self, event: str) -> Form | None:
        """How what the service sends under a name stands on the wire; None for one object."""
        return self._forms.get(event)

    @cached_property
    def _forms(self) -> dict[str, Form]:
        replies = (request.reply for request in self.bundle.requests())
        found = {reply.event: reply.form for reply in replies if reply and reply.event and reply.form}
        return found | {one.event: one.form for one in self.bundle.broadcasts() if one.form is not None}

    # --- HTTP ------------------------------------------------------------------------------------------------

    @cached_property
    def listing(self) -> Call | None:
        """The call that lists what was created, where it can be read page by page or as a whole."""
        call = self.bundle.by_role("list")
        return call if call is not None and len(call.params()) == 1 else None

    def path(self, call: Call, room: str) -> str:
        """Where a call about a room goes."""
        return room.join(self._around[call.name]) if call.name in self._around else call.path

    @cached_property
    def _around(self) -> dict[str, list[str]]:
        """What stands before the room in the path of a call, and after it."""
        about = (call for call in self.bundle.calls.values() if call.params())
        return {call.name: call.path.split(f":{call.params()[0]}") for call in about}

    def call_name(self, call: Call) -> str:
        """A call as statistics name it: the same for every room."""
        return self._call_names.get(call.name) or self.path(call, f"[{self.key}]")

    @cached_property
    def _call_names(self) -> dict[str, str]:
        return {call.name: self.path(call, f"[{self.key}]") for call in self.bundle.calls.values()}

    @property
    def page_size(self) -> int:
        """How many items a page holds at most; 0 where a list has no pages."""
        return self.listing.page.most if self.listing is not None and self.listing.page is not None else 0

    def page_path(self, room: str, skip: int) -> str:
        """Where what was created is listed."""
        assert self.listing is not None  # noqa: S101 - nothing is read back without
        page = self.listing.page
        query = f"?{page.skip}={skip}&{page.limit}={page.most}" if page is not None else ""
        return self.path(self.listing, room) + query

    def page(self, told: Any) -> tuple[int, list[Any]] | None:
        """Of a list: how many items there are in all, and those on this page; None where it is no list."""
        assert self.listing is not None  # noqa: S101 - nothing is read back without
        items, page = pointed(told, self.listing.item), self.listing.page
        if not isinstance(items, list):
            return None
        total = pointed(told, page.total) if page is not None and page.total else len(items)
        return (total, items) if isinstance(total, int) and not isinstance(total, bool) else None

    def created(self, call: Call, told: Any) -> Any:
        """The id of what a call has created; None where its answer has none."""
        return pointed(told, call.id) if call.id else None

    def stored(self, way: Way, item: Any, room: str) -> tuple[Mark | None, bool]:
        """Of an item of a room that is listed: which publication it is, and whether it is as it was created."""
        mark = way.marking.read(item, room) if isinstance(item, dict) else None
        if mark is None:
            return None, False
        sent = way.payload(None, mark)
        return mark, all(self.same(value, item[name]) for name, value in sent.items() if name in item)

    # --- answers ---------------------------------------------------------------------------------------------

    def listed(self, arguments: Sequence[Any]) -> set[str]:
        """The sockets that a roster lists, by the arguments of the answer that has it."""
        reply = self.roster.request.reply if self.roster is not None else None
        roster: Roster | None = reply.roster if reply is not None else None
        # The pointers of a reply with `args` go into the list of arguments, and otherwise into its one argument.
        told = list(arguments) if reply is not None and reply.form is not None else next(iter(arguments), None)
        members = pointed(told, roster.members) if roster is not None else None
        if roster is None or not isinstance(members, list):
            return set()
        named = (pointed(one, roster.socket) for one in members)
        return {one for one in named if isinstance(one, str)}

    # --- for people ------------------------------------------------------------------------------------------

    def named(self, run: str, stream: int, number: int) -> str:
        """A publication in words: `publication 12 of user ab12cd34-7`."""
        if stream < 0:
            return ""
        if stream >= MOST_STREAMS:
            return self._in_its_room(number)
        return f"publication {number + 1} of user {run}-{stream // self.width}"

    def _in_its_room(self, number: int) -> str:
        ways: Sequence[Way] = [way for way in self.ways if way.marking.by_room]
        marking = ways[0].marking if len(ways) == 1 else None
        if isinstance(marking, InChoice) and 0 <= number < len(marking.values):
            return f"the {marking.field} {marking.values[number]!r}"
        return f"publication {number + 1} of its room"
