"""What was due and what came: the documented causes of a transcript, paired with their deliveries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from conformance.analysis.audience import audience_of
from conformance.analysis.expected import Expected
from conformance.analysis.matching import pair
from conformance.analysis.membership import Membership
from conformance.model.ids import SPOILT, form_of
from conformance.model.payload import echoes_of, flat, payload_of, room_of
from conformance.model.transcript import ARRIVAL_S, AnyEntry, Called, Got, Sent, Transcript
from contracts.model import Bundle, Call, Request


def provocations_of(bundle: Bundle, transcript: Transcript, users: Mapping[str, frozenset[str]]) -> Iterator[Expected]:
    """The documented causes that were given, in order: valid requests, and calls that succeeded."""
    entries = transcript.entries
    sort = _Sorter(bundle=bundle, transcript=transcript, users=users)
    for index, entry in enumerate(entries):
        match entry:
            case Sent():
                request = bundle.request(entry.event)
                if request and request.broadcast and request.payload.is_valid(payload_of(entry.args)):
                    made = sort.provocation(index, entry, request, flat(payload_of(entry.args)))
                    if made:
                        yield replace(made, users=users.get(entry.actor, frozenset()))
            case Called():
                call = bundle.calls.get(entry.call)
                if call and call.broadcast and entry.status in call.status:
                    given = {**entry.params, **flat(entry.body)}
                    made = sort.provocation(index, entry, call, given)
                    if made:
                        yield made
            case _:
                pass


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sorter:
    """Makes what is due of a cause."""

    bundle: Bundle
    transcript: Transcript
    users: Mapping[str, frozenset[str]]

    def provocation(
        self, index: int, entry: Sent | Called, cause: Request | Call, given: dict[str, Any]
    ) -> Expected | None:
        """What is due; None where the cause does not tell who is to receive it.

        What everyone receives comes to the sockets of other acts, too: it is judged where a value tells whose it is.
        """
        bundle, broadcast = self.bundle, self.bundle.broadcast(cause.broadcast or "")
        if broadcast is None:
            return None
        audience = None
        room = room_of(bundle, given)
        if not broadcast.to_room:
            audience = audience_of(bundle, broadcast, given, self.transcript.entries, self.users)
            room = audience.name if audience else None
        if room is None:
            return None
        echoes = echoes_of(broadcast, given, triggered=isinstance(cause, Call) and cause.trigger is not None)
        if audience is not None and audience.everyone and not _is_own(echoes, self.transcript.rooms):
            return None
        return Expected(
            index=index,
            broadcast=broadcast,
            room=room,
            at_s=entry.at_s,
            due_s=entry.done_s if isinstance(entry, Called) else entry.at_s,
            sender=entry.actor if isinstance(entry, Sent) else None,
            echoes=echoes,
            audience=audience,
        )


def _is_own(echoes: Mapping[str, Any], rooms: Sequence[str]) -> bool:
    """Whether a text that comes out as it went in is that of one act alone: it has an id of that act in it.

    Ids of digits are used by several acts.
    """
    texts = [value for value in echoes.values() if isinstance(value, str)]
    own = [room for room in rooms if room not in SPOILT and form_of(room) is None]
    return any(room in text for text in texts for room in own)


def doubtful_of(
    bundle: Bundle,
    transcript: Transcript,
    users: Mapping[str, frozenset[str]],
    provocations: tuple[Expected, ...],
) -> frozenset[int]:
    """What was received and carries the values of a call that was never answered, and of no cause that is known.

    The service may have taken the call, and its answer may be late or lost.
    """
    entries = transcript.entries
    sort = _Sorter(bundle=bundle, transcript=transcript, users=users)
    unsure: dict[str, list[Expected]] = defaultdict(list)
    for index, entry in enumerate(entries):
        call = bundle.calls.get(entry.call) if isinstance(entry, Called) and entry.status is None else None
        if call is not None and call.broadcast and isinstance(entry, Called):
            made = sort.provocation(index, entry, call, {**entry.params, **flat(entry.body)})
            unsure[call.broadcast] += [made] if made else []
    if not unsure:
        return frozenset()
    return frozenset(
        index
        for index, got in enumerate(entries)
        if isinstance(got, Got)
        and any(one.carried_by(payload_of(got.args)) for one in unsure.get(got.event, ()))
        and not any(one.event == got.event and one.carried_by(payload_of(got.args)) for one in provocations)
    )


def deliveries_of(
    bundle: Bundle,
    transcript: Transcript,
    provocations: tuple[Expected, ...],
    stays: tuple[Membership, ...],
    doubtful: frozenset[int] = frozenset(),
) -> dict[tuple[int, str], tuple[int, ...]]:
    """What each actor received of each broadcast: the delivery first, repetitions after it.

    Args:
        doubtful: entries that are deliveries of none of them.
    """
    received: dict[tuple[str, str], list[tuple[int, Got]]] = defaultdict(list)
    for index, entry in enumerate(transcript.entries):
        if isinstance(entry, Got) and index not in doubtful:
            received[entry.actor, entry.event].append((index, entry))
    groups: dict[tuple[str, str], list[Expected]] = defaultdict(list)
    for provocation in provocations:
        groups[provocation.event, provocation.room].append(provocation)
    found: dict[tuple[int, str], tuple[int, ...]] = {}
    for (event, room), due in groups.items():
        for (actor, name), gots in received.items():
            if name != event:
                continue
            fit = [(index, got) for index, got in gots if _may_be(bundle, due[0], transcript.rooms, got)]
            own = [stay for stay in stays if (stay.actor, stay.room) == (actor, room)]
            # What came changed is looked for at members alone: others have no broadcast that could have changed.
            owed = [p for p in due if any(stay.at(p.at_s) != "no" for stay in own)]
            sure = frozenset(
                p.index for p in due if not p.spares(actor) and any(stay.at(p.at_s) == "yes" for stay in own)
            )
            for provocation, indices in pair(actor, due, owed, fit, sure):
                found[provocation.index, actor] = indices
    return found


def _may_be(bundle: Bundle, due: Expected, rooms: Sequence[str], got: Got) -> bool:
    """Whether an event may be due to what was given in this act: it is not another act's, nor another room's."""
    payload = payload_of(got.args)
    if due.audience is None:
        room = room_of(bundle, payload)
        # A room that the socket remembers is known from its own joins, be they to a room of the act or not.
        return room == due.room or (room not in rooms and (room is None or not bundle.one_room))
    return not due.audience.everyone or _is_own(flat(payload), rooms)


def firsts_of(
    deliveries: Mapping[tuple[int, str], tuple[int, ...]], actors: Sequence[str]
) -> dict[int, list[tuple[int, str]]]:
    """(entry, actor) of the first delivery to each of these actors, in order, by the index of what caused it."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for (cause, actor), entries in deliveries.items():
        if actor in actors and entries:
            found[cause].append((entries[0], actor))
    return {cause: sorted(rows) for cause, rows in found.items()}


