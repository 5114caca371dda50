"""The finding on what a client emitted of the server's own: relayed, taken by a handler, or without effect."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from conformance.analysis.forgery import Attempt, Form, Relay, is_unknown, object_in, pairs
from conformance.analysis.queries import answer_to, valid_requests
from conformance.analysis.reading import Reading
from conformance.model.marks import MARK, marks_in
from conformance.model.payload import payload_of
from conformance.model.transcript import Acked, Called, Closed, Got, Missed, Observed, Sent
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.plan.forms import EVENT_NAMES, ROOM_NAMES, WRAPPERS
from contracts.model import Bundle


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the actor got for a form, and nobody gets for a name that nobody knows: the name has a handler."""

    index: int
    form: Form
    what: str


def handled(reading: Reading, one: Attempt, attempts: tuple[Attempt, ...]) -> Answer | None:
    """The first answer that proves a handler of the name."""
    unknown = {
        sign for other in attempts if is_unknown(reading.bundle, other.event) for _, sign in _answers(reading, other)
    }
    for index, sign in _answers(reading, one):
        if sign not in unknown:
            entry = reading.entries[index]
            form = next((f for f in reversed(one.forms) if f.sent.at_s <= entry.at_s), one.forms[0])
            what = "an ack" if isinstance(entry, Acked) else f"{entry.event!r}" if isinstance(entry, Got) else ""
            return Answer(index=index, form=form, what=what)
    return None


def _answers(reading: Reading, one: Attempt) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """What an actor got for its forms, each with what tells one answer from another."""
    acks = {form.sent.ack for form in one.forms}
    marks = {mark for form in one.forms for mark in form.marks}
    sent = {text for form in one.forms for _, text in pairs(form.sent.args)}
    for index, entry in enumerate(reading.entries):
        if not isinstance(entry, Acked | Got) or entry.actor != one.actor or entry.at_s < one.forms[0].sent.at_s:
            continue
        if isinstance(entry, Acked):
            fits = entry.ack in acks
        else:
            fits = entry.event == reading.bundle.errors or bool(marks & marks_in(entry.args))
        if fits:
            is_error = isinstance(entry, Got) and entry.event == reading.bundle.errors
            name = "an ack" if isinstance(entry, Acked) else "an error" if is_error else _bare(entry.event, one)
            said = {(field, _bare(text, one)) for field, text in pairs(entry.args) if text not in sent}
            yield index, (name, frozenset(said))


def _bare(text: str, one: Attempt) -> str:
    """A text without what differs from one name to another: the name, marks, digits."""
    room = one.forms[0].room
    text = text.casefold().replace(one.event.casefold(), "…")
    text = text.replace(room.casefold(), "…") if room else text
    return re.sub(r"\d+", "0", MARK.sub("…", text))


def taken(reading: Reading, one: Attempt) -> int | None:
    """The first entry which shows that the service came to what the actor sent after its last form."""
    own = {
        index
        for provocation in reading.provocations
        if provocation.sender == one.actor and provocation.at_s >= one.last_s
        for actor in reading.actors()
        for index in reading.delivered(provocation, actor)
    }
    return min([*own, *_answered(reading, one.actor, one.last_s)], default=None)


def _answered(reading: Reading, actor: str, since_s: float) -> Iterator[int]:
    """The answers to what an actor asked from then on."""
    for index, sent, request in valid_requests(reading, replied=True):
        if sent.actor == actor and sent.at_s >= since_s:
            answer = answer_to(reading, index, request, surely=True)
            if answer is not None:
                yield answer


def fence(reading: Reading, one: Attempt, others: set[str]) -> int | None:
    """What a listener in the room received after the service had come to what followed the last form.

    Args:
        others: the actors that emitted what only the server may; they listen to nothing.
    """
    since = taken(reading, one)
    if since is None:
        return None
    first = reading.entries[since]
    rooms = {form.room for form in one.forms}
    for actor in reading.actors():
        if actor in others or all(reading.inside(actor, room or "", one.last_s) != "yes" for room in rooms):
            continue
        if first.actor == actor:
            return since
        later = [reading.fence(actor, first.at_s), *_answered(reading, actor, first.at_s)]
        known = [index for index in later if index is not None]
        if known:
            return min(known)
    return None


# --- how it is told ----------------------------------------------------------------------------------------


