"""What sockets hear: each frame is found out about once, checked against its contract, and known from then on."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping
from typing import Any

from contracts.model import Call, Event
from contracts.schema import Schema
from loadtests.dialects.dialect import Dialect
from loadtests.dialects.mark import Mark
from loadtests.dialects.way import Way
from loadtests.ledger.ledger import Ledger
from loadtests.ledger.publication import Publication, Room
from loadtests.worker.actor import Actor
from loadtests.worker.samples import Samples
from loadtests.worker.senders import Senders
from loadtests.worker.wire import codec
from loadtests.worker.wire.known import KnownFrames

MOST_IDS = 200_000
"""Of how many messages the ids are kept for reading back: 20 MB."""

KNOWN_NS = 10_000_000_000
"""How long a frame is known that is of no publication: its copies come within much less, and it never comes again."""


def spoken(events: Mapping[str, Event]) -> dict[str, Schema]:
    """The schema of everything that a service may say: broadcasts, and named replies."""
    found = {name: event.broadcast.payload for name, event in events.items() if event.broadcast}
    replies = (event.request.reply for event in events.values() if event.request)
    return {reply.event: reply.payload for reply in replies if reply and reply.event} | found


class Incoming:
    """The ears of all sockets of a worker."""

    def __init__(self, words: Dialect, ledger: Ledger, samples: Samples) -> None:
        self._words = words
        events = words.bundle.events
        self.ledger = ledger
        self.samples = samples
        self._schemas = spoken(events)
        self._broadcasts = {name for name, event in events.items() if event.broadcast and event.broadcast.is_shared}
        self._to_rooms = {name for name, event in events.items() if event.broadcast is None or event.broadcast.to_room}
        """What names a room that whoever receives it is in."""
        self.unaccounted = words.unaccounted
        self._elsewhere = words.bundle.elsewhere
        self._answers = words.bundle.answers
        """What clients answer to events that ask for an ack."""
        self.senders = Senders(words)
        self.neighbours: tuple[Incoming, ...] = ()
        """Of other parts in the same namespace: what is published there is for no socket of this one."""
        self.known: KnownFrames[AnyHeard] = KnownFrames()
        self.ids: dict[tuple[int, int], Any] = {}
        """By which the service calls the messages that it has created, for what it lists after the run."""
        self._given: dict[tuple[int, int], Way] = {}
        """How publications were made that somebody gave fields of."""
        self._fading: deque[tuple[int, bytes]] = deque()
        """When frames came that no publication will have forgotten."""

    def gives(self, publication: Publication, way: Way) -> None:
        """A publication has fields that somebody gave: what comes of it is held against them."""
        self._given[publication.stream, publication.number] = way

    def way_of(self, mark: Mark, way: Way) -> Way:
        """How a publication was made: by its way, or by that with given fields."""
        return self._given.get((mark.stream, mark.number), way)

    def hear(self, member: Actor, frame: bytes, packet: codec.Packet | None, why: str) -> None:
        """A frame has come that nobody knew: find out what it is, and know it from now on."""
        if packet is None:
            self.broken(member, f"malformed: {why}", frame)
            return
        name, *arguments = packet.data
        if len(arguments) > 1 and isinstance(arguments[-1], str) and member.recovers:
            member.offset = (
                arguments.pop()
            )  # The offset from which a lost connection is made up for, which clients take away.
        if member.tape:
            member.tape.got(member, name, arguments, len(frame))
        member.notice(name, arguments, frame)
        if packet.id >= 0 and member.connection is not None and name in self._answers:
            member.connection.acknowledge(packet.id, self._answers[name])
        known, now_ns = self.known.get(frame), time.monotonic_ns()
        if known is not None:  # To a member of a sample nothing is known.
            known.take(member, frame, now_ns)
            return
        found = self._found(name, arguments, frame)
        if name in self._broadcasts:
            self.known[frame] = found
            if not isinstance(found, Publication):
                self._fading.append((now_ns, frame))
        found.take(member, frame, now_ns)

    def _found(self, name: str, arguments: list[Any], frame: bytes) -> AnyHeard:
        """What an event is, and whether it keeps its contract."""
        form, schema = self._words.form_of(name), self._schemas.get(name)
        payload = form.fields(arguments) if form is not None else arguments[0] if arguments else None
        fields = payload if isinstance(payload, dict) else {}
        way, kind = self._kind(name, fields, frame)
        if name in self._words.retired:
            return Broken(self, kind, name, "a retired event")
        if schema is None and name in self._elsewhere:
            return next(filter(None, (one.intruder(self, name, arguments) for one in self.neighbours)), kind)
        if schema is None:
            return Undocumented(self, kind, name)
        if form is None and len(arguments) != 1:
            return Broken(self, kind, name, f"expected one payload, got {len(arguments)}")
        if not schema.is_valid(payload):
            return Broken(self, kind, name, "payload breaks its contract")
        if way is not None and isinstance(kind, Publication) and (untrue := self._untrue(way, kind, fields)):
            return Broken(self, kind, name, untrue)
        return kind

    def answered(self, member: Actor, call: Call, publication: Publication, answer: bytes) -> None:
        """A call has created something: its answer has to keep its contract, and to name what is broadcast."""
        document = codec.decoded(answer)
        if not call.answer.is_valid(document):
            self.broken(member, "the answer to the call breaks its contract", answer, publication=publication)
        if call.id is None:
            return
        told = self._words.created(call, document)
        if publication.id is not None and told != publication.id:
            self.broken(
                member, "the answer to the call has another id than its broadcast", answer, publication=publication
            )
        publication.id = told if publication.id is None else publication.id
        if len(self.ids) < MOST_IDS:
            self.ids[publication.stream, publication.number] = told

    def _untrue(self, way: Way, publication: Publication, payload: dict[str, Any]) -> str | None:
        """Why a broadcast is not what was published: another room, another value, or another id than its call's."""
        words, room = self._words, publication.room.name
        mark = Mark(room, publication.stream, publication.number)
        sent = self.way_of(mark, way).expected(mark)
        for field, value in sent.items():
            if not words.same(value, payload.get(field)):
                return f"its {field} is not what was sent"
        if way.names_room and way.reach.is_room and payload.get(words.key, room) not in (room, words.value(room)):
            return f"its {words.key} is another room than it was published to"
        id_field = way.id_field
        if id_field is not None:
            if publication.id is not None and payload.get(id_field) != publication.id:
                return f"its {id_field} differs from that in the answer to its call"
            publication.id = payload.get(id_field)
        return self.senders.untrue(way, publication, payload)

    def _kind(self, name: str, payload: dict[str, Any], frame: bytes) -> tuple[Way | None, Whole]:
        """What a frame is, and by which way it was published where it has a mark of ours."""
        found = self._words.mark(name, payload)
        way = None
        room = payload.get(self._words.key) if name in self._to_rooms else None
        if found is not None:
            way, mark = found
            publication = self.ledger.publications.get((mark.stream, mark.number))
            # A mark that has no room for the name of the room says only whose publication it is.
            where = mark.room or (publication.room.name if publication is not None else "")
            if publication is not None and publication.room.name == where:
                publication.frames.append(frame)
                publication.size_bytes = len(frame)
                publication.first_ns = publication.first_ns or time.monotonic_ns()
                return way, publication
            there = self.ledger.rooms.get(where)
            if there is not None and there.shared:
                return way, RemotePublication(self, (mark.stream, mark.number), where)
            room = where or room
        return way, Unrelated(self, name, room if isinstance(room, str) else None)

    def intruder(self, other: Incoming, name: str, arguments: list[Any]) -> Intruder | None:
        """A publication of this part that a socket of another has received; None where it is none of ours."""
        form = self._words.form_of(name)
        fields = form.fields(arguments) if form is not None else arguments[0] if arguments else None
        found = self._words.mark(name, fields) if isinstance(fields, dict) else None
        mark = found[1] if found is not None else None
        publication = self.ledger.publications.get((mark.stream, mark.number)) if mark is not None else None
        return Intruder(other, name, publication.room.name) if publication is not None else None

    def stranger(self, member: Actor, name: str) -> bool:
        """Whether a socket never had anything to do with a room."""
        room = self.ledger.rooms.get(name)
        number = member.number
        return room is None or not (number in room.stays or number in room.unsure or number in room.left_ns)

    def leak(self, member: Actor, room: str, frame: bytes) -> None:
        """A socket has received what is of another room."""
        self._defect("leaked", member, frame, f"it is of {room}")

    def broken(
        self, member: Actor, why: str, frame: bytes, event: str = "", publication: Publication | None = None
    ) -> None:
        """A socket has received what breaks its contract."""
        self._defect("contract_failed", member, frame, why, event, publication)

    def undocumented(self, member: Actor, event: str, frame: bytes) -> None:
        """A socket has received an event that no contract has: worth knowing, and no fault, as in a check."""
        self._defect("undocumented", member, frame, "no contract describes this event", event)

    def _defect(
        self, name: str, member: Actor, frame: bytes, why: str, event: str = "", publication: Publication | None = None
    ) -> None:
        here = publication.room if publication else next(iter(member.rooms.values()), None) or Room("", member.scenario)
        self.ledger.defect(name, here, member.number, time.monotonic_ns(), frame, publication, why, event)

    def fade(self, now_ns: int) -> None:
        """Forget frames that will not come again."""
        while self._fading and now_ns - self._fading[0][0] > KNOWN_NS:
            self.known.forget(self._fading.popleft()[1])


