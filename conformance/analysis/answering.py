"""Which request an error event answers: it does not say, so it is known only where one request alone is open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from conformance.analysis.queries import refusals, valid_requests
from conformance.analysis.reading import Reading
from conformance.model.payload import payload_of, room_of
from conformance.model.transcript import Acked, Got, Marked, Sent
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
    stray: Mapping[str, Sequence[int]]
    """By actor, the errors that came when nothing that it had sent was open."""
    refused: Mapping[tuple[str, str], int]
    """By actor and name of a request, an error that shows a valid one of these to be refused: there were more errors by
    then than anything else that they could answer, bad requests of the same name among it."""


@dataclass(slots=True)
class _Socket:
    """What one actor has sent that an error may still answer."""

    open: dict[int, Sent] = field(default_factory=dict)
    joins: dict[int, Sent] = field(default_factory=dict)
    """Joins that were only assumed to have been taken."""
    fresh: dict[int, None] = field(default_factory=dict)
    """Those of the open ones and of the joins that were sent after the last error."""
    named: dict[str, dict[int, Sent]] = field(default_factory=lambda: defaultdict(dict))
    """The open ones by name."""
    good: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """The valid ones among these."""
    errors_count: int = 0

    def send(self, index: int, sent: Sent, *, good: bool) -> None:
        self.open[index] = self.named[sent.event][index] = sent
        self.fresh[index] = None
        if good:
            self.good[sent.event].add(index)

    def settle(self, index: int) -> None:
        sent = self.open.pop(index, None)
        if sent is not None:
            del self.named[sent.event][index]
            self.good[sent.event].discard(index)

    def answerable(self, *, joins: bool) -> list[int]:
        """The first two that an error can answer: with more than one it is not known which."""
        return list(islice(chain(self.joins if joins else (), self.open), 2))

    def surely_refused(self) -> list[str]:
        """The names of which one valid request must have been answered by an error: too little else is open."""
        others = len(self.open) + len(self.joins)
        return [name for name, own in self.good.items() if own and self.errors_count > others - len(own)]

    def unmarked(self, *, joins: bool) -> list[int]:
        """Those that an error can answer and that none came after."""
        found = [index for index in self.fresh if index in self.open or (joins and index in self.joins)]
        for index in found:
            del self.fresh[index]
        return found


def answering(reading: Reading) -> Answering:
    """Pair the error events of a transcript with what each socket had sent by then.

    A request is no longer open once it was answered by its ack or its reply, or, for a join, once the stage was sure of
    the membership. One that causes a broadcast stays open: a service can send that and an error besides. So does one
    whose ack refuses it.
    """
    sockets: dict[str, _Socket] = defaultdict(_Socket)
    replies = reading.bundle.reply_names()
    asked: dict[tuple[str, int | None], int] = {}
    certain: dict[int, int] = {}
    possible: dict[int, int] = {}
    last: dict[int, Sent] = {}
    stray: dict[str, list[int]] = defaultdict(list)
    refused: dict[tuple[str, str], int] = {}
    joins_refused = False
    by_ack = _refused_by_ack(reading)
    refusing = frozenset(by_ack.values())
    good = frozenset(index for index, _, _ in valid_requests(reading))
    for index, entry in enumerate(reading.entries):
        socket = sockets[entry.actor]
        match entry:
            case Sent():
                socket.send(index, entry, good=index in good)
                asked[entry.actor, entry.ack] = index
            case Marked(mark="in"):
                _settle_join(reading, socket, entry)
            case Acked() if entry.args and index not in refusing and (entry.actor, entry.ack) in asked:
                socket.settle(asked[entry.actor, entry.ack])
            case Got() if entry.event == reading.bundle.errors:
                socket.errors_count += 1
                for name in socket.surely_refused():
                    refused.setdefault((entry.actor, name), index)
                joins_refused = joins_refused or not socket.open
                found = socket.answerable(joins=joins_refused)
                if len(found) == 1:
                    certain.setdefault(found[0], index)
                possible.update(dict.fromkeys(socket.unmarked(joins=joins_refused), index))
                if not found:
                    stray[entry.actor].append(index)
            case Got() if entry.event in replies:
                _settle_reply(reading, socket, entry, replies[entry.event])
            case _:
                pass
        if len(socket.open) == 1:
            last.update(socket.open)
    if stray:
        refused = {}  # Errors come to sockets that they are not for: how many came proves nothing.
    certain |= by_ack
    return Answering(certain=certain, possible={**possible, **certain}, last=last, stray=stray, refused=refused)


def _refused_by_ack(reading: Reading) -> dict[int, int]:
    """The requests whose acks refuse them, each with that ack."""
    acks = {(entry.actor, entry.ack): i for i in refusals(reading) if isinstance(entry := reading.entries[i], Acked)}
    sent = reading.each(Sent) if acks else ()
    return {index: acks[one.actor, one.ack] for index, one in sent if (one.actor, one.ack) in acks}


def _settle_join(reading: Reading, socket: _Socket, entry: Marked) -> None:
    names = [name for name in socket.named if (r := reading.bundle.request(name)) and r.membership == "enter"]
    for index, sent in [one for name in names for one in socket.named[name].items()]:
        if room_of(reading.bundle, payload_of(sent.args)) == entry.room:
            socket.settle(index)
            if entry.how == "assumed":
                socket.joins[index] = sent


def _settle_reply(reading: Reading, socket: _Socket, entry: Got, request: Request) -> None:
    """Take the oldest request that a named reply can answer for answered."""
    room = room_of(reading.bundle, payload_of(entry.args))
    for index, sent in socket.named[request.event].items():
        if room in (None, room_of(reading.bundle, payload_of(sent.args))):
            socket.settle(index)
            return
