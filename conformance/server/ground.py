"""What the service stands on: its sockets and their rooms, and the questions about them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterable, Iterator
from typing import Any, TypeVar

from conformance.server.cause import Cause
from conformance.server.gate import Gate
from conformance.server.limiter import Limiter
from conformance.server.naming import Namespaces
from conformance.server.recovery import Sessions
from conformance.server.rooms import Member, kind_of, one_at_a_time
from conformance.server.store import Store
from conformance.target.target import Auth
from contracts.binary import to_wire
from contracts.model import Address, Broadcast, Bundle
from contracts.pointer import pointed

T = TypeVar("T")

ADMIN_NAMESPACE = "/admin"


class Ground:
    """Who is connected, and who is in which room."""

    io: Any
    """The Socket.IO server."""

    def __init__(self, bundle: Bundle, auth: Auth, say: Callable[[str], None]) -> None:
        """Begin with nobody.

        Args:
            say: is given a line for each thing that happens.
        """
        self.bundle = bundle
        self.gate = Gate(auth)
        self.say = say
        self.members: dict[tuple[str, str], Member] = {}
        """By (namespace, socket id)."""
        self.namespaces = Namespaces(bundle)
        self.limiter = Limiter(bundle.limits)
        self.kept = Store(bundle)
        self.sessions = Sessions(bundle.recovery)
        self.admin = False
        """Whether the namespace of the Admin UI tells all who ask which rooms there are."""
        self.single = one_at_a_time(bundle)
        """The kinds of rooms of which a socket is in one at a time."""
        self._over = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def room_name(self, kind: str, subject: str) -> str:
        """The name of a room."""
        room = kind_of(self.bundle, kind)
        return room.named(subject) if room is not None else subject

    def in_room(self, namespace: str, kind: str, subject: str) -> tuple[str, ...]:
        """The sockets in a room."""
        found = self.io.manager.get_participants(namespace, self.room_name(kind, subject))
        return tuple(sid for sid, _ in found)

    def roster(self, namespace: str, kind: str | None, subject: str | None) -> tuple[Member, ...]:
        """The members of a room in a namespace."""
        if subject is None:
            return ()
        here = (self.members.get((namespace, sid)) for sid in self.in_room(namespace, kind or "", subject))
        return tuple(member for member in here if member is not None)

    def sockets_of(self, user: str) -> tuple[Member, ...]:
        """The sockets of a user."""
        return tuple(member for member in self.members.values() if member.user == user)

    def missing(self, broadcast: Broadcast, cause: Cause) -> set[str]:
        """The sockets that lost their connection, may come back, and would receive a broadcast if they had it."""
        return {member.sid for member in self.sessions.lost() if self._is_for(broadcast, cause, member)}

    def _is_for(self, broadcast: Broadcast, cause: Cause, member: Member) -> bool:
        if member.namespace != cause.namespace:
            return False
        for group in broadcast.groups:
            if group == "sender":
                is_one = self._is_own(member, cause)
            elif isinstance(group, Address):
                is_one = pointed(cause.payload, group.at) == (member.user if group.kind == "user" else member.sid)
            else:
                inside = not group.startswith("room") or cause.subject in member.rooms[broadcast.kind or ""]
                is_one = inside and not (group.endswith("-but-sender") and cause.sid == member.sid)
            if is_one:
                return True
        return broadcast.receivers == "requester" and cause.sid == member.sid

    def _is_own(self, member: Member, cause: Cause) -> bool:
        """Whether a socket is the one that gave a cause, or another of its user."""
        sender = self.members.get((cause.namespace, cause.sid or ""))
        alike = sender is not None and sender.user is not None and member.user == sender.user
        return cause.sid is not None and (member.sid == cause.sid or alike)

    async def put_out(
        self,
        event: str,
        arguments: tuple[Any, ...],
        sids: Iterable[str],
        namespace: str,
        *,
        missing: Iterable[str] = (),
    ) -> None:
        """Emit an event to sockets; where connections are recovered, with an offset, and kept for who may come back.

        Args:
            missing: sockets without a connection that are sent it once they are back.
        """
        wire, to = tuple(to_wire(list(arguments))), list(sids)
        if self.sessions.promised is not None:
            concerned = {*to, *missing}
            wire = self.sessions.kept(event, wire, lambda one: one.sid in concerned and one.namespace == namespace)
        if to:
            await self.io.emit(event, wire, to=to, namespace=namespace)

    def group(self, broadcast: Broadcast, group: str | Address, cause: Cause) -> Iterator[str]:
        """The sockets of one group of the receivers of a broadcast."""
        namespace = cause.namespace
        here = [one for (at, _), one in self.members.items() if at == namespace and one.is_known]
        if group == "sender":
            yield from (one.sid for one in here if self._is_own(one, cause))
            return
        if isinstance(group, Address):
            wanted = pointed(cause.payload, group.at)
            yield from (one.sid for one in here if wanted == (one.user if group.kind == "user" else one.sid))
            return
        if not group.startswith("room"):
            found = tuple(member.sid for member in here)
        elif broadcast.kind is None or cause.subject is None:
            return
        else:
            found = self.in_room(namespace, broadcast.kind, cause.subject)
        spared = cause.sid if group.endswith("-but-sender") else None
        yield from (sid for sid in found if sid != spared)

    def broadcast(self, event: str) -> Broadcast:
        """The contract of what the server sends by a name.

        Raises:
            LookupError: there is none.
        """
        found = self.bundle.broadcast(event)
        if found is None:
            raise LookupError(f"no contract says that the server sends {event}")
        return found

    def sent_in(self, namespace: str) -> list[Broadcast]:
        """What the server sends in a namespace."""
        events = self.bundle.events
        return [one for one in self.bundle.broadcasts() if self.namespaces.has(events[one.event], namespace)]

    def namespaces_of(self, event: str, cause: Cause) -> tuple[str, ...]:
        """Where a broadcast is sent: in the namespace of its cause, or in all of its own where that is none of them."""
        own = self.bundle.events[event]
        if cause.sid is not None and self.namespaces.has(own, cause.namespace):
            return (cause.namespace,)
        return self.namespaces.concrete(own, [namespace for namespace, _ in self.members])

    def subjects(self, kind: str) -> tuple[str, ...]:
        """The ids of the rooms of a kind that somebody is in."""
        found = {subject: None for one in self.members.values() for subject in one.rooms[kind]}
        return tuple(found)

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that is not waited for, until the service ends."""
        task = asyncio.ensure_future(self.safely(str(getattr(work, "__qualname__", "a task")), work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def safely(self, what: str, work: Coroutine[Any, Any, T]) -> T | None:
        """What a piece of work gives; None where it failed, which ends neither a connection nor a schedule."""
        try:
            return await work
        except Exception as error:  # noqa: BLE001
            self.oops(what, error)
            return None

    def oops(self, what: str, error: Exception) -> None:
        """Something failed in this service itself: it is told, and the service goes on."""
        self.say(f"internal error at {what}: {type(error).__name__}: {error}")

    def finish(self) -> None:
        """End what it does by itself."""
        self._over.set()
        for task in list(self._tasks):
            task.cancel()

    async def over_at(self, at_s: float) -> bool:
        """Whether the service ended until a time of the event loop, which is waited for."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(at_s):
                await self._over.wait()
        return self._over.is_set()

    async def tell_rooms(self, sid: str) -> None:
        """Tell an administrator every socket and its rooms, in the words of the Admin UI."""
        told = [
            {"id": one, "nsp": namespace, "rooms": self.io.rooms(one, namespace=namespace)}
            for namespace, one in self.members
        ]
        await self.io.emit("all_sockets", told, to=sid, namespace=ADMIN_NAMESPACE)
