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

from typing import Any

from conformance.server import answers
from conformance.server.asking import ask
from conformance.server.cause import Cause, Sending
from conformance.server.ground import Ground
from conformance.server.reading import problem_of
from conformance.server.rooms import kind_of
from contracts.binary import to_wire
from contracts.model import Call
from contracts.schema import Problem

NO_ACK = None


class Hooks(Ground):
    """What a lie overrides, and what it does where nobody lies."""

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
