"""One message that a member creates over HTTP: what is sent, and what becomes of it."""

from __future__ import annotations

import time
from typing import Any, Protocol

from contracts.model import Call
from loadtests.dialects.mark import Mark
from loadtests.dialects.way import Way
from loadtests.ledger.publication import Publication, Room, State
from loadtests.worker.actor import Actor
from loadtests.worker.addressing import room_of
from loadtests.worker.context import Context
from loadtests.worker.wire import codec
from loadtests.worker.wire.http import NothingToSend, Unanswered

MOST_SHOWN = 300
"""How much of a refusal's body is shown: an error fits, a page of HTML does not have to."""


class Author(Actor, Protocol):
    """A virtual client that can publish over HTTP."""

    def publish(
        self, room: Room, way: Way, due_ns: int, *, number: int | None = None, answered: bool = False, step: str = ""
    ) -> Publication | None:
        """Note a publication that begins now."""


class Posting:
    """A message that is due: each attempt to send it is a publication of its own, since each may be read."""

    def __init__(self, context: Context, member: Author, room: Room, way: Way, due_ns: int, step: str) -> None:
        assert way.call is not None  # noqa: S101 - an event is emitted, not posted
        self._way = way
        self._call: Call = way.call
        self._context = context
        self._member = member
        self._room = room
        self._due_ns = due_ns
        self._step = step
        self._publication: Publication | None = None
        self._last: Publication | None = None

    async def send(self) -> Publication | None:
        """Send it, and note how it was answered; the publication of the last attempt, None where there was none."""
        member, context = self._member, self._context
        words, call, http = context.words, self._call, context.http[member.number % len(context.http)]
        try:
            status, answer = await http.call(call.method, words.path(call, self._room.name), self._body, member.headers)
        except NothingToSend:
            self._over("resent")
        except Unanswered as error:
            self._over("unanswered", failure=str(error))
        except BaseException:
            # Whatever it was: nobody may wait for an answer that will never come.
            self._over("unanswered", failure="the call was cancelled")
            raise
        else:
            if status in call.status:
                self._over("taken", status, answer)
            else:
                self._over("refused", status, answer, f"the call was refused with {status}")
        return self._last

    def _body(self) -> bytes | None:
        """The body of the next attempt, in the moment in which it is sent; None where it need not be sent any more."""
        member, context = self._member, self._context
        if self._publication is not None:
            self._over("resent")
        if context.stopping or not context.in_time(member.scenario, self._due_ns):
            return None
        publication = self._publication = self._last = member.publish(
            room_of(context, self._room, self._way), self._way, self._due_ns, answered=True, step=self._step
        )
        return codec.encode_json(self._sent(publication)) if publication is not None else None

    def _sent(self, publication: Publication) -> dict[str, Any]:
        """The body that a publication was sent with."""
        mark = Mark(publication.room.name, publication.stream, publication.number)
        return self._way.payload(self._context.words.value(self._room.name), mark)

    def _over(self, state: State, status: int | None = None, answer: bytes = b"", failure: str | None = None) -> None:
        """The publication that was sent last is answered, or will not be."""
        member, context, publication = self._member, self._context, self._publication
        self._publication = None
        if publication is None:
            if state == "unanswered":  # No connection could be had, so nothing was sent.
                context.sample(self._call.method, context.words.call_name(self._call), 0, 0, failure)
                context.count("unsent", member.scenario)
            return
        context.posts.writers[publication.room.name] = member.user
        took_ns = time.monotonic_ns() - publication.begun_ns
        member.under_way.discard(publication.number)
        context.posted(publication, took_ns, state)
        if member.tape and status is None:
            member.tape.drop()  # Whether the service took it nobody knows, so nobody knows what it owes.
        if state == "resent":
            return
        context.sample(self._call.method, context.words.call_name(self._call), took_ns, len(answer), failure)
        self._taped(publication, status, answer)
        if state == "taken":
            context.hearing.answered(member, self._call, publication, answer)
        elif failure is not None:
            shown = answer[:MOST_SHOWN].decode("utf-8", "replace")
            why = f"{self._call.title} was answered {status}: {shown}" if status else failure
            now_ns = time.monotonic_ns()
            context.ledger.witness(state, publication.room, member.number, now_ns, publication=publication, why=why)

    def _taped(self, publication: Publication, status: int | None, answer: bytes) -> None:
        member = self._member
        if member.tape:
            sent = self._sent(publication)
            shown = "own" if member.token else "none"
            member.tape.called(self._call, publication.room.name, sent, publication.begun_ns, status, answer, shown)
