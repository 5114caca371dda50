"""What came of what was asked: each answer with the time of its question."""

from __future__ import annotations

from collections import defaultdict, deque

from conformance.model import Acked, AnyEntry, Got, Sent
from conformance.presence import payload_of, room_of
from contracts.model import Bundle


def answers_of(bundle: Bundle, entries: tuple[AnyEntry, ...]) -> dict[str, list[tuple[int, float]]]:
    """The acks and named replies that each actor received: the entry, and when it had asked."""
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
