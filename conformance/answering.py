"""Which request an error event answers: it does not say, so it is known only where one request alone is open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from conformance.model import Acked, Got, Marked, Sent
from conformance.presence import payload_of, room_of
from conformance.reading import Reading
from contracts.model import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """The errors of a transcript, by the requests that they can answer."""

    certain: Mapping[int, int]
    """Index of a request to that of the first error that answers it for certain."""
    possible: Mapping[int, int]
    """Index of a request to that of the first error that answers it or another one."""
    last: Mapping[int, Sent]
    """The requests that were open, and nothing else of their socket, at some time: an error would have been theirs."""


@dataclass(slots=True)
class _Socket:
    """What one actor has sent that an error may still answer."""

    open: dict[int, Sent] = field(default_factory=dict)
    joins: dict[int, Sent] = field(default_factory=dict)
    """Joins that were only assumed to have been taken."""


def answering(reading: Reading) -> Answering:
    """Pair the error events of a transcript with what each socket had sent by then.

    A request is no longer open once it was answered by its ack or its reply, or, for a join, once the stage was sure of
    the membership. One that causes a broadcast stays open: a service can send that and an error besides.
    """
    sockets: dict[str, _Socket] = defaultdict(_Socket)
    replies = reading.bundle.reply_names()
    certain: dict[int, int] = {}
    possible: dict[int, int] = {}
    last: dict[int, Sent] = {}
    joins_refused = False
    for index, entry in enumerate(reading.entries):
        socket = sockets[entry.actor]
        match entry:
            case Sent():
                socket.open[index] = entry
            case Marked(mark="in"):
                _settle_join(reading, socket, entry)
            case Acked():
                _settle(socket, {i for i, sent in socket.open.items() if sent.ack == entry.ack and entry.args})
            case Got() if entry.event == reading.bundle.errors:
                joins_refused = joins_refused or not socket.open
                found = socket.open if joins_refused is False else {**socket.joins, **socket.open}
                (certain if len(found) == 1 else possible).update({i: index for i in found if i not in certain})
            case Got() if entry.event in replies:
                _settle_reply(reading, socket, entry, replies[entry.event])
            case _:
                pass
        if len(socket.open) == 1:
            last.update(socket.open)
    return Answering(certain=certain, possible={**possible, **certain}, last=last)


def _settle(socket: _Socket, indices: set[int]) -> None:
    for index in indices:
        socket.open.pop(index, None)


def _settle_join(reading: Reading, socket: _Socket, entry: Marked) -> None:
    for index, sent in tuple(socket.open.items()):
        request = reading.bundle.request(sent.event)
        own = room_of(reading.bundle, payload_of(sent.args)) == entry.room
        if request is not None and request.membership == "enter" and own:
            del socket.open[index]
            if entry.how == "assumed":
                socket.joins[index] = sent


def _settle_reply(reading: Reading, socket: _Socket, entry: Got, request: Request) -> None:
    """Take the oldest request that a named reply can answer for answered."""
    room = room_of(reading.bundle, payload_of(entry.args))
    for index, sent in socket.open.items():
        asked = room_of(reading.bundle, payload_of(sent.args))
        if sent.event == request.event and room in (None, asked):
            del socket.open[index]
            return