def taken(
    bundle: Bundle,
    entries: tuple[AnyEntry, ...],
    provocations: tuple[Expected, ...],
    deliveries: Mapping[tuple[int, str], tuple[int, ...]],
) -> tuple[Expected, ...]:
    """Leave out what nobody received and the service may have dropped: it came too soon after another, or too early.

    The service measures when things come to it. What was received had come to it before; what was not is taken to have
    come soon after it was sent.
    """
    first_s: dict[int, float] = {}
    for (index, _), places in deliveries.items():
        first_s[index] = min(first_s.get(index, float("inf")), entries[places[0]].at_s)
    came_s: dict[tuple[str, str], float] = {}
    made = []
    for provocation in provocations:
        sent = entries[provocation.index]
        request = bundle.request(sent.event) if isinstance(sent, Sent) else None
        if isinstance(sent, Sent) and request is not None and request.most_per_s:
            before_s = came_s.get((sent.actor, sent.event), float("-inf"))
            heard_s = first_s.get(provocation.index)
            came_s[sent.actor, sent.event] = max(before_s, heard_s if heard_s else sent.at_s + ARRIVAL_S)
            if heard_s is None and sent.at_s < before_s + 1 / request.most_per_s:
                continue
        # Whether the service listened to what came early is a question of its own: what was lost caused nothing.
        if provocation.index not in first_s and isinstance(sent, Sent) and sent.early:
            continue
        made.append(provocation)
    return tuple(made)


def queued(
    entries: tuple[AnyEntry, ...],
    provocations: tuple[Expected, ...],
    deliveries: Mapping[tuple[int, str], tuple[int, ...]],
) -> tuple[Expected, ...]:
    """Let the deadline of a socket's event run from when the event before it had its effect.

    A service may handle a socket's events one after the other; their queue is of our making.
    """
    heard_s: dict[int, float] = {}
    for (index, _), places in deliveries.items():
        heard_s[index] = min(heard_s.get(index, float("inf")), entries[places[0]].at_s)
    last_s: dict[str, float] = {}
    made = []
    for provocation in provocations:
        if provocation.sender is not None:
            due_s = max(provocation.due_s, last_s.get(provocation.sender, 0.0))
            last_s[provocation.sender] = heard_s.get(provocation.index, due_s)
            provocation = replace(provocation, due_s=due_s)
        made.append(provocation)
    return tuple(made)
