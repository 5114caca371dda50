"""What was due and what came: the documented causes of a transcript, paired with their deliveries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from conformance.analysis.dropping import Arrivals
from conformance.analysis.due import Given, Sorter, is_own, marks_of
from conformance.analysis.expected import Expected, Key, place
from conformance.analysis.given import not_given
from conformance.analysis.matching import Board, pair
from conformance.analysis.membership import Membership, by_place
from conformance.analysis.sockets import of_sockets
from conformance.model.payload import flat, id_of, payload_of, room_of
from conformance.model.transcript import ARRIVAL_S, AnyEntry, Called, Got, Sent, Transcript
from contracts.model import Bundle, Call


def provocations_of(
    bundle: Bundle,
    transcript: Transcript,
    users: Mapping[str, frozenset[str]],
    stays: Sequence[Membership] = (),
) -> list[Expected]:
    """The documented causes that were given, by time: valid requests, calls that succeeded, sockets that came, went."""
    sort = Sorter(bundle=bundle, transcript=transcript, users=users)
    found = [*_of_requests(bundle, transcript, sort), *of_sockets(sort, stays)]
    return sorted(found, key=place)


def _of_requests(bundle: Bundle, transcript: Transcript, sort: Sorter) -> Iterator[Expected]:
    unsure = not_given(bundle, transcript.entries)
    for index, entry in enumerate(transcript.entries):
        match entry:
            case Sent():
                request = bundle.request(entry.event)
                sometimes = sort.sometimes("events", entry.event)
                caused = request.broadcasts + sometimes if request else ()
                if request and caused and request.payload.is_valid(payload_of(entry.args)):
                    given = Given(
                        index=index,
                        at_s=entry.at_s,
                        due_s=entry.at_s,
                        values=flat(payload_of(entry.args)),
                        sender=entry.actor,
                        users=sort.users.get(entry.actor, frozenset()),
                        maybe=index in unsure,
                    )
                    yield from sort.all_of(given, request.broadcasts)
                    yield from sort.all_of(replace(given, maybe=True), sometimes)
            case Called():
                call = bundle.calls.get(entry.call)
                if call and entry.status in call.status:
                    called = _called(index, entry, call)
                    yield from sort.all_of(called, call.broadcasts)
                    yield from sort.all_of(replace(called, maybe=True), sort.sometimes("calls", entry.call))
            case _:
                pass


def _called(index: int, entry: Called, call: Call) -> Given:
    values = {**entry.params, **flat(entry.body)}
    triggered = call.trigger is not None
    return Given(index=index, at_s=entry.at_s, due_s=entry.done_s, values=values, triggered=triggered)


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
    sort = Sorter(bundle=bundle, transcript=transcript, users=users)
    unsure: dict[str, list[Expected]] = defaultdict(list)
    for index, entry in enumerate(entries):
        call = bundle.calls.get(entry.call) if isinstance(entry, Called) and entry.status is None else None
        if call is not None and isinstance(entry, Called):
            for made in sort.all_of(_called(index, entry, call), call.broadcasts):
                unsure[made.event].append(made)
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
) -> dict[tuple[Key, str], tuple[int, ...]]:
    """What each actor received of each broadcast: the delivery first, repetitions after it.

    Args:
        doubtful: entries that are deliveries of none of them.
    """
    received: dict[tuple[str, str], list[tuple[int, Got]]] = defaultdict(list)
    for index, entry in enumerate(transcript.entries):
        if isinstance(entry, Got) and index not in doubtful:
            received[entry.actor, entry.event].append((index, entry))
    groups: dict[str, dict[str, list[Expected]]] = defaultdict(lambda: defaultdict(list))
    for provocation in provocations:
        groups[provocation.event][provocation.room].append(provocation)
    found: dict[tuple[Key, str], tuple[int, ...]] = {}
    marks, places = marks_of(transcript), by_place(stays)
    astray = {event: _strays(some) for event, some in groups.items()}
    for actor, event in received:
        # What is owed to this very socket comes first: what it heard of that is nothing that others were to hear.
        some = sorted(groups[event].items(), key=lambda group: _is_apart(group[1], actor)) if event in groups else []
        heard: set[int] = set()
        for room, due in some:
            staying = places.get((actor, room), [])
            gots = [one for one in received[actor, event] if one[0] not in heard]
            fit = [(index, got) for index, got in gots if _may_be(bundle, due[0], transcript.rooms, marks, got)]
            fit = [(index, got) for index, got in fit if not astray[event](room, got)]
            # What came changed is looked for at members alone: others have no broadcast that could have changed.
            owed = [p for p in due if any(stay.at(p.at_s) != "no" for stay in staying)]
            sure = frozenset(p.key for p in due if not p.spares(actor) and _is_owed(p, actor, staying))
            for provocation, indices in pair(actor, due, owed, fit, sure):
                found[provocation.key, actor] = indices
                heard.update(() if _is_apart(due, actor) else indices)
    return found


def _strays(groups: Mapping[str, Sequence[Expected]]) -> Callable[[str, Got], bool]:
    """Whether an event is what others than these were sent: it has all values of a cause that has other receivers."""
    boards = {room: Board(due) for room, due in groups.items()}
    if len(boards) <= 1:
        return lambda room, got: False
    whole = Board([one for room in boards for one in groups[room]])

    def astray(room: str, got: Got) -> bool:
        return whole.is_carried(got) and not boards[room].is_carried(got)

    return astray


def _is_owed(due: Expected, actor: str, staying: Sequence[Membership]) -> bool:
    """Whether an actor was surely among the receivers whenever it was sent; its own cause it gave as one of them."""
    moments = (due.at_s,) if due.sender == actor else (due.first_s, due.at_s)
    return all(any(stay.at(at_s) == "yes" for stay in staying) for at_s in moments)


def _is_apart(due: Sequence[Expected], actor: str) -> bool:
    """Whether it is sent to single sockets, of which the actor's is none, or to more."""
    return due[0].broadcast.receivers != "requester" or not due[0].addresses(actor)


