"""Two promises of a service: it listens from the moment of connecting, and who is told to have joined has joined.

What breaks one of them breaks nearly every act: rules tell of it once, and a check that has seen it plays its other
acts with caution.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from conformance.analysis.absence import undelivered
from conformance.analysis.expected import Expected
from conformance.analysis.queries import answer_to, refusals, valid_requests
from conformance.analysis.reading import Reading
from conformance.model.payload import payload_of, room_of
from conformance.model.transcript import Acked, Closed, Got, Marked, Opened, Sent
from contracts.model import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What became of what a socket emitted right after connecting. Entries are given by their indices."""

    actor: str
    opened_s: float
    heard: tuple[int, ...]
    """Early requests that had an effect."""
    lost: tuple[int, ...]
    """Early requests without one, though the same request had it later on the same socket."""
    works: tuple[int, int] | None
    """The first request that had an effect after those that were lost, and the entry that shows it."""


def starts(reading: Reading) -> Iterator[Start]:
    """The sockets of an act that emitted something early, as long as their connections lasted."""
    ended_s = {closed.actor: closed.at_s for _, closed in reading.each(Closed) if closed.by != "us"}
    hasty = {sent.actor for _, sent in reading.each(Sent) if sent.early}
    for _, opened in reading.each(Opened):
        if opened.actor not in hasty:
            continue
        own = [
            (index, sent, effect_of(reading, index, sent, request))
            for index, sent, request in valid_requests(reading)
            if sent.actor == opened.actor and sent.at_s >= opened.at_s
        ]
        early = [(index, sent, effect) for index, sent, effect in own if sent.early]
        if not early or opened.actor in ended_s:
            continue
        lost = tuple(index for index, sent, effect in early if effect is None and _worked_later(own, index, sent))
        works = next(((i, effect) for i, _, effect in own if effect is not None and lost and i > lost[0]), None)
        yield Start(
            actor=opened.actor,
            opened_s=opened.at_s,
            heard=tuple(index for index, _, effect in early if effect is not None),
            lost=lost if works else (),
            works=works,
        )


def _worked_later(own: list[tuple[int, Sent, int | None]], index: int, sent: Sent) -> bool:
    return any(
        other.event == sent.event and place > index and effect is not None and other.at_s > sent.at_s
        for place, other, effect in own
    )


