"""The steps of one user whose tasks people write: what each is to the socket and to the ledger."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from loadtests.ledger.publication import Publication, Room
from loadtests.worker.steered import SteeredClient
from loadtests.workload.scenario import Scenario


class Steps:
    """What one user does. Everything here happens in the thread of the sockets."""

    def __init__(self, client: SteeredClient, scenario: Scenario, *, shared: bool) -> None:
        """Begin without a connection.

        Args:
            scenario: gives places in rooms that have no name.
            shared: other workers may have members in rooms of the same name.
        """
        self.client = client
        self._scenario = scenario
        self._context = scenario.context
        self._shared = shared
        self._rooms: dict[str, Room] = {}
        """The rooms that it has joined, by the names of its tasks."""

    @property
    def over(self) -> bool:
        """Whether the run ends."""
        return self._context.stopping

    async def here(self) -> bool:
        """Whether there is a connection."""
        return self.client.connected

    async def connect(self) -> None:
        """Connect, where the handshake does not need to know the room; where there are no rooms, that is all."""
        if self._enters_by_handshake:
            return
        if self._context.words.is_roomless:
            self._rooms[""] = self._scenario.seated(self.client).room
        await self._connected()
        for room in self._rooms.values():
            await self.client.join(room)

    @property
    def _enters_by_handshake(self) -> bool:
        words = self._context.words
        return words.door.is_by_connection and not words.is_roomless

    async def _connected(self) -> None:
        async with self._context.ramp():
            connected = await self.client.connect()
        if not connected:
            await self.client.reconnect()

    async def join(self, name: str, room_id: str, by: str) -> bool:
        """Enter a room."""
        if self._context.words.is_roomless:
            return bool(self._rooms)
        if by:
            self._asked(by, "enter")
        room = self._rooms.get(name) or self._room(name, room_id)
        self._rooms[name] = room
        if self._enters_by_handshake and not self.client.connected:
            self.client.rooms[room.name] = room
            await self._connected()
        elif self._enters_by_handshake and room.name not in self.client.rooms:
            raise ValueError("join: sockets of this service enter one room, when they connect")
        self.client.acts()
        return await self.client.join(room, by or None)

    def _room(self, name: str, room_id: str) -> Room:
        if not name and not room_id:
            return self._scenario.seated(self.client).room
        context = self._context
        own = room_id or context.words.room_name(f"load-{context.setup.run}-{name}", 0)
        return context.ledger.room(own, self._scenario.name, shared=self._shared)

    async def leave(self, name: str, by: str) -> bool:
        """Leave a room."""
        room = self._joined(name)
        self.client.acts()
        self._rooms = {key: one for key, one in self._rooms.items() if one is not room}
        if by:
            self._asked(by, "leave or close")
            self.client.go(room, by)
            return False
        return await self.client.leave(room)

    def _joined(self, name: str) -> Room:
        """A room by the name that it was joined under; the only one without a name."""
        if name in self._rooms:
            return self._rooms[name]
        if not name and len(self._rooms) == 1:
            return next(iter(self._rooms.values()))
        joined = ", ".join(map(repr, self._rooms)) or "none"
        raise ValueError(f"which room is meant by {name!r}? Those that this user has joined: {joined}")

    async def emit(self, event: str, fields: Mapping[str, Any], room: str) -> Publication | None:
        """Emit an event."""
        client, words = self.client, self._context.words
        client.acts()
        if any(way.name == event and way.request is not None for way in words.ways):
            here = self._joined(room)
            way, number = client.way_of(event, fields, here)
            return client.say(here, way, time.monotonic_ns(), number=number)
        asked = self._asked(event, "")
        here_if_any = self._joined(room) if asked.key and self._rooms else None
        client.emit(event, *client.arguments(asked, here_if_any, fields))
        return None

    async def post(self, fields: Mapping[str, Any], call: str, room: str) -> Publication | None:
        """Publish by a call."""
        client, words = self.client, self._context.words
        client.acts()
        calls = [way.name for way in words.ways if way.call is not None]
        if not calls or (call and call not in calls):
            why = words.reasons.get(call, f"calls that can be: {', '.join(calls) or 'none'}")
            raise ValueError(f"post: nothing is published by {call or 'a call'}: {why}")
        here = self._joined(room)
        way, _ = client.way_of(call or calls[0], fields, here)
        return await client.post(here, time.monotonic_ns(), way)

    async def call(self, event: str, fields: Mapping[str, Any], room: str) -> Any:
        """Send a request, and wait for its answer."""
        asked = self._asked(event, "")
        if not asked.is_answered:
            raise ValueError(f"call: nothing answers {event}; emit it")
        if any(way.name == event for way in self._context.words.ways):
            raise ValueError(f"call: {event} is broadcast; emit it: its ack is asked for, and counted")
        self.client.acts()
        return await self.client.asks(asked, self._joined(room) if asked.key and self._rooms else None, fields)

    def _asked(self, event: str, membership: str) -> Any:
        """A request of the contracts that changes membership in that way, or not at all.

        Raises:
            ValueError: there is none.
        """
        asked = self._context.words.asking(event)
        if asked is None:
            names = ", ".join(sorted(one.event for one in self._context.words.bundle.requests()))
            raise ValueError(f"no contract has an event {event!r} of clients; there are {names}")
        is_so = asked.request.membership or ""
        if membership and is_so not in membership.split(" or "):
            raise ValueError(f"{event} does not {membership} a room by its contract")
        if not membership and is_so:
            does = "join" if is_so == "enter" else "leave"
            raise ValueError(f"{event} changes who is in the room: call {does}(by={event!r}), so that the ledger knows")
        return asked