class RemotePublication:
    """A frame of something that another worker has published, and has not told of yet."""

    __slots__ = ("_hearing", "_key", "_room")

    def __init__(self, hearing: Incoming, key: tuple[int, int], room: str) -> None:
        self._hearing = hearing
        self._key = key
        self._room = room

    def take(self, owner: Actor, frame: bytes, now_ns: int) -> None:
        """A socket has received it; once it has been told of, the frame is known."""
        ledger = self._hearing.ledger
        publication = ledger.publications.get(self._key)
        if publication is None:
            if self._hearing.stranger(owner, self._room):
                self._hearing.leak(owner, self._room, frame)
                return
            ledger.orphans.setdefault(self._key, []).append((owner.number, now_ns, frame))
            return
        publication.frames.append(frame)
        self._hearing.known[frame] = publication
        publication.take(owner, frame, now_ns)


class Unrelated:
    """A frame of a room that no publication of ours is behind: joins, typing that ends, what others do."""

    __slots__ = ("_event", "_hearing", "_room")

    def __init__(self, hearing: Incoming, event: str, room: str | None) -> None:
        self._hearing = hearing
        self._event = event
        self._room = room

    def take(self, owner: Actor, frame: bytes, now_ns: int) -> None:
        """A socket has received it."""
        self._hearing.samples.add("WSR", self._event, None, len(frame))
        if self._event in self._hearing.unaccounted:
            self._hearing.ledger.counts["unaccounted", owner.scenario, ""] += 1
        if self._room is not None and self._hearing.stranger(owner, self._room):
            self._hearing.leak(owner, self._room, frame)


