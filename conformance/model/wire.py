"""Arguments as they stand on the wire, read as the payloads that contracts speak of: one object with the room in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from conformance.model.ids import SPOILT
from conformance.model.payload import payload_of, room_of
from conformance.model.transcript import Acked, AnyEntry, Closed, Got, Opened, Sent, Transcript
from contracts.form import REMEMBERED, Fields, Form
from contracts.model import Bundle, Request

TELLING_DIGITS = 3
"""Decimals that values of people and of contracts' examples have; a number that a check draws has seven."""

E = TypeVar("E", bound="Got | Acked")


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Reads the entries of a transcript in their order."""

    bundle: Bundle
    rooms: tuple[str, ...]
    """The ids of the transcript."""
    room_of_actor: dict[str, str] = field(default_factory=dict)
    """The room that each socket entered last, which a service can remember."""
    room_of_value: dict[str | float, str] = field(default_factory=dict)
    """The rooms to which values were sent whose sockets remember the room."""

    def read(self, entry: AnyEntry) -> AnyEntry:
        match entry:
            case Sent():
                return self._sent(entry)
            case Got():
                return self._got(entry)
            case Acked():
                return _with(entry, form_of_answer(self.bundle, entry))
            case Opened() if entry.room:
                self.room_of_actor[entry.actor] = entry.room
            case Closed():
                self.room_of_actor.pop(entry.actor, None)
        return entry

    def _got(self, entry: Got) -> Got:
        made = _with(entry, form_of_answer(self.bundle, entry))
        broadcast = self.bundle.broadcast(entry.event)
        if broadcast is None or not broadcast.to_room or self.bundle.names_room(broadcast):
            return made
        fields = payload_of(made.args)
        room = self._room_in(fields) or (self.room_of_actor.get(entry.actor) if self.bundle.one_room else None)
        if room is not None and isinstance(fields, Fields):
            fields[self.bundle.room.key] = room
        return made

    def _room_in(self, fields: Any) -> str | None:
        """The room to which a text that came was sent, or whose id is in it: the longest, one may begin as another."""
        values = list(self._own_values(fields))
        sent = (self.room_of_value[value] for value in values if value in self.room_of_value)
        texts = [value for value in values if isinstance(value, str)]
        named = (room for room in self.rooms if any(room in text for text in texts))
        return next(sent, None) or max(named, key=len, default=None)

    def _own_values(self, fields: Any) -> Iterator[str | float]:
        """The values of a payload that tell whose it is, besides the room itself.

        Texts with an id of the transcript in them, and numbers with so many digits as only a check draws.
        """
        for name, value in fields.items() if isinstance(fields, dict) else ():
            if name == self.bundle.room.key:
                continue
            is_text = isinstance(value, str) and any(room in value for room in self.rooms)
            if is_text or (isinstance(value, float) and value != round(value, TELLING_DIGITS)):
                yield value

    def _sent(self, entry: Sent) -> Sent:
        request = self.bundle.request(entry.event)
        if request is None:
            return entry
        if request.form is not None:
            fields = request.form.fields(entry.args)
            if request.form.room_at == REMEMBERED and entry.actor in self.room_of_actor:
                fields[self.bundle.room.key] = self.room_of_actor[entry.actor]
                self.room_of_value.update(dict.fromkeys(self._own_values(fields), self.room_of_actor[entry.actor]))
            entry = msgspec.structs.replace(entry, args=(fields,))
        if request.membership is not None and request.payload.is_valid(payload_of(entry.args)):
            room = room_of(self.bundle, payload_of(entry.args))
            if request.membership == "enter" and room is not None:
                self.room_of_actor[entry.actor] = room
            elif request.membership != "enter" and self.room_of_actor.get(entry.actor) == room:
                self.room_of_actor.pop(entry.actor, None)
        return entry


def read_wire(bundle: Bundle, transcript: Transcript) -> Transcript:
    """The transcript with payloads in place of arguments, where contracts have any that are not one object."""
    if not bundle.has_forms:
        return transcript
    reader = _Reader(bundle=bundle, rooms=tuple(room for room in transcript.rooms if room not in SPOILT))
    return msgspec.structs.replace(transcript, entries=tuple(map(reader.read, transcript.entries)))


def said(bundle: Bundle, entry: Got | Acked) -> Any:
    """The payload of what was received."""
    return payload_of(_with(entry, form_of_answer(bundle, entry)).args)


def is_refusal(bundle: Bundle, entry: AnyEntry) -> bool:
    """Whether an ack or a named reply says that its request was refused, by the value that the contract names."""
    match entry:
        case Acked():
            request = bundle.request(entry.event)
        case Got():
            request = bundle.reply_names().get(entry.event)
        case _:
            return False
    refused = request.reply.refused if request is not None and request.reply is not None else None
    return refused is not None and refused.is_in(raw(entry.args))


def is_documented(bundle: Bundle, entry: AnyEntry | None) -> bool:
    """Whether an ack or a named reply keeps the schema of good answers; one that does not promises nothing."""
    match entry:
        case Acked():
            request = bundle.request(entry.event)
        case Got():
            request = bundle.reply_names().get(entry.event)
        case _:
            return False
    reply = request.reply if request is not None else None
    return reply is not None and reply.payload.is_valid(said(bundle, entry))


def form_of_answer(bundle: Bundle, entry: Got | Acked) -> Form | None:
    """How the contract says that what was received stands on the wire; None where it is one object."""
    if isinstance(entry, Acked):
        request = bundle.request(entry.event)
        return request.reply.form if request and request.reply else None
    broadcast = bundle.broadcast(entry.event)
    if broadcast is not None:
        return broadcast.form
    named = bundle.reply_names().get(entry.event) if bundle.has_forms else None
    return named.reply.form if named and named.reply else None


def _with(entry: E, form: Form | None) -> E:
    if form is not None and isinstance(entry, Acked) and not entry.args and form.schemas:
        return entry  # An ack without a value, as some servers send for handlers that return none, answers nothing.
    return entry if form is None else msgspec.structs.replace(entry, args=(form.fields(entry.args),))


def emitted(request: Request | None, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """The arguments of a payload for the wire; what is no payload, such as junk, goes as it is."""
    form = request.form if request is not None else None
    if len(args) == 1 and isinstance(args[0], Fields):
        return args[0].args
    if form is None or len(args) != 1 or not isinstance(args[0], dict):
        return args
    return form.args(args[0])


def raw(args: Sequence[Any]) -> tuple[Any, ...]:
    """The arguments as they stood on the wire."""
    first = args[0] if len(args) == 1 else None
    return first.args if isinstance(first, Fields) else tuple(args)
