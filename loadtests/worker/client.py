"""The person behind a socket: which rooms it enters and leaves, and what it publishes, as scenarios let it."""

from __future__ import annotations

import time
from typing import Any

from conformance.model.transcript import How
from contracts.model import Call
from loadtests.dialects.door import Asked, Proof
from loadtests.dialects.mark import Mark
from loadtests.dialects.way import Way
from loadtests.ledger.publication import Publication, Room
from loadtests.worker import addressing
from loadtests.worker.member import Member
from loadtests.worker.posting import Posting
from loadtests.worker.wire import codec
from loadtests.worker.wire.failures import Failed
from loadtests.worker.wire.http import Unanswered

HOW: dict[Proof | None, How] = {"roster": "roster", "answer": "ack", "connection": "assumed", "publication": "assumed"}
"""How a sample says that a membership was seen."""


class VirtualClient(Member):
    """One socket, and what it does in its rooms."""

    __slots__ = ()

    # --- rooms -----------------------------------------------------------------------------------------------

    async def join(self, room: Room, event: str | None = None) -> bool:
        """Join a room, and make sure of it: a member is owed everything from there on.

        Args:
            event: what it joins by, where that is not what the contracts name first.
        """
        context, words = self.context, self.context.words
        self.rooms[room.name] = room
        began_ns, connection = time.monotonic_ns(), self.connection
        wish = self._wishes(room)
        enter = words.asking(event) if event else words.door.enter
        is_called = enter is not None or words.door.call is None or await self._called_in(room, words.door.call)
        is_proved = is_called and await self._proved(room, enter, words.door.proof, wanted=True)
        if self.wishes[room.name] != wish or connection is None or self.connection is not connection:
            return False  # It has asked for something else meanwhile, or lost the connection that was seen in the room.
        if is_proved:
            context.ledger.enter(room, self.number, time.monotonic_ns())
            if self.tape:
                self.tape.marked(self, room.name, inside=True, how=HOW[words.door.proof])
            return True
        counted = context.failed("unjoined", self.scenario, began_ns)
        context.ledger.witness(counted, room, self.number, time.monotonic_ns(), why=self.error)
        return False

    def _wishes(self, room: Room) -> int:
        """It asks to come or to go: what it asked for before is settled by nothing any more; the number of its wish."""
        self.context.ledger.unsure(room, self.number, time.monotonic_ns())
        wish = self.wishes[room.name] = self.wishes.get(room.name, 0) + 1
        return wish

    async def _proved(self, room: Room, asked: Asked | None, proof: Proof | None, *, wanted: bool) -> bool:
        """Ask to enter a room or to leave it, and see that it is so."""
        context = self.context
        if proof == "answer" and asked is not None:
            return await self._taken(room, asked)
        if asked is not None and asked.wants_ack:
            if not await self._taken(room, asked):
                return False
        elif asked is not None:
            self.emit(asked.event, *asked.arguments(context.words.value(room.name)))
        if proof == "roster":
            return await context.roll.seen(room, self, wanted=wanted)
        if proof == "publication":
            return await context.probes.seen(room, self)
        return self.connected

    async def _called_in(self, room: Room, call: Call) -> bool:
        """Have a call enter the sockets of this user; whether it did as its contract says."""
        context = self.context
        path, name = context.words.door.call_path(room.name, self.user), call.title
        body = codec.encode_json(call.examples.valid[0]) if call.body is not None and call.examples.valid else None
        start_ns, failure = time.monotonic_ns(), None
        try:
            http = context.http[self.number % len(context.http)]
            status, _ = await http.call(call.method, path, body, self.headers)
            if status not in call.status:
                failure = f"the call was refused with {status}"
        except Unanswered as error:
            failure = str(error)
        context.sample(call.method, name, time.monotonic_ns() - start_ns, failure=failure)
        self.error = f"{name}: {failure}" if failure else self.error
        return failure is None

    async def _taken(self, room: Room, asked: Asked) -> bool:
        """Whether a request is answered, and not by a refusal."""
        start_ns, failure = time.monotonic_ns(), None
        try:
            answer = await self.call(asked, room.name)
            if asked.is_refused(answer):
                failure = "it was refused"
        except Failed as error:
            failure = str(error)
        self.context.sample("WSC", asked.event, time.monotonic_ns() - start_ns, failure=failure)
        self.error = failure or self.error
        return failure is None

    def go(self, room: Room, event: str) -> None:
        """Leave a room by an event after which nothing is asked any more."""
        self._wishes(room)
        asked = self.context.words.asking(event)
        if asked is not None:
            self.emit(event, *asked.arguments(self.context.words.value(room.name)))
        self.rooms.pop(room.name, None)

    def stop_reading(self) -> None:
        """Read nothing any more, and be owed nothing; the socket stays where it is."""
        for room in self.context.rooms_of(self):
            self.context.ledger.unsure(room, self.number, time.monotonic_ns())
        if self.connection is not None:
            self.connection.reading(False)

    @property
    def can_leave(self) -> bool:
        """Whether a request takes it out of its room, as something shows."""
        door = self.context.words.door
        return door.leave_proof is not None and door.enter is not None

    async def leave(self, room: Room) -> bool:
        """Leave a room, and make sure of it: from there on nothing of it may come."""
        context, door = self.context, self.context.words.door
        began_ns, wish = time.monotonic_ns(), self._wishes(room)
        if door.leave_proof is None:
            self.rooms.pop(room.name, None)
            return False
        is_proved = await self._proved(room, door.leave, door.leave_proof, wanted=False)
        if self.wishes[room.name] != wish:
            return False  # It has asked to come meanwhile, as a socket does that has lost its connection.
        if is_proved:
            context.ledger.leave(room, self.number, time.monotonic_ns())
            self.rooms.pop(room.name, None)
            if self.tape:
                self.tape.marked(self, room.name, inside=False, how=HOW[door.leave_proof])
            return True
        if self.connected:
            context.failed("unleft", self.scenario, began_ns)
        return False

    # --- publishing ---

    def publish(
        self, room: Room, way: Way, due_ns: int, *, number: int | None = None, answered: bool = False, step: str = ""
    ) -> Publication | None:
        """Note a publication of this member that begins now; one that no answer is waited for counts as taken.

        Args:
            number: which of its stream it is, where that is not the next.

        Returns:
            None where the marks of the stream are used up.
        """
        context, by_room = self.context, way.marking.by_room
        if number is None:
            number = context.next_of(room, way) if by_room else self.sequences[way.place]
        if number >= way.marking.capacity:
            context.count("unsent", self.scenario)
            return None
        self.sequences[way.place] += not by_room
        floor = way.floor(number, self.under_way if answered else ())
        if answered and not by_room:
            self.under_way.add(number)
        publication = context.publish(
            room, context.words.stream(self.number, way, room.name), number, due_ns=due_ns, floor=floor,
            event=way.broadcast.event, answered=answered, step=step,
        )  # fmt: skip
        if way.is_given:
            context.hearing.gives(publication, way)
        return publication

    def probe(self, room: Room, way: Way) -> Publication | None:
        """Publish what shows who is in a room: nobody is owed it."""
        publication = self.publish(room, way, time.monotonic_ns())
        if publication is not None:
            publication.owed, publication.probed = frozenset(), set()
            publication.latencies = []  # It is no part of the load, and nor are its times.
            self.context.ledger.counts["published", room.scenario, publication.step] -= 1
            self.sends(publication, way, room)
        return publication

    def say(
        self, room: Room, way: Way, due_ns: int, *, number: int | None = None, step: str = ""
    ) -> Publication | None:
        """Emit what the service broadcasts to the room, if this is a member of it and it is not too late."""
        context, where = self.context, addressing.room_of(self.context, room, way)
        stay = where.stays.get(self.number)
        way_to = addressing.aimed(context, self, way) if way.reach.named else (way, ())
        is_inside = self.number in room.stays and stay is not None
        if not self.connected or not (is_inside or context.words.door.own_rooms) or way_to is None:
            context.count("skipped", self.scenario)
            return None
        if not context.in_time(self.scenario, due_ns):
            return None
        if self.pace is not None and not self.pace.has_room(way.name, time.monotonic()):
            context.count("skipped", self.scenario)
            return None
        way, named = way_to
        if way.is_unmarked:
            self.context.spawn(self._says(room, way))
            return None
        publication = self.publish(where, way, due_ns, number=number, step=step)
        if publication is None:
            return None
        if way.most_per_s:
            publication.follows(self.latest.get(way.place), int(1e9 / way.most_per_s), stay.heard_ns if stay else 0)
            self.latest[way.place] = publication
        if way.reach.is_chosen:
            addressing.choose(publication, way, room, self, named)
        elif not way.reaches_sender and stay is not None:
            publication.owed, publication.sender = publication.owed - {stay.number}, stay.number
        self.sends(publication, way, room)
        return publication

    async def _says(self, room: Room, way: Way) -> None:
        """Emit what nothing tells from anything else: it is counted, and so is its ack."""
        context = self.context
        context.count("unmarked", self.scenario)
        arguments = way.arguments(way.payload(context.words.value(room.name), Mark(room.name, 0, 0)))
        if not way.is_acked:
            self.emit(way.name, *arguments)
            return
        start_ns, failure, counted = time.monotonic_ns(), None, ""
        try:
            if way.is_refused(await self.answer_to(way.name, arguments)):
                failure, counted = "it was refused", "refused"
        except Failed as error:
            is_over = not self.connected or context.stopping
            failure, counted = str(error), "" if is_over else "unanswered"
        context.sample("WSC", way.name, time.monotonic_ns() - start_ns, failure=failure)
        if counted:
            context.count(counted, self.scenario)
            context.ledger.witness(counted, room, self.number, time.monotonic_ns(), why=f"{way.name}: {failure}")

    def sends(self, publication: Publication, way: Way, room: Room) -> None:
        """Emit a publication; where its contract has an ack, one is asked for.

        Args:
            room: the one that its payload names, where it names one.
        """
        words = self.context.words
        mark = Mark(publication.room.name, publication.stream, publication.number)
        payload = way.payload(words.value(room.name), mark)
        self.emitted.append(publication)
        self.context.tell(publication)
        if way.is_acked:
            self.context.spawn(self._asked(publication, way, payload))
        else:
            self.emit(way.name, *way.arguments(payload))

    async def _asked(self, publication: Publication, way: Way, payload: dict[str, Any]) -> None:
        """Emit a publication that is acknowledged: an ack may refuse it, and one that does not come is told."""
        start_ns, failure = time.monotonic_ns(), None
        try:
            answer = await self.answer_to(way.name, way.arguments(payload))
            if way.is_refused(answer):
                failure = "it was refused"
                self.context.refused(self, publication, f"the ack of {way.name} was {answer!r}")
        except Failed as error:
            failure = str(error)
            if self.connected and not self.context.stopping:
                self.context.count("unanswered", self.scenario)
                self.context.ledger.witness(
                    "unanswered", publication.room, self.number, time.monotonic_ns(), publication=publication,
                    why=f"{way.name}: {failure}",
                )  # fmt: skip
        self.context.sample("WSC", way.name, time.monotonic_ns() - start_ns, failure=failure)

    async def post(self, room: Room, due_ns: int, way: Way | None = None, step: str = "") -> Publication | None:
        """Publish into a room: over HTTP where the way is a call, and by an event otherwise."""
        way = way or self.context.words.writing
        if way.call is not None:
            return await Posting(self.context, self, room, way, due_ns, step).send()
        return self.say(room, way, due_ns, step=step)
