"""The ways to publish: a request or a call, the broadcast that it causes, and the mark that both carry."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from contracts.free_texts import is_uuid, made_texts
from contracts.model import ACCEPTED, Broadcast, Bundle, Call, Request
from contracts.schema import Schema
from loadtests.dialects.mark import (
    LARGEST,
    LEAST_SERIES,
    AnyMarking,
    InChoice,
    InOneNumber,
    InShortText,
    InText,
    Mark,
    Unmarked,
    markings,
)
from loadtests.dialects.reach import ROOM, Reach, names_room, placed, reach_of

NO_MARK = "no field that its broadcast echoes has room for a mark (a text, or a number of a wide range)"
"""Why deliveries of what a cause publishes cannot be told apart."""

SAMPLE_ROOM = "load-12345678-Reconnect-all-1234567"
"""A name as long as those of rooms of a load, for seeing whether a text has room for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to publish."""

    place: int
    """Its place among the ways of its bundle: the streams of a socket are told apart by it."""
    request: Request | None = None
    """What is emitted, where it is that."""
    call: Call | None = None
    """What is called, where it is that."""
    broadcast: Broadcast
    marking: AnyMarking
    base: Mapping[str, Any]
    """What is sent besides the mark and the room: a valid example."""
    key: str
    """The field that names the room."""
    reach: Reach = ROOM
    """Who receives it."""
    names_room: bool = True
    """Whether its broadcast says which room it is of."""
    is_given: bool = False
    """Whether somebody gave some of its fields, so that its publications are not all alike."""
    unlike: Mapping[str, str] = field(default_factory=dict)
    """Generated texts by their fields: each publication has others there, since one may be a key that is sent once."""
    id_field: str | None = field(init=False, repr=False, compare=False)
    """The field of its broadcast that has the id of what its call created; None where it has none."""
    _echoed: Mapping[str, Any] = field(init=False, repr=False, compare=False)
    """What of `base` comes out as it was sent."""

    def __post_init__(self) -> None:
        name = self.call.id.rpartition("/")[2] if self.call is not None and self.call.id else None
        has_field = name in self.broadcast.payload.properties()
        object.__setattr__(self, "id_field", name if has_field else None)
        echoed = {name: value for name, value in self.base.items() if name in self.broadcast.echoes}
        object.__setattr__(self, "_echoed", echoed)

    @property
    def name(self) -> str:
        """The event or the call, as its contract names it."""
        return self.request.event if self.request is not None else self.call.title if self.call is not None else ""

    @property
    def is_finite(self) -> bool:
        """Whether a room takes each of its publications once, so that no schedule can go on with it."""
        return isinstance(self.marking, InChoice)

    @property
    def is_unmarked(self) -> bool:
        """Whether its deliveries cannot be told apart."""
        return isinstance(self.marking, Unmarked)

    @property
    def most_per_s(self) -> float | None:
        """How many of a socket the service has to take in a second; it may drop what comes more often."""
        return self.request.most_per_s if self.request is not None else None

    @property
    def is_text(self) -> bool:
        """Whether its mark is a text."""
        return isinstance(self.marking, InText | InShortText)

    @property
    def is_acked(self) -> bool:
        """Whether its contract has an ack."""
        return self.request is not None and self.request.reply is not None and self.request.reply.ack

    def is_refused(self, ack: Sequence[Any]) -> bool:
        """Whether an ack says that it was refused."""
        reply = self.request.reply if self.request is not None else None
        return reply is not None and reply.refuses(ack)

    @property
    def reaches_sender(self) -> bool:
        """Whether a member that publishes by it receives it as well."""
        return self.broadcast.to_sender

    def floor(self, number: int, unanswered: Collection[int]) -> int:
        """Up to which number everything of its stream has to come before that number; -1 where nothing has to.

        Args:
            unanswered: numbers of its stream that the service may not have taken yet.
        """
        # Nothing orders what the sockets of a room publish against each other, nor what is accepted to be done later.
        if self.marking.by_room or (self.call is not None and ACCEPTED in self.call.status):
            return -1
        return min(unanswered, default=number) - 1

    def payload(self, room: Any, mark: Mark) -> dict[str, Any]:
        """What is sent for a publication.

        Args:
            room: the id of the room, as payloads carry it.
        """
        named = {self.key: room} if self.key and self.request is not None else {}
        own = self._unlike(mark) if self.unlike else {}
        return {**self.base, **own, **named, **self.marking.fill(mark)}

    def _unlike(self, mark: Mark) -> dict[str, str]:
        """Texts that no other publication of any run has."""
        told = f"{mark.room} {mark.stream} {mark.number}"
        texts = {name: text for name, text in self.unlike.items() if self.base.get(name) == text}
        return {
            name: str(uuid5(NAMESPACE_OID, told)) if is_uuid(text) else f"{text} {told}" for name, text in texts.items()
        }

    def aimed(self, names: Mapping[str, str]) -> Way:
        """The same to these receivers: their names by the pointers of `reach.named`."""
        base: Mapping[str, Any] = self.base
        for pointer, name in names.items():
            base = placed(base, pointer, name)
        return replace(self, base=base, is_given=True)

    def given(self, fields: Mapping[str, Any], room: Any) -> Way:
        """The same with some fields as somebody gives them.

        Args:
            fields: besides the mark and the room, which are not theirs to give.
            room: the id of the room, as payloads carry it.

        Raises:
            ValueError: such a payload breaks its contract, or the field carries the mark; says which and why.
        """
        marks = self.marking.fill(Mark(SAMPLE_ROOM, 0, 0))
        for name in fields:
            if name in marks or (name == self.key and self.request is not None):
                taken = "which publication it is" if name in marks else "the room"
                raise ValueError(f"{self.name}: {name!r} cannot be given: it carries {taken}")
        given = replace(self, base={**self.base, **fields}, is_given=True)
        schema = self.request.payload if self.request is not None else self.call.body if self.call is not None else None
        problem = schema.explain(given.payload(room, Mark(SAMPLE_ROOM, 0, 0))) if schema is not None else None
        if problem is not None:
            raise ValueError(f"{self.name}: the payload breaks its contract: {problem}")
        return given

    def arguments(self, payload: Mapping[str, Any]) -> tuple[Any, ...]:
        """The same as the arguments of its event."""
        form = self.request.form if self.request is not None else None
        return form.args(payload) if form is not None else (payload,)

    def expected(self, mark: Mark) -> dict[str, Any]:
        """The values that come out as they were sent, the room as payloads are read among them."""
        echoes, sent = self.broadcast.echoes, dict(self._echoed)
        for name, value in self.marking.fill(mark).items():
            if name in echoes:
                sent[name] = value
        if self.key and self.names_room and self.key in echoes:
            sent[self.key] = mark.room
        return sent


def ways_of(bundle: Bundle, *, has_users: bool = True) -> tuple[tuple[Way, ...], dict[str, str]]:
    """The ways to publish that a bundle has, and why what else causes broadcasts is none, by its name.

    Args:
        has_users: whether a service knows sockets by users.
    """
    ways: list[Way] = []
    reasons: dict[str, str] = {}
    for cause in _causes(bundle):
        title = cause.event if isinstance(cause, Request) else cause.title
        broadcast = bundle.broadcast(cause.broadcast or "")
        found = _way(bundle, cause, broadcast, len(ways))
        if isinstance(found, Way) and found.reach.needs_users and not has_users:
            found = "it goes to a user, and without tokens of their own (--jwt-key, --target) sockets are nobody's"
        if isinstance(found, str):
            reasons[title] = found
        else:
            ways.append(found)
    return tuple(ways), reasons


def unmarked_of(bundle: Bundle, reasons: Mapping[str, str]) -> tuple[Way, ...]:
    """The events that could be published by if only they had a mark: what comes of them is counted, not accounted for.

    Args:
        reasons: why causes cannot be published by, by their names.
    """
    ways: list[Way] = []
    for request in bundle.requests():
        broadcast = bundle.broadcast(request.broadcast or "")
        example = next((one for one in request.examples.valid if isinstance(one, dict)), None)
        if reasons.get(request.event) != NO_MARK or broadcast is None or example is None:
            continue
        reach = reach_of(bundle, request, broadcast)
        if isinstance(reach, Reach) and not reach.named:
            key = bundle.room.key if reach.room or names_room(request, bundle.room.key) else ""
            base = {name: value for name, value in example.items() if name != key}
            ways.append(
                Way(
                    place=len(ways), request=request, broadcast=broadcast, marking=Unmarked(), base=base, key=key,
                    reach=reach, names_room=bundle.names_room(broadcast),
                )
            )  # fmt: skip
    return tuple(ways)


def _causes(bundle: Bundle) -> Iterator[Request | Call]:
    """What causes a broadcast and changes no membership: calls first, since what they create can be read back."""
    yield from (call for call in bundle.calls.values() if call.broadcasts and call.role == "create")
    yield from (request for request in bundle.requests() if request.broadcasts and request.membership is None)


def _way(bundle: Bundle, cause: Request | Call, broadcast: Broadcast | None, place: int) -> Way | str:
    """The way that a cause is, or why it is none."""
    if broadcast is None:
        return "the broadcast that it causes has no contract"
    if isinstance(cause, Request) and cause.given:
        return "it names what the service has given before"
    if isinstance(cause, Request) and bundle.addresses(cause) and _tells_room(bundle, cause):
        return "it names somebody, of whom it tells the room: what becomes of the one it names is not known"
    reach = reach_of(bundle, cause, broadcast)
    if isinstance(reach, str):
        return reach
    schema = cause.payload if isinstance(cause, Request) else cause.body
    if schema is None:
        return "it has no body, so nothing tells one of its publications from another"
    key = bundle.room.key if reach.room or isinstance(cause, Call) or names_room(cause, bundle.room.key) else ""
    own, told = schema.properties(), broadcast.payload.properties()
    taken = {key, broadcast.sender, *(one.at.split("/")[1] for one in reach.named)}
    names = [name for name in broadcast.echoes if name in own and name in told and name not in taken]
    # What people write comes first: a service may hold a name or an id against the token.
    shapes = {name: own[name] for name in sorted(names, key=lambda name: name not in cause.texts)}
    # What says most of what comes out again is looked at most closely; beyond that, less is plainer.
    examples = [one for one in cause.examples.valid if isinstance(one, dict)]
    for base in sorted(examples, key=lambda one: (-len(one.keys() & broadcast.echoes), len(one))):
        for marking in markings(shapes):
            way = Way(
                place=place,
                request=cause if isinstance(cause, Request) else None,
                call=cause if isinstance(cause, Call) else None,
                broadcast=broadcast,
                marking=marking,
                base={name: value for name, value in base.items() if name != key},
                key=key,
                reach=reach,
                names_room=bundle.names_room(broadcast),
                unlike=_unlike_texts(bundle, cause),
            )
            if _fits(way, schema, room=base.get(key)):
                return way
    return NO_MARK


def _unlike_texts(bundle: Bundle, cause: Request | Call) -> dict[str, str]:
    """The generated texts of a request that are drawn for each publication: those with room for what is drawn."""
    if not isinstance(cause, Request):
        return {}
    shapes, room = cause.payload.properties(), len(SAMPLE_ROOM) + 32
    texts = made_texts(bundle, cause, echoed=False)
    return {
        name: text
        for name, text in texts.items()
        if shapes[name].get("maxLength", len(text) + room) >= len(text) + room
    }


def _tells_room(bundle: Bundle, request: Request) -> bool:
    """Whether something that it causes goes to the members of a room alone."""
    caused = (bundle.broadcast(name) for name in request.broadcasts)
    return any(one is not None and one.to_room for one in caused)


def _fits(way: Way, schema: Schema, room: Any) -> bool:
    """Whether the schemas of a cause and of its broadcast take every mark."""
    streams, numbers = ((0, LARGEST[0]), (0, LARGEST[1]))
    if isinstance(way.marking, InChoice):
        numbers = (0, len(way.marking.values) - 1)
    for stream, number in zip(streams, numbers, strict=True):
        mark = Mark(SAMPLE_ROOM, stream, min(number, _most(way)))
        if not schema.is_valid(way.payload(room, mark)):
            return False
        if not all(way.broadcast.payload.accepts(name, value) for name, value in way.marking.fill(mark).items()):
            return False
    return True


def _most(way: Way) -> int:
    """The largest number of a publication that its mark has to hold."""
    return LEAST_SERIES - 1 if isinstance(way.marking, InOneNumber) else LARGEST[1]