def effect_of(reading: Reading, index: int, sent: Sent, request: Request) -> int | None:
    """The entry that shows that a request was heard: its answer, its broadcast at anybody, or an error."""
    if request.reply is not None:
        answer = answer_to(reading, index, request)
        if answer is not None:
            return answer
    place = bisect_left(reading.provocations, index, key=lambda provocation: provocation.index)
    for provocation in reading.provocations[place : place + 1]:
        control = reading.control(provocation) if provocation.index == index else None
        if control is not None:
            return control
    errors = reading.bundle.errors
    return reading.index.heard_after(sent.actor, errors, index) if errors else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A join that was answered as documented, and what was caused in its room between that and its confirmation."""

    actor: str
    room: str
    request: Request
    sent: int
    answer: int
    answered_s: float
    heard: tuple[Expected, ...]
    missed: tuple[Expected, ...]
    """Caused after the answer, and not heard, though others heard it and the actor heard what came later."""
    unproven: tuple[Expected, ...]
    """The same, of which nothing shows that it will not come yet."""

    @property
    def first_after_s(self) -> float:
        """When the first was caused that was heard after those that were missed."""
        return min(one.at_s for one in self.heard if one.at_s > self.missed[0].at_s)


def joined(reading: Reading) -> Iterator[Joined]:
    """The answered joins of an act, with the broadcasts that followed at once."""
    for index, sent, request in valid_requests(reading, replied=True):
        room = room_of(reading.bundle, payload_of(sent.args))
        answer = answer_to(reading, index, request, surely=True)
        if request.membership != "enter" or room is None or answer is None or request.reply is None:
            continue
        if _was_in(reading, sent.actor, room, sent.at_s):
            continue
        said = reading.entries[answer]
        if not isinstance(said, Acked | Got) or not request.reply.payload.is_valid(payload_of(said.args)):
            continue
        if answer in refusals(reading):
            continue
        until_s = _until_s(reading, sent.actor, room, sent.at_s)
        due = [
            provocation
            for provocation in reading.provocations
            if not provocation.broadcast.volatile
            and reading.is_distinct(provocation)
            and provocation.room == room
            and said.at_s <= provocation.at_s < until_s
            and _owed(provocation, sent.actor)
        ]
        heard = tuple(one for one in due if reading.delivered(one, sent.actor))
        last_s = max((one.at_s for one in heard), default=0.0)
        sent_out = [
            one
            for one in due
            if one not in heard and one.at_s < last_s and reading.control(one, but=sent.actor) is not None
        ]
        missed = tuple(one for one in sent_out if _overtaken(reading, one, heard, sent.actor))
        yield Joined(
            actor=sent.actor,
            room=room,
            request=request,
            sent=index,
            answer=answer,
            answered_s=said.at_s,
            heard=heard,
            missed=missed,
            unproven=tuple(one for one in sent_out if one not in missed),
        )


def _overtaken(reading: Reading, missed: Expected, heard: tuple[Expected, ...], actor: str) -> bool:
    """Whether a broadcast is surely lost: what the same socket caused later came, or its deadline has passed.

    What different sockets cause may come from different nodes, and such broadcasts overtake each other.
    """
    later = any(one.sender == missed.sender and one.at_s > missed.at_s for one in heard if one.sender is not None)
    fenced = later and reading.silence(missed, actor).kind == "silent"
    return fenced or undelivered(reading, missed, actor).lost


def _was_in(reading: Reading, actor: str, room: str, at_s: float) -> bool:
    """Whether an actor had asked for a room before, so that what it hears there is owed to no later answer."""
    return any((s.actor, s.room) == (actor, room) and s.asked_in_s < at_s < s.out_s for s in reading.stays)


def _owed(provocation: Expected, actor: str) -> bool:
    return provocation.broadcast.receivers == "room" or provocation.sender != actor


def _until_s(reading: Reading, actor: str, room: str, since_s: float) -> float:
    """When the membership was confirmed otherwise, or given up: from then on it rests on more than its answer."""
    ends = [
        marked.at_s
        for _, marked in reading.each(Marked)
        if (marked.actor, marked.room) == (actor, room) and marked.at_s >= since_s
    ]
    ends += [stay.asked_out_s for stay in reading.stays if (stay.actor, stay.room) == (actor, room)]
    return min((at_s for at_s in ends if at_s >= since_s), default=float("inf"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """What a check has seen of a service that all further acts have to mind."""

    listens_s: float = 0.0
    """How long after connecting a socket was heard first; 0 where it is heard from the beginning."""
    joins_s: float = 0.0
    """How long after asking for it a socket was a member, where its answer came sooner; 0 where none did."""

    def __or__(self, other: Caution) -> Caution:
        return Caution(listens_s=max(self.listens_s, other.listens_s), joins_s=max(self.joins_s, other.joins_s))

    def __bool__(self) -> bool:
        return self != Caution()


def caution_of(reading: Reading) -> Caution:
    """What an act shows of the two promises. A roster tells who is a member, whatever answers to joins say."""
    listens = [reading.entries[s.works[0]].at_s - s.opened_s for s in starts(reading) if s.lost and s.works]
    # From when it was asked for: its answer may have been late.
    joins = [j.first_after_s - reading.entries[j.sent].at_s for j in joined(reading) if j.missed]
    if reading.bundle.roster_request() is not None:
        joins = []
    return Caution(listens_s=max(listens, default=0.0), joins_s=max(joins, default=0.0))