class Intruder:
    """A frame of a room of another part of the contracts, of which no socket of this part is a member."""

    __slots__ = ("_event", "_hearing", "_room")

    def __init__(self, hearing: Incoming, event: str, room: str) -> None:
        self._hearing = hearing
        self._event = event
        self._room = room

    def take(self, owner: Actor, frame: bytes, now_ns: int) -> None:
        """A socket has received it."""
        self._hearing.samples.add("WSR", self._event, None, len(frame))
        self._hearing.leak(owner, self._room, frame)


class Broken:
    """A frame that breaks its contract, whatever else it is."""

    __slots__ = ("_event", "_hearing", "_inner", "_why")

    def __init__(self, hearing: Incoming, inner: Whole, event: str, why: str) -> None:
        self._hearing = hearing
        self._inner = inner
        self._event = event
        self._why = why

    def take(self, owner: Actor, frame: bytes, now_ns: int) -> None:
        """A socket has received it."""
        publication = self._inner if isinstance(self._inner, Publication) else None
        self._hearing.broken(owner, self._why, frame, self._event, publication)
        self._inner.take(owner, frame, now_ns)


class Undocumented:
    """A frame of an event that no contract has."""

    __slots__ = ("_event", "_hearing", "_inner")

    def __init__(self, hearing: Incoming, inner: Whole, event: str) -> None:
        self._hearing = hearing
        self._inner = inner
        self._event = event

    def take(self, owner: Actor, frame: bytes, now_ns: int) -> None:
        """A socket has received it."""
        self._hearing.undocumented(owner, self._event, frame)
        self._inner.take(owner, frame, now_ns)


Whole = Publication | RemotePublication | Unrelated
"""What a frame is, whether it keeps its contract or not."""

AnyHeard = Whole | Broken | Undocumented | Intruder
