"""The honest service of a bundle: what it does when sockets come and go, and when events come.

What a lie overrides is in `hooks.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import socketio

from conformance.server import answers
from conformance.server.cause import Cause, Sending
from conformance.server.gate import Refused, shown_by
from conformance.server.ground import ADMIN_NAMESPACE
from conformance.server.hooks import NO_ACK, Hooks
from conformance.server.reading import cause_of, known_of, payload_of
from conformance.server.recovery import Session
from conformance.server.rooms import Member, kinds_of
from conformance.server.sockets import Sockets
from conformance.target.target import Auth, Parser
from contracts.binary import to_wire
from contracts.limits import Excess, json_bytes
from contracts.model import Broadcast, Bundle, Request
from contracts.schema import Problem

TOKEN_BYTES = 8192
"""What a packet may have at least, so that a handshake with a token is taken: servers take as much in a header."""


class Service(Hooks):
    """Keeps one bundle; `io` is the Socket.IO server."""

    def __init__(
        self,
        bundle: Bundle,
        auth: Auth | None = None,
        *,
        parser: Parser = "default",
        say: Callable[[str], None] = lambda line: None,
    ) -> None:
        """Begin with nobody.

        Args:
            auth: how tokens are verified and where they stand; without credentials everybody is let in.
            say: is given a line for each thing that happens.
        """
        super().__init__(bundle, auth or Auth(), say)
        most_bytes = bundle.max_payload_bytes
        size = {} if most_bytes is None else {"max_http_buffer_size": max(most_bytes, TOKEN_BYTES)}
        serializer = {"serializer": "msgpack"} if parser == "msgpack" else {}
        self.io = Sockets(self, self.oops, **size, **serializer)
        self._scheduling = False

    async def on_connect(self, sid: str, namespace: str, environ: dict[str, Any], auth: Any) -> None:
        """Let a socket in, or refuse it with the documented message."""
        if namespace == ADMIN_NAMESPACE and self.admin:
            return
        if not self.namespaces.takes(namespace):
            raise socketio.exceptions.ConnectionRefusedError("Invalid namespace")
        shown = shown_by(environ, auth)
        try:
            user = None if self.gate.event is not None else self.gate.user(shown) or f"anonymous-{sid}"
        except Refused as refused:
            self.say(f"{sid} was refused: its token is {refused.fault}")
            message, data = answers.refusal_of(self.bundle, refused.fault)
            more = () if data is None else (data,)
            raise socketio.exceptions.ConnectionRefusedError(message, *more) from refused
        member = Member(sid=sid, namespace=namespace, user=user or "", auth=auth, environ=environ)
        member.is_known = user is not None
        session = self.sessions.resumed(namespace, auth)
        if session is not None and session.member.sid == sid:
            member = session.member
            member.auth, member.environ = auth, environ
        self.members[namespace, sid] = member
        self.say(f"{sid} connected to {namespace} as {user}")

    def still_here(self, namespace: str, auth: Any) -> str | None:
        """The id of the socket of a client that comes back, where it seems to be connected still; None otherwise."""
        session = self.sessions.shown(namespace, auth)
        return session.member.sid if session is not None and session.lost_s is None else None

    def resumes(self, namespace: str, auth: Any) -> str | None:
        """The id of the socket whose session a client takes up again; None for a new one."""
        session = self.sessions.resumed(namespace, auth)
        return session.member.sid if session is not None else None

    def pid_of(self, namespace: str, sid: str) -> str | None:
        """By what a client that comes back is known; None where the contracts promise no recovery."""
        member = self.members.get((namespace, sid))
        if self.sessions.promised is None or member is None:
            return None
        session = self.sessions.of(member)
        return session.pid if session is not None else self.sessions.begin(member)

    async def on_connected(self, sid: str, namespace: str) -> None:
        """Enter the rooms that the handshake names, and tell whom the contracts say of the connection."""
        if namespace == ADMIN_NAMESPACE:
            return await self.tell_rooms(sid)
        member = self.members[namespace, sid]
        if not member.is_known:
            return None  # It shows its token by an event.
        session = self.sessions.of(member)
        if session is not None and session.lost_s is not None:
            return await self._back(session)
        for room in kinds_of(self.bundle):
            subject = answers.entered_by(room, member)
            if subject is not None:
                await self.enter(sid, namespace, room.kind, subject)
        for broadcast in self.sent_in(namespace):
            if broadcast.causes.connection:
                await self._of_socket(broadcast, member, "connection")
        self._begin_schedules()
        return None

    async def _back(self, session: Session) -> None:
        """A client has come back: it is in its rooms again, and is sent what it missed."""
        member, session.lost_s = session.member, None
        for kind, subjects in member.rooms.items():
            for subject in subjects:
                await self.io.enter_room(member.sid, self.room_name(kind, subject), namespace=member.namespace)
        for _, event, wire in session.after(member.auth.get("offset", "")) or ():
            await self.io.emit(event, wire, to=member.sid, namespace=member.namespace)

    async def on_disconnect(self, sid: str, namespace: str, reason: str) -> None:
        """Tell whom the contracts say that a socket has gone."""
        member = self.members.pop((namespace, sid), None)
        if member is None:
            return
        self.limiter.forget(sid)
        self.sessions.end(member, reason)
        self.say(f"{sid} disconnected from {namespace}: {reason}")
        for broadcast in self.sent_in(namespace):
            if broadcast.causes.disconnect:
                await self._of_socket(broadcast, member, "disconnect")

    async def on_event(
        self, sid: str, namespace: str, event: str, arguments: tuple[Any, ...], *, asked: bool
    ) -> tuple[Any, ...] | None:
        """Handle a documented request; gives the arguments of its ack."""
        self.say(f"<- {event} from {sid}")
        member = self.members.get((namespace, sid))
        request = self.bundle.request(event)
        if member is None:
            return NO_ACK
        if not member.is_known:
            return await self._login(member, event, arguments)
        if request is None or not self.namespaces.has(self.bundle.events[event], namespace):
            await self.unknown(sid, namespace, event, arguments)
            return NO_ACK
        most_bytes = self.bundle.max_payload_bytes
        if most_bytes is not None and json_bytes(to_wire(list(arguments))) > most_bytes:
            self.say(f"   {event} is larger than {most_bytes} bytes: its connection is ended")
            self.later(self.io.disconnect(sid, namespace=namespace))
            return NO_ACK
        cause = cause_of(self.bundle, request, member, arguments, asked=asked)
        if (excess := self.limiter.excess(sid, event, named=False)) is not None:
            return await self._above(excess, event, cause)
        problem = self.problem(event, arguments)
        if problem is not None:
            self.say(f"   {event} is refused: {problem}")
            return await self.complain(event, problem, cause)
        if (excess := self.limiter.excess(sid, event, named=True)) is not None:
            return await self._above(excess, event, cause)
        return await self._taken(request, cause)

    async def _above(self, excess: Excess, event: str, cause: Cause) -> tuple[Any, ...] | None:
        """Do what the contracts say of an event above a limit."""
        self.say(f"   {event} is above a limit: {excess}")
        if excess == "hang-up" and cause.sid is not None:
            self.later(self.io.disconnect(cause.sid, namespace=cause.namespace))
        if excess == "error":
            problem = Problem(path="", keyword="limit", expected="fewer events a second", got="more")
            return await self.complain(event, problem, cause)
        return NO_ACK

    async def _login(self, member: Member, event: str, arguments: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """A socket shows its token by an event; until then nothing else of it is handled."""
        wanted = self.gate.event
        if wanted is None or event != wanted.name:
            return NO_ACK
        cause = Cause(kind="event", name=event, namespace=member.namespace, sid=member.sid)
        try:
            member.user = self.gate.user_by(arguments[0] if arguments else None) or f"anonymous-{member.sid}"
        except Refused as refused:
            message, data = answers.refusal_of(self.bundle, refused.fault)
            why = {"message": message, **({} if data is None else {"data": data})}
            if wanted.refused is not None:
                await self.reply(wanted.refused, (why,), cause)
            elif not wanted.ack:  # Any ack would say that it was taken.
                self.later(self.io.disconnect(member.sid, namespace=member.namespace))
            return (why,) if wanted.ack else NO_ACK
        member.is_known = True
        self.say(f"{member.sid} is {member.user}")
        if wanted.taken is not None:
            await self.reply(wanted.taken, (), cause)
        self.later(self.on_connected(member.sid, member.namespace))
        return (dict(wanted.ack),)

    async def _taken(self, request: Request, cause: Cause) -> tuple[Any, ...] | None:
        """Do what a good request is for: enter or leave, broadcast, answer."""
        place = (cause.sid or "", cause.namespace, request.kind or "")
        if request.membership == "enter" and cause.subject is not None:
            await self.enter(*place, cause.subject)
        for name in request.broadcasts:
            await self.provoke(name, cause)
        if request.membership in ("leave", "close") and cause.subject is not None:
            await self.leave(*place, cause.subject)
        if request.reply is None:
            return NO_ACK
        arguments = self.answer(request.event, cause)
        if request.reply.event is not None:
            await self.reply(request.reply.event, arguments, cause)
        return self.acknowledge(request.event, arguments, cause)

    async def provoke(self, event: str, cause: Cause) -> None:
        """Send a broadcast of a cause, and those that follow it."""
        broadcast = self.broadcast(event)
        told: dict[str, Any] = {}
        for namespace in self.namespaces_of(event, cause):
            here = replace(cause, namespace=namespace)
            arguments = self.compose(event, here)
            told = known_of(payload_of(broadcast.form, arguments), broadcast.payload.properties())
            room = None
            if broadcast.to_room and cause.subject is not None and broadcast.kind is not None:
                room = self.room_name(broadcast.kind, cause.subject)
            await self.send(
                Sending(
                    event=event,
                    arguments=arguments,
                    receivers=self.receivers(event, here),
                    namespace=namespace,
                    room=room,
                    cause=here,
                )
            )
        for follower in self.bundle.broadcasts():
            if event in follower.causes.follows:
                await self.provoke(follower.event, replace(cause, values={**told, **cause.values}))

    async def _of_socket(self, broadcast: Broadcast, member: Member, kind: Any) -> None:
        """A broadcast of a socket that came or went: for each of its rooms where it goes to a room."""
        cause = Cause(kind=kind, namespace=member.namespace, sid=member.sid, user=member.user)
        if not broadcast.to_room:
            return await self.provoke(broadcast.event, cause)
        for subject in member.rooms[broadcast.kind or ""]:
            await self.provoke(broadcast.event, replace(cause, subject=subject))
        return None

    def _begin_schedules(self) -> None:
        """Begin what comes by a schedule, once there is somebody to send it to."""
        if self._scheduling:
            return
        self._scheduling = True
        for broadcast in self.bundle.broadcasts():
            if broadcast.causes.every_s is not None:
                self.later(self._scheduled(broadcast, broadcast.causes.every_s))

    async def _scheduled(self, broadcast: Broadcast, every_s: float) -> None:
        began_s, count = asyncio.get_running_loop().time(), 0
        while not await self.over_at(began_s + (count + 1) * every_s):
            count += 1
            cause = Cause(kind="schedule", count=count, namespace=self.bundle.namespace)
            subjects = self.subjects(broadcast.kind or "") if broadcast.to_room else (None,)
            told = (self.provoke(broadcast.event, replace(cause, subject=subject)) for subject in subjects)
            # At once: of many rooms the last would otherwise be told late.
            await asyncio.gather(*(self.safely(broadcast.event, one) for one in told))
