"""Reads a transcript with a contract in hand: who was where, what had to be delivered, what was.

Everything here is derived from the entries alone, so a transcript recorded by anybody can be judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

from conformance.analysis.arrivals import Likeness, answers_of, effects_of, likeness_of, round_trips_of
from conformance.analysis.audience import attendance
from conformance.analysis.causes import deliveries_of, doubtful_of, first_but, firsts_of, provocations_of, queued, taken
from conformance.analysis.departures import departed
from conformance.analysis.expected import Expected, Key
from conformance.analysis.index import Fences, Index, fences_of, index_of
from conformance.analysis.membership import Inside, Membership, by_place, inside_any, stays_of, users_of
from conformance.analysis.publications import Publication, publications_of
from conformance.analysis.renames import renames
from conformance.analysis.silence import Silence
from conformance.analysis.stalls import Stalls, stalls_of
from conformance.analysis.strays import strays_of
from conformance.model.apart import own_namespace
from conformance.model.ids import form_of
from conformance.model.payload import payload_of
from conformance.model.transcript import PING_TIMEOUT, SAID_GOODBYE, AnyEntry, Closed, Got, Opened, Transcript
from conformance.model.wire import is_refusal, read_wire
from contracts.model import Bundle

T = TypeVar("T")

HELD_UP_S = 1.0
"""Of an act: under half of the shortest time that connections, pings and calls are given."""

PONG_TURNS = 4
"""Turns of the event loop from a ping on the wire to its answer: so many times a stall may hold a pong up."""

NAME_RULE = "broadcast-keeps-its-name"
"""The rule that tells of a renamed broadcast: what others cannot see for it refers to this one."""

EFFECT_RULE = "request-has-its-effect"
"""The rule that tells of a request of which nothing comes; other names of the request are tried where it fails."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A transcript with what follows from it. Made by `read`."""

    bundle: Bundle
    transcript: Transcript
    users: Mapping[str, frozenset[str]]
    stays: tuple[Membership, ...]
    provocations: tuple[Expected, ...]
    deliveries: Mapping[tuple[Key, str], tuple[int, ...]]
    """(key of the provocation, actor) to the entries that delivered it; the first is the
    delivery, any other a repetition."""
    attending: tuple[Membership, ...] = ()
    """When actors were among receivers that are not the members of one room."""
    doubtful: frozenset[int] = frozenset()
    """Entries that only a call which was never answered explains."""

    _asked: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def entries(self) -> tuple[AnyEntry, ...]:
        """The transcript's entries."""
        return self.transcript.entries

    def inside(self, actor: str, room: str, at_s: float) -> Inside:
        """Whether an actor was a member of a room at that time."""
        return inside_any(self._stays.get((actor, room), ()), at_s)

    @cached_property
    def _stays(self) -> dict[tuple[str, str], list[Membership]]:
        return by_place((*self.stays, *self.attending))

    def deadline_s(self, deadline_ms: int) -> float:
        """The wait that was granted: the contract's, or the one that a person set."""
        return self.transcript.timeout_s or deadline_ms / 1000

    def stalled_s(self, since_s: float, until_s: float) -> float:
        """How long Roomcheck's event loop was stalled between two times: so much of a delay may be ours."""
        return self._stalls.between(since_s, until_s)

    @cached_property
    def _stalls(self) -> Stalls:
        return stalls_of(self.transcript.stalls)

    def held_up(self, until_s: float) -> bool:
        """Whether our event loop was stalled so long before a time that a broken connection may be our doing."""
        return self.stalled_s(self.transcript.began_s, until_s) >= HELD_UP_S

    def maybe_ours(self, ended: int) -> bool:
        """Whether a connection may have ended because Roomcheck's event loop was stalled and missed pings.

        An end that is announced by a packet, or that a broken frame caused, is none of that kind.
        """
        closed = self.entries[ended]
        if not isinstance(closed, Closed) or closed.reason == SAID_GOODBYE:
            return False
        if closed.by == "client" and not closed.reason.startswith(PING_TIMEOUT):
            return False
        pings_s: list[tuple[float, float]] = [
            opened.pings_s for _, opened in self.each(Opened) if opened.actor == closed.actor and opened.pings_s
        ]
        if not pings_s:
            return self.held_up(closed.at_s)
        interval_s, timeout_s = pings_s[-1]
        since_s = closed.at_s - interval_s - timeout_s
        stalls = (lasted_s for began_s, lasted_s in self.transcript.stalls if since_s <= began_s <= closed.at_s)
        return PONG_TURNS * max(stalls, default=0.0) >= timeout_s

    def watched(self, since_s: float, deadline_ms: int) -> bool:
        """Whether the act went on long enough after that time to call something missing."""
        ended_s = self.transcript.ended_s
        return ended_s - since_s - self.stalled_s(since_s, ended_s) >= self.deadline_s(deadline_ms)

    def actors(self) -> tuple[str, ...]:
        """The actors that had a socket, in order of appearance."""
        return self._actors

    def each(self, kind: type[Any]) -> Iterator[tuple[int, Any]]:
        """The entries of one kind, with their indices."""
        return iter(self._by_kind.get(kind, ()))

    @cached_property
    def _by_kind(self) -> dict[type[Any], list[tuple[int, Any]]]:
        found: dict[type[Any], list[tuple[int, Any]]] = defaultdict(list)
        for index, entry in enumerate(self.entries):
            found[type(entry)].append((index, entry))
        return found

    @cached_property
    def index(self) -> Index:
        """The entries by actor, name and number."""
        return index_of(self.bundle, self.entries)

    @cached_property
    def explained(self) -> frozenset[int]:
        """The entries that are deliveries of documented causes."""
        return frozenset(index for indices in self.deliveries.values() for index in indices)

    @cached_property
    def _actors(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(entry.actor for _, entry in self.each(Opened)))

    @cached_property
    def unheard_ids(self) -> frozenset[str]:
        """The rooms of digits or hexadecimal digits in which nobody heard anything, while rooms of texts are heard.

        What loses them is the form of their ids, which `similar-ids-do-not-mix` tells.
        """
        heard = {provocation.room for provocation in self.provocations if self.control(provocation) is not None}
        if self.bundle.room.has_numbers or all(form_of(room) is not None for room in heard):
            return frozenset()
        return frozenset(p.room for p in self.provocations if form_of(p.room) is not None) - heard

    @cached_property
    def publications(self) -> Mapping[Key, tuple[Publication, ...]]:
        """What observers saw sent of each provocation, by its key."""
        return publications_of(self.entries, self.provocations, self.documented_names())

    def once(self, question: Callable[[Reading], T]) -> T:
        """The answer to a question about the whole transcript, worked out when it is asked first."""
        if question not in self._asked:
            self._asked[question] = question(self)
        answer: T = self._asked[question]
        return answer

    @cached_property
    def strays(self) -> frozenset[int]:
        """Broadcasts to rooms that no subject has, such as `undefined`: a bad request of anybody may be behind them."""
        return strays_of(self.bundle, self.transcript)

    def members(self, provocation: Expected) -> Iterator[str]:
        """The actors that the broadcast is owed to, the sender included or not as documented."""
        if provocation.room in self.unheard_ids:
            return
        until_s = provocation.due_s + self.deadline_s(provocation.broadcast.deadline_ms)
        for actor in self.actors():
            if provocation.spares(actor) or not self.is_owed(provocation, actor):
                continue
            stayed = self.inside(actor, provocation.room, min(until_s, self.transcript.ended_s)) == "yes"
            if stayed or self.delivered(provocation, actor):
                yield actor

    def is_owed(self, provocation: Expected, actor: str) -> bool:
        """Whether an actor was among the receivers, from the first moment at which it may have been sent."""
        moments = (provocation.at_s,) if provocation.sender == actor else (provocation.first_s, provocation.at_s)
        return all(self.inside(actor, provocation.room, at_s) == "yes" for at_s in moments)

    def delivered(self, provocation: Expected, actor: str) -> tuple[int, ...]:
        """The entries by which the actor received it."""
        return self.deliveries.get((provocation.key, actor), ())

    def control(self, provocation: Expected, but: str = "") -> int | None:
        """The first delivery to anybody else than `but`: proof that it was sent at all."""
        return first_but(self._first.get(provocation.key, ()), but)

    @cached_property
    def _first(self) -> dict[Key, list[tuple[int, str]]]:
        """The delivery to each actor with a socket, by the key of what was due, in order."""
        return firsts_of(self.deliveries, self._actors)

    def refusal(self, provocation: Expected) -> int | None:
        """The error event that the sender got instead, or the ack that says that it was refused, if it did."""
        acked = self.index.ack_of(self.entries[provocation.index], provocation.index)
        if acked is not None and is_refusal(self.bundle, self.entries[acked]):
            return acked
        if provocation.sender is None or provocation.of_socket or self.bundle.errors is None:
            return None
        return self.index.heard_after(provocation.sender, self.bundle.errors, provocation.index)

    def arrivals(self, actor: str) -> Sequence[tuple[int, float]]:
        """What the actor received and had asked for or was sure to get: the entry, and when it was asked for."""
        return self._arrivals.get(actor, ())

    @cached_property
    def _arrivals(self) -> dict[str, list[tuple[int, float]]]:
        found = defaultdict(list, {actor: list(rows) for actor, rows in self._answers.items()})
        for (cause, actor), delivered in self.deliveries.items():
            found[actor].append((delivered[0], self._like[cause].first_s))
        for actor in found:
            found[actor].sort()
        return found

    @cached_property
    def _like(self) -> dict[Key, Likeness]:
        return likeness_of(self.provocations)

    @cached_property
    def _answers(self) -> dict[str, list[tuple[int, float]]]:
        return answers_of(self.bundle, self.entries)

    def taken(self, actor: str, since_s: float) -> int | None:
        """The first entry that shows that the service has read what the actor's socket sent at that time.

        It is an answer to that, or to what the same socket sent later: it was read after it.
        """
        return self._own_effects[actor].since(since_s) if actor in self._own_effects else None

    def is_distinct(self, provocation: Expected) -> bool:
        """Whether what comes of a cause can be told from what comes of all others."""
        return self._like[provocation.key].signed

    def was_read(self, provocation: Expected) -> int | None:
        """The entry which shows that the service had read the cause, and all causes that are like it.

        Of a call that is its own: it was answered.
        """
        shown = [self.taken(sender, at_s) for sender, at_s in self._like[provocation.key].given if sender is not None]
        known = [place for place in shown if place is not None]
        return max([provocation.index, *known]) if len(known) == len(shown) else None

    @cached_property
    def _own_effects(self) -> dict[str, Fences]:
        effects = effects_of(self.entries, self.provocations, self.deliveries, self._answers, self._like)
        return {actor: fences_of(rows) for actor, rows in effects.items()}

    @cached_property
    def round_trips(self) -> tuple[tuple[float, int, float], ...]:
        """(asked for at, entry, slowest from here on) of all that was asked for and came, by when it was asked for."""
        return round_trips_of(self.entries, self._arrivals)

    def over_s(self, since_s: float, deadline_ms: int) -> float:
        """When a deadline that runs from a time has passed, with the stalls of our event loop added."""
        at_s = 0.0
        later_s = since_s + self.deadline_s(deadline_ms)
        while later_s > at_s:
            at_s = later_s
            later_s = since_s + self.deadline_s(deadline_ms) + self.stalled_s(since_s, at_s)
        return at_s

    def fence(self, actor: str, since_s: float) -> int | None:
        """The first thing that the actor received which was caused after that time."""
        return self._fences[actor].since(since_s) if actor in self._fences else None

    @cached_property
    def _fences(self) -> dict[str, Fences]:
        return {actor: fences_of(rows) for actor, rows in self._arrivals.items()}

    def ending(self, actor: str, since_s: float) -> int | None:
        """The entry that says that the actor's connection ended, after that time or before it."""
        last: int | None = None
        for index, entry in self._connections.get(actor, ()):
            if isinstance(entry, Closed):
                last = index
            elif entry.at_s > since_s:
                break
            else:
                last = None
        return last

    @cached_property
    def _connections(self) -> dict[str, list[tuple[int, Opened | Closed]]]:
        """When each actor's connections began and ended. One that ended as it began is written down first."""
        found: dict[str, list[tuple[int, Opened | Closed]]] = defaultdict(list)
        for index, entry in enumerate(self.entries):
            if isinstance(entry, Opened | Closed):
                found[entry.actor].append((index, entry))
        return found

    def leak(self, provocation: Expected, actor: str) -> int | None:
        """The entry by which an actor that was no member received the broadcast.

        An event that a like cause explains, given while the actor may have been a member, is none.
        """
        for index in self.delivered(provocation, actor):
            explained = any(
                other.key != provocation.key
                and (other.event, other.echoes) == (provocation.event, provocation.echoes)
                and other.first_s <= self.entries[index].at_s
                and self.inside(actor, other.room, other.at_s) != "no"
                for other in self.provocations
            )
            # What a socket hears once it has become a member can be the state of the room, told again.
            was, came_s = self.inside(actor, provocation.room, provocation.at_s), self.entries[index].at_s
            told_again = was == "no" and self.inside(actor, provocation.room, came_s) != "no"
            if not explained and not told_again:
                return index
        return None

    def closed(self, room: str, at_s: float) -> bool:
        """Whether the subject of a room had been closed by then: what a closed one still takes is not documented."""
        return self.index.closed_s.get(room, float("inf")) <= at_s

    def why_unheard(self, provocation: Expected) -> str:
        """Why nobody received a broadcast under its name: it has another, or else it is not known."""
        other = self.new_name(provocation)
        if other is not None:
            return f"{provocation.event} is sent as {other!r}: see {NAME_RULE}"
        return f"nobody received {provocation.event}, so that it was sent at all is not known"

    def silence(self, provocation: Expected, actor: str) -> Silence:
        """Judge that an actor did not get a broadcast: by a control, who got it, and a fence behind it."""
        leak = self.leak(provocation, actor)
        if leak is not None:
            return Silence(kind="leak", evidence=(leak,))
        control = self.control(provocation, but=actor)
        if control is None:
            return Silence(kind="unproven", why=self.why_unheard(provocation))
        fence = self.fence(actor, self.entries[control].at_s)
        if fence is None:
            why = f"{actor} received nothing that was sent later, so a missing event proves nothing"
            return Silence(kind="unproven", why=why)
        return Silence(kind="silent", why="a later event arrived on the same socket", evidence=(control, fence))

    def of_room(self, got: Got, room: str) -> bool:
        """Whether a received event says that it belongs to the room."""
        payload = payload_of(got.args)  # What does not go to one room need not name any.
        to_others = any(stay.room == room for stay in self.attending)
        return isinstance(payload, dict) and (to_others or payload.get(self.bundle.room.key) == room)

    def documented_names(self) -> frozenset[str]:
        """Every event name that a client may receive."""
        names = {broadcast.event for broadcast in self.bundle.broadcasts()}
        return frozenset(names | set(self.bundle.reply_names()) | self.bundle.elsewhere)

    def renamed(self, provocation: Expected) -> int | None:
        """The entry that is the due broadcast under an undocumented name, where nobody got it under its own."""
        return self._renamed.get(provocation.key)

    def new_name(self, provocation: Expected) -> str | None:
        """The undocumented name under which a broadcast was sent that nobody got under its own."""
        entry = self.entries[self._renamed[provocation.key]] if provocation.key in self._renamed else None
        return entry.event if isinstance(entry, Got) else None

    @cached_property
    def _renamed(self) -> dict[Key, int]:
        known = self.documented_names()
        strange = [(index, got) for index, got in self.each(Got) if got.event not in known and got.args]
        unheard = [one for one in self.provocations if self.control(one) is None] if strange else []
        return renames(unheard, strange, self.of_room)


def read(bundle: Bundle, transcript: Transcript) -> Reading:
    """Derive stays, provocations and deliveries from a transcript."""
    transcript = read_wire(bundle, own_namespace(bundle, transcript))
    users = users_of(bundle, transcript.entries)
    stays = tuple(stays_of(bundle, transcript.entries, users))
    provocations = tuple(provocations_of(bundle, transcript, users, stays))
    doubtful = doubtful_of(bundle, transcript, users, provocations)
    attending = tuple(attendance((one.audience for one in provocations), stays, transcript.entries))
    deliveries = deliveries_of(bundle, transcript, provocations, (*stays, *attending), doubtful)
    provocations = taken(bundle, transcript.entries, provocations, deliveries)
    made = Reading(
        bundle=bundle,
        transcript=transcript,
        users=users,
        stays=stays,
        attending=attending,
        provocations=queued(transcript.entries, provocations, deliveries),
        doubtful=doubtful,
        deliveries=deliveries,
    )
    proved = departed(stays, made.entries, made.taken)
    return made if proved == stays else replace(made, stays=proved)