def form_name(bundle: Bundle, sent: Sent) -> str:
    """A form as people know it."""
    key, first = bundle.room.key, payload_of(sent.args)
    if len(sent.args) > 1:
        pair = f"the {key} and the payload" if isinstance(first, str | int) else f"the payload and the {key}"
        return f"{pair} as two arguments"
    if isinstance(first, list):
        return "the payload in a list"
    if isinstance(first, str) and object_in(first) is not None:
        return "the payload as JSON text"
    if not isinstance(first, dict):
        return "its payload"
    if first.keys() >= {*ROOM_NAMES, *EVENT_NAMES, *WRAPPERS}:
        return "an envelope with every usual field"
    inner = [name for name, value in first.items() if name != key and isinstance(value, dict)]
    beside = [name for name in first if name not in inner]
    if len(inner) == 1 and (beside == [key] or [first[name] for name in beside] == [sent.event]):
        return f"{{{', '.join(beside)}, {inner[0]}: {{…}}}}"
    for call in bundle.calls.values():
        body = call.trigger.body if call.trigger else None
        if isinstance(body, dict) and {*body, key} == {*first} and call.broadcast == sent.event:
            return f"the body of {call.title}"
    documented = bundle.broadcast(sent.event)
    whole = documented is not None and set(documented.payload.document.get("required", ())) <= set(first)
    return "the documented payload" if whole else "{" + ", ".join(first) + "}"


def relayed_as(reading: Reading, relay: Relay) -> str:
    """Where a form came out: the event, and at whom."""
    entry = reading.entries[relay.index]
    match entry:
        case Got():
            return f"{entry.event!r} at {entry.actor}"
        case Acked():
            return f"the answer to {entry.event!r} at {entry.actor}"
        case Observed():
            return f"{entry.event!r} to {', '.join(entry.rooms)} (seen by {entry.actor})"
        case Called():
            return f"the answer to {entry.method} {entry.path}"
    return ""


MOST_RELAYS = 3
"""Relays that a finding names, each of another form or under another name."""


def judged(reading: Reading, one: Attempt, attempts: tuple[Attempt, ...], expected: str) -> Finding:
    """The finding on one attempt: what came out, or else why its absence proves something, or does not."""
    busy = {other.actor for other in attempts}
    relays = sorted((r for r in one.relays if r.sure), key=lambda r: (reading.entries[r.index].actor in busy, r.index))
    if relays:
        told: dict[str, Relay] = {}
        for relay in relays:
            as_what = reading.entries[relay.index]
            under = as_what.event if isinstance(as_what, Got) else relayed_as(reading, relay)
            told.setdefault(f"{form_name(reading.bundle, relay.form.sent)} as {under}", relay)
        shown = list(told.values())[:MOST_RELAYS]
        words = [
            f"{form_name(reading.bundle, relay.form.sent)} came out as {relayed_as(reading, relay)}" for relay in shown
        ]
        more = f"; and {len(told) - len(shown)} more" if len(told) > len(shown) else ""
        evidence = [index for relay in shown for index in (relay.form.index, relay.index)]
        return failed(one.event, expected, f"what a client emitted, relayed: {'; '.join(words)}{more}", *evidence)
    first = one.forms[0].index
    if one.relays:
        relay = one.relays[0]
        why = f"{relayed_as(reading, relay)} has the same values as what a client emitted, and may be the service's own"
        return unclear(one.event, why, relay.form.index, relay.index)
    came = taken(reading, one)
    closed = next((i for i, c in reading.each(Closed) if c.actor == one.actor and c.by == "service"), None)
    if closed is not None and (came is None or closed < came):
        why = "the service closed the connection of the client that emitted it: not every form could be tried"
        return unclear(one.event, why, first, closed)
    missed = next((i for i, m in reading.each(Missed) if m.actor == one.actor and one.event in m.what), None)
    if missed is not None:
        return unclear(one.event, "not every form could be emitted", first, missed)
    answer = handled(reading, one, attempts)
    if answer is not None:
        why = (
            f"the service answered it with {answer.what}, so it has a handler for it: no form that was tried was"
            " relayed, another may be"
        )
        return unclear(one.event, why, answer.form.index, answer.index, hint="look at what the handler does with it")
    found = fence(reading, one, busy)
    if found is None:
        return unclear(one.event, "nobody received anything that was sent later", first)
    count = len(one.forms)
    forms = f"any of its {count} forms" if count > 1 else "it"
    return passed(one.event, f"nobody received {forms}, and a later event arrived", first, found)
