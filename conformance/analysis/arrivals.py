"""What came of what was asked: each answer with the time of its question."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass

from conformance.analysis.expected import Expected, Key
from conformance.model.payload import payload_of, room_of
from conformance.model.transcript import Acked, AnyEntry, Called, Got, Probed, Sent
from contracts.model import Bundle


def answers_of(bundle: Bundle, entries: tuple[AnyEntry, ...]) -> dict[str, list[tuple[int, float]]]:
    """The answers that each actor received, those of the protocol too: the entry, and when it had asked."""
    found: dict[str, list[tuple[int, float]]] = defaultdict(list)
    asked_s: dict[tuple[str, int], float] = {}
    waiting: dict[tuple[str, str], deque[tuple[str | None, float]]] = defaultdict(deque)
    names = {name: request.event for name, request in bundle.reply_names().items()}
    for index, entry in enumerate(entries):
        match entry:
            case Sent():
                waiting[entry.actor, entry.event].append((room_of(bundle, payload_of(entry.args)), entry.at_s))
                if entry.ack is not None:
                    asked_s[entry.actor, entry.ack] = entry.at_s
            case Acked():
                if (entry.actor, entry.ack) in asked_s:
                    found[entry.actor].append((index, asked_s[entry.actor, entry.ack]))
            case Probed():
                found[entry.actor].append((index, entry.asked_s))
            case Got(event=event) if event in names:
                # A named reply does not say which request it answers: the oldest that it can is taken.
                own, told = waiting[entry.actor, names[event]], room_of(bundle, payload_of(entry.args))
                answered = next((one for one in own if told is None or one[0] in (None, told)), None)
                if answered is not None:
                    own.remove(answered)
                    found[entry.actor].append((index, answered[1]))
            case _:
                pass
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What is known of causes whose broadcasts cannot be told apart: any of these may be that of any of them."""

    first_s: float
    """When the first of them was given."""
    given: tuple[tuple[str | None, float], ...]
    """Who gave them, and when each last did; None for a call."""
    signed: bool
    """Whether there is one alone, or what comes of each names who gave it."""


def likeness_of(provocations: tuple[Expected, ...]) -> dict[Key, Likeness]:
    """What each cause has in common with those that are like it, by its key."""
    alike: dict[tuple[str, str, str], list[Expected]] = defaultdict(list)
    for one in provocations:
        alike[one.event, one.room, repr(sorted(one.echoes.items()))].append(one)
    found: dict[Key, Likeness] = {}
    for group in alike.values():
        last_s: dict[str | None, float] = {}
        for one in group:
            last_s[one.sender] = max(one.at_s, last_s.get(one.sender, one.at_s))
        signed = len(group) == 1 or (group[0].broadcast.sender is not None and all(one.users for one in group))
        likeness = Likeness(first_s=min(one.at_s for one in group), given=tuple(last_s.items()), signed=signed)
        found.update((one.key, likeness) for one in group)
    return found


def effects_of(
    entries: tuple[AnyEntry, ...],
    provocations: tuple[Expected, ...],
    deliveries: Mapping[tuple[Key, str], tuple[int, ...]],
    answers: Mapping[str, list[tuple[int, float]]],
    like: Mapping[Key, Likeness],
) -> dict[str, list[tuple[int, float]]]:
    """What came of what each actor's socket sent: the entry, at whomever, and when it was sent."""
    found: dict[str, list[tuple[int, float]]] = defaultdict(list)
    senders = {provocation.key: provocation.sender for provocation in provocations if not provocation.of_socket}
    for (cause, _), delivered in deliveries.items():
        alone = len({other for other, _ in like[cause].given}) == 1
        if (sender := senders.get(cause)) is not None and alone:
            found[sender].append((delivered[0], entries[cause[0]].at_s))
    for actor, rows in answers.items():
        found[actor] += rows
    for rows in found.values():
        rows.sort()
    return found


def round_trips_of(
    entries: tuple[AnyEntry, ...], arrivals: Mapping[str, list[tuple[int, float]]]
) -> tuple[tuple[float, int, float], ...]:
    """(asked for at, entry, slowest from here on) of all that was asked for and came, by when it was asked for."""
    taken = [(at_s, index, entries[index].at_s) for rows in arrivals.values() for index, at_s in rows]
    taken += [
        (called.at_s, index, called.done_s)
        for index, called in enumerate(entries)
        if isinstance(called, Called) and called.status is not None
    ]
    slowest_s, found = 0.0, []
    for at_s, index, done_s in sorted(taken, reverse=True):
        slowest_s = max(slowest_s, done_s - at_s)
        found.append((at_s, index, slowest_s))
    return tuple(reversed(found))