def _may_be(bundle: Bundle, due: Expected, rooms: Sequence[str], marks: frozenset[str], got: Got) -> bool:
    """Whether an event may be due to what was given in this act: it is not another act's, nor another room's."""
    payload = payload_of(got.args)
    if due.audience is None:
        room = room_of(bundle, payload)
        # A room that the socket remembers is known from its own joins, be they to a room of the act or not.
        return room == due.room or (room not in rooms and (room is None or not bundle.one_room))
    if not due.audience.everyone or is_own(bundle, flat(payload), rooms):
        return True
    return due.broadcast.causes.is_seen and not marks.isdisjoint(filter(None, map(id_of, flat(payload).values())))


def first_but(rows: Iterable[tuple[int, str]], actor: str) -> int | None:
    """The first of these deliveries to anybody else than an actor."""
    for first, other in rows:
        if other != actor:
            return first
    return None


def firsts_of(
    deliveries: Mapping[tuple[Key, str], tuple[int, ...]], actors: Sequence[str]
) -> dict[Key, list[tuple[int, str]]]:
    """(entry, actor) of the first delivery to each of these actors, in order, by the key of what was due."""
    found: dict[Key, list[tuple[int, str]]] = defaultdict(list)
    for (cause, actor), entries in deliveries.items():
        if actor in actors and entries:
            found[cause].append((entries[0], actor))
    return {cause: sorted(rows) for cause, rows in found.items()}


def taken(
    bundle: Bundle,
    entries: tuple[AnyEntry, ...],
    provocations: tuple[Expected, ...],
    deliveries: Mapping[tuple[Key, str], tuple[int, ...]],
) -> tuple[Expected, ...]:
    """Leave out what nobody received and the service may have dropped: it came too soon after another, or too early.

    The service measures when things come to it. What was received had come to it before; what was not is taken to have
    come soon after it was sent.
    """
    first_s: dict[Key, float] = {}
    for (key, _), places in deliveries.items():
        first_s[key] = min(first_s.get(key, float("inf")), entries[places[0]].at_s)
    came_s: dict[tuple[str, str], float] = {}
    arrivals = Arrivals(bundle.limits)
    made = []
    for provocation in provocations:
        sent = entries[provocation.index]
        if isinstance(sent, Sent) and arrivals.may_be_dropped(provocation.index, sent, first_s.get(provocation.key)):
            continue
        request = bundle.request(sent.event) if isinstance(sent, Sent) else None
        # What follows a broadcast that came shares its cause, which was not dropped.
        follows = provocation.parent is not None and provocation.parent in first_s
        if isinstance(sent, Sent) and request is not None and request.most_per_s and not follows:
            before_s = came_s.get((sent.actor, sent.event), float("-inf"))
            heard_s = first_s.get(provocation.key)
            came_s[sent.actor, sent.event] = max(before_s, heard_s if heard_s else sent.at_s + ARRIVAL_S)
            if heard_s is None and sent.at_s < before_s + 1 / request.most_per_s:
                continue
        # Whether the service listened to what came early is a question of its own: what was lost caused nothing.
        if provocation.key not in first_s and isinstance(sent, Sent) and sent.early:
            continue
        if provocation.key not in first_s and (provocation.maybe or _is_orphan(provocation, first_s)):
            continue
        made.append(provocation)
    return tuple(made)


def _is_orphan(provocation: Expected, heard: Container[Key]) -> bool:
    """Whether it was to follow a broadcast that nobody received: that one is missing, and told."""
    return provocation.parent is not None and provocation.parent not in heard


def queued(
    entries: tuple[AnyEntry, ...],
    provocations: tuple[Expected, ...],
    deliveries: Mapping[tuple[Key, str], tuple[int, ...]],
) -> tuple[Expected, ...]:
    """Let the deadline of a socket's event run from when the event before it had its effect.

    A service may handle a socket's events one after the other; their queue is of our making. What follows another
    broadcast has its deadline from when that one was heard.
    """
    heard_s: dict[Key, float] = {}
    for (key, _), places in deliveries.items():
        heard_s[key] = min(heard_s.get(key, float("inf")), entries[places[0]].at_s)
    last_s: dict[str, float] = {}
    made = []
    for provocation in provocations:
        if provocation.parent is not None:
            provocation = replace(provocation, due_s=max(provocation.due_s, heard_s.get(provocation.parent, 0.0)))
        elif provocation.sender is not None:
            due_s = max(provocation.due_s, last_s.get(provocation.sender, 0.0))
            last_s[provocation.sender] = heard_s.get(provocation.key, due_s)
            provocation = replace(provocation, due_s=due_s)
        made.append(provocation)
    return tuple(made)
