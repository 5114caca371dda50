"""The honest service of a bundle. Lies override one of its hooks, each for one event.

The hooks, each the one place where its matter is decided:

=================  ====================================================================
`problem`          whether the arguments of a request are what its contract allows
`call_problem`     the same of an HTTP call
`compose`          the arguments of a broadcast
`answer`           the arguments of a reply
`receivers`        the sockets that receive a broadcast
`room_name`        the name of a room (of `Ground`)
`enter`, `leave`   a socket enters a room, or leaves it
`send`             a broadcast leaves the service: every one does so here
`acknowledge`      the arguments of an ack; None for none
`reply`            a named event answers a request
`complain`         a requester is told that its request was bad
`store`            what a call creates is kept
`page`             a page of what was created, and how many there are in all
`unknown`          an event came that no contract lets a client emit
=================  ====================================================================
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import socketio

from conformance.server import answers
from conformance.server.asking import ask
from conformance.server.cause import Cause, Sending
from conformance.server.gate import Refused, shown_by
from conformance.server.ground import ADMIN_NAMESPACE, Ground
from conformance.server.reading import cause_of, problem_of
from conformance.server.recovery import Session
from conformance.server.rooms import Member, kind_of, kinds_of
from conformance.server.sockets import Sockets
from conformance.target.target import Auth, Parser
from contracts.binary import to_wire
from contracts.limits import Excess, json_bytes
from contracts.model import Broadcast, Bundle, Call, Request
from contracts.schema import Problem

NO_ACK = None

TOKEN_BYTES = 8192
"""What a packet may have at least, so that a handshake with a token is taken: servers take as much in a header."""


class Service(Ground):
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

    # --- hooks --------------------------------------------------------------------------------------------

    def problem(self, event: str, arguments: tuple[Any, ...]) -> Problem | None:
        """Why the arguments of a request are not what its contract allows; None where they are."""
        request = self.bundle.request(event)
        if request is None:
            return None
        return problem_of(request, kind_of(self.bundle, request.kind), arguments)

    def call_problem(self, call: Call, given: answers.Given) -> Problem | None:
        """Why an HTTP call is not what its contract allows; None where it is."""
        return answers.problem_of_call(self.bundle, call, given)

    def compose(self, event: str, cause: Cause) -> tuple[Any, ...]:
        """The arguments of a broadcast."""
        broadcast = self.broadcast(event)
        return answers.composed(self.bundle, broadcast, cause)

    def answer(self, event: str, cause: Cause) -> tuple[Any, ...]:
        """The arguments of the reply to a request."""
        request = self.bundle.request(event)
        if request is None or request.reply is None:
            return ()
        listed = self.roster(cause.namespace, request.kind, cause.subject) if request.reply.roster else ()
        return answers.replied(self.bundle, request, request.reply, cause, listed)

    def receivers(self, event: str, cause: Cause) -> tuple[str, ...]:
        """The sockets that receive a broadcast, in the namespace of its cause."""
        broadcast = self.broadcast(event)
        if broadcast.receivers == "requester":
            return (cause.sid,) if cause.sid is not None else ()
        found: dict[str, None] = {}
        for group in broadcast.groups:
            found.update(dict.fromkeys(self.group(broadcast, group, cause)))
        return tuple(found)

    async def enter(self, sid: str, namespace: str, kind: str, subject: str) -> None:
        """A socket enters a room.

        Where a request leaves it to the socket which room it is about, it leaves the one that it was in.
        """
        member = self.members[namespace, sid]
        if kind in self.single:
            for other in [one for one in member.rooms[kind] if one != subject]:
                await self.leave(sid, namespace, kind, other)
        await self.io.enter_room(sid, self.room_name(kind, subject), namespace=namespace)
        if subject not in member.rooms[kind]:
            member.rooms[kind].append(subject)

    async def leave(self, sid: str, namespace: str, kind: str, subject: str) -> None:
        """A socket leaves a room."""
        member = self.members[namespace, sid]
        if subject in member.rooms[kind]:
            member.rooms[kind].remove(subject)
        await self.io.leave_room(sid, self.room_name(kind, subject), namespace=namespace)

    async def send(self, sending: Sending) -> None:
        """A broadcast leaves the service."""
        self.say(f"-> {sending.event} to {len(sending.receivers)} of {sending.room or sending.namespace}")
        broadcast = self.bundle.broadcast(sending.event)
        event, namespace = sending.event, sending.namespace
        if broadcast is None or not (broadcast.answer is not None or broadcast.volatile):
            missing = self.missing(broadcast, sending.cause) if broadcast is not None else ()
            return await self.put_out(event, sending.arguments, sending.receivers, namespace, missing=missing)
        # What asks for an ack, or may be lost, is never sent again to who comes back.
        wire = tuple(to_wire(list(sending.arguments)))
        for sid in sending.receivers:
            if broadcast.answer is not None:
                await ask(self, broadcast, wire, sid, namespace)
            else:
                await self.io.emit(event, wire, to=sid, namespace=namespace)
        return None

    def acknowledge(self, event: str, arguments: tuple[Any, ...], cause: Cause) -> tuple[Any, ...] | None:
        """The arguments of the ack of a request that was taken, or None for no ack."""
        request = self.bundle.request(event)
        return arguments if request is not None and request.reply is not None and request.reply.ack else NO_ACK

    async def reply(self, event: str, arguments: tuple[Any, ...], cause: Cause) -> None:
        """Answer the requester by a named event.

        Args:
            event: the name of the reply.
        """
        self.say(f"-> {event} to the requester")
        await self.put_out(event, arguments, (cause.sid,) if cause.sid is not None else (), cause.namespace)

    async def complain(self, event: str, problem: Problem, cause: Cause) -> tuple[Any, ...] | None:
        """Tell a requester that its request was bad: by the ack that its contract has for that, or by the error event.

        Returns:
            The arguments of the ack, or None for no ack.
        """
        request = self.bundle.request(event)
        if request is not None and request.reply is not None and request.reply.refused is not None:
            refused = answers.refusing(request.reply, problem)
            if request.reply.event is not None:
                await self.reply(request.reply.event, refused, cause)
            if (cause.asked or not self.bundle.errors) and request.reply.ack:
                return refused
        if self.bundle.errors is not None:
            await self.reply(self.bundle.errors, answers.complaining(self.bundle, problem, cause), cause)
        return NO_ACK

    async def store(self, call: Call, subject: str | None, item: dict[str, Any]) -> None:
        """Keep what a call has created."""
        self.kept.add(call, subject, item)

    def page(self, call: Call, subject: str | None, skip: int, limit: int) -> tuple[list[dict[str, Any]], int]:
        """A page of what a call lists, and how many there are in all."""
        return self.kept.page(call, subject, skip, limit)

    async def unknown(self, sid: str, namespace: str, event: str, arguments: tuple[Any, ...]) -> None:
        """An event came that no contract lets a client emit: it is ignored."""

    # --- what the server asks -----------------------------------------------------------------------------

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
        for namespace in self.namespaces_of(event, cause):
            here = replace(cause, namespace=namespace)
            arguments = self.compose(event, here)
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
                await self.provoke(follower.event, cause)

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
