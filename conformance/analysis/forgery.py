"""What became of events that a client may not emit: forged values, wherever they came out again.

Each form in which a name was emitted carries values that occur nowhere else. Whoever receives one of them, under any
name and at any depth, has received the forgery. Where a relay replaces all of those, what is left of the payload tells.
"""

from __future__ import annotations

import difflib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from conformance.analysis.reading import Reading
from conformance.analysis.renames import SAME_NAME_RATIO
from conformance.model.marks import MARK, leaves, marks_in
from conformance.model.payload import payload_of, room_of
from conformance.model.transcript import Acked, AnyEntry, Called, Got, Observed, Opened, Sent
from contracts.model import Bundle

LONG_TEXT = 12
"""Characters from which a text that was emitted once can be told from one that a service made up: an id, a date."""

LONG_NUMBER = 7
"""Digits from which a number can be told so: one in ten million."""

TIME = re.compile(r"\d{4}-\d\d-\d\dT")
FIRST_TIME_MS = 10**12
"""Unix milliseconds of September 2001: a whole number from there on may be a time."""

NEAR_DIGITS = 3
"""Decimals that a number keeps where services round it: a hundred metres of latitude."""

NEAR_COUNT = 2
"""Rounded numbers of one form that have to come out together: one alone may be anybody's."""

CHOICES_COUNT = 2
"""Forms without marks that have to come out, each with its own choice of values, before chance is ruled out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One emission of a name."""

    index: int
    sent: Sent
    room: str | None
    marks: frozenset[str]
    """What nothing else carries."""
    numbers: tuple[float, ...]
    """Its numbers, shortened to the digits that a service keeps."""
    choices: frozenset[tuple[str, str]]
    """(field, value) of what has few values, such as a status: one alone proves nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """A form that came out again."""

    form: Form
    index: int
    """The entry that shows it."""
    sure: bool
    """Whether it carries what nothing else does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """All that one actor emitted of one name, and what came of it."""

    event: str
    actor: str
    forms: tuple[Form, ...]
    relays: tuple[Relay, ...] = ()

    @property
    def last_s(self) -> float:
        """When the last form was emitted."""
        return self.forms[-1].sent.at_s


def is_server_only(bundle: Bundle, event: str) -> bool:
    """Whether neither a client nor a peer service may emit the name."""
    found = bundle.events.get(event)
    return found is not None and found.broadcast is not None and found.request is None


def is_unknown(bundle: Bundle, event: str) -> bool:
    """Whether no document has the name."""
    return event not in bundle.events and all(retired.event != event for retired in bundle.retired)


def attempts_in(reading: Reading) -> tuple[Attempt, ...]:
    """The attempts of a transcript: server-only names, retired names, and names that nobody knows."""
    return reading.once(_attempts_in)


def _attempts_in(reading: Reading) -> tuple[Attempt, ...]:
    bundle = reading.bundle
    retired = {one.event for one in bundle.retired if one.direction == "client_to_server"}
    found: dict[tuple[str, str], list[tuple[int, Sent]]] = defaultdict(list)
    for index, sent in reading.each(Sent):
        unknown = is_unknown(bundle, sent.event) and bool(marks_in(sent.args))
        if is_server_only(bundle, sent.event) or sent.event in retired or unknown:
            found[sent.event, sent.actor].append((index, sent))
    if not found:
        return ()
    values = _Values(reading, {index for sents in found.values() for index, _ in sents})
    attempts = (
        Attempt(event=event, actor=actor, forms=tuple(values.form(*one) for one in sents))
        for (event, actor), sents in found.items()
    )
    return tuple(replace(one, relays=tuple(relays)) for one, relays in _relayed(reading, tuple(attempts)))


def forged_entries(reading: Reading) -> frozenset[int]:
    """The events that carry what a client forged, those at the client itself too."""
    attempts = attempts_in(reading)
    marked = {index for index, got in reading.each(Got) if marks_in(got.args)} if attempts else set[int]()
    return frozenset(marked | {relay.index for one in attempts for relay in one.relays if relay.sure})


# --- what tells a form -------------------------------------------------------------------------------------


class _Values:
    """The values that tell one forged form from the others, and from everything that is no forgery."""

    def __init__(self, reading: Reading, forged: set[int]) -> None:
        self._reading = reading
        self._plain = {reading.bundle.room.key, *(name for one in reading.bundle.broadcasts() for name in one.clocks)}
        first_s = min(reading.entries[index].at_s for index in forged)
        self._known = {
            pair
            for index, entry in enumerate(reading.entries)
            if index not in forged and (isinstance(entry, Sent | Called | Opened) or entry.at_s < first_s)
            for pair in pairs(said_by(entry, asked=True))
        }
        """What was sent besides, or heard before: it proves no forgery."""
        self._known_texts = {text for _, text in self._known}
        self._uses = Counter(
            text for index in forged for text in {text for _, text in pairs(said_by(reading.entries[index]))}
        )

    def form(self, index: int, sent: Sent) -> Form:
        """An emission with what tells it from all others."""
        marks = set(marks_in(sent.args))
        numbers: list[float] = []
        choices: set[tuple[str, str]] = set()
        for name, value in leaves(sent.args):
            text = _text(value)
            if name in self._plain or text in self._known_texts or MARK.search(text):
                continue
            if self._uses[text] == 1 and _is_long(value):
                marks.add(text)
                numbers += [round(value, NEAR_DIGITS)] if isinstance(value, float) else []
            elif name and value is not None:
                choices.add((name, text))
        return Form(
            index=index,
            sent=sent,
            room=_room(self._reading.bundle, sent.args),
            marks=frozenset(marks),
            numbers=tuple(numbers),
            choices=frozenset(choices),
        )


def _room(bundle: Bundle, args: tuple[Any, ...]) -> str | None:
    """The room that arguments speak of: the first names it, is it, or is the text of an object that names it."""
    first = payload_of(args)
    if isinstance(first, int) and not isinstance(first, bool) and bundle.room.has_numbers:
        return str(first)
    if not isinstance(first, str):
        return room_of(bundle, first)
    return room_of(bundle, object_in(first)) or first


def object_in(text: str) -> dict[str, Any] | None:
    """The object of which a text is the JSON."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _text(value: Any) -> str:
    """A value as a text that no value of another type has."""
    return value.casefold() if isinstance(value, str) else f"={value!r}"


def pairs(said: Any) -> set[tuple[str, str]]:
    """(field, value as a text) of everything that was said."""
    return {(name, _text(value)) for name, value in leaves(said)}


def _is_long(value: Any) -> bool:
    """Whether a value that was emitted once cannot well be another's. A time can: everybody has the same clock."""
    if isinstance(value, str):
        return len(value) >= LONG_TEXT and not TIME.match(value)
    is_time = isinstance(value, int) and value >= FIRST_TIME_MS
    return isinstance(value, int | float) and not is_time and len(re.sub(r"\D", "", repr(value))) >= LONG_NUMBER


def said_by(entry: AnyEntry, *, asked: bool = False) -> Any:
    """What an entry carries: of a call its answer, and with `asked` what it was made with."""
    match entry:
        case Sent() | Got() | Acked() | Observed():
            return entry.args
        case Called():
            return [entry.answer, *([entry.params, entry.query, entry.body] if asked else ())]
        case Opened():
            return [entry.socket, entry.user]
    return None


# --- where it came out -------------------------------------------------------------------------------------


def _relayed(reading: Reading, attempts: tuple[Attempt, ...]) -> Iterator[tuple[Attempt, list[Relay]]]:
    """Each attempt with the entries that show one of its forms again, at anybody but the actor."""
    # Where a mark was used twice it is of the first form: what came out after that may be of either.
    by_mark = {mark: (one, form) for one in attempts for form in reversed(one.forms) for mark in form.marks}
    by_number: dict[float, list[tuple[Attempt, Form]]] = defaultdict(list)
    for one in attempts:
        for form in one.forms:
            for number in form.numbers:
                by_number[number].append((one, form))
    found: dict[tuple[str, str], list[Relay]] = defaultdict(list)
    explained = {index for indices in reading.deliveries.values() for index in indices}
    sockets = {opened.socket: opened.actor for _, opened in reading.each(Opened)}
    documented, alike = reading.documented_names(), dict[str, list[Attempt]]()
    unasked = {broadcast.event for broadcast in reading.bundle.broadcasts() if broadcast.causes.is_unseen}
    for index, entry in enumerate(reading.entries):
        if not isinstance(entry, Got | Acked | Called | Observed):
            continue
        carried = list(_carried(said_by(entry), by_mark, by_number))
        told = [(one, form, True) for one, form in carried]
        if not carried and isinstance(entry, Got) and index not in explained:
            if entry.event not in alike:
                # What may come at any time comes with anybody's values: only what nothing else carries proves a relay.
                candidates = () if entry.event in unasked else attempts
                alike[entry.event] = _namesakes(candidates, entry.event, documented)
            told = [(one, form, False) for one, form in _alike(reading, alike[entry.event], entry)]
        found_here = set()
        for one, form, sure in told:
            fits = form.sent.at_s <= entry.at_s and _is_to_others(reading, one, entry, sockets)
            if fits and form.index not in found_here:
                found_here.add(form.index)
                found[one.event, one.actor].append(Relay(form=form, index=index, sure=sure))
    for one in attempts:
        relays = found[one.event, one.actor]
        chosen = {relay.form.choices for relay in relays if not relay.sure}
        if len(chosen) >= CHOICES_COUNT:
            relays = [replace(relay, sure=True) for relay in relays]
        yield one, relays


def _carried(
    said: Any, by_mark: Mapping[str, tuple[Attempt, Form]], by_number: Mapping[float, list[tuple[Attempt, Form]]]
) -> Iterator[tuple[Attempt, Form]]:
    """The forms whose marks, or numbers, stand in what was said."""
    near: dict[int, dict[float, tuple[Attempt, Form]]] = defaultdict(dict)
    for _, value in leaves(said):
        text = _text(value)
        for mark in (text, *MARK.findall(text)):
            if mark in by_mark:
                yield by_mark[mark]
        if isinstance(value, float):
            number = round(value, NEAR_DIGITS)
            for one, form in by_number.get(number, ()):
                near[form.index][number] = one, form
    for numbers in near.values():
        if len(numbers) >= NEAR_COUNT:
            yield next(iter(numbers.values()))


def _namesakes(attempts: tuple[Attempt, ...], event: str, documented: frozenset[str]) -> list[Attempt]:
    """The attempts at a name, or, where no document has it, at names like it."""
    if event in documented:
        return [one for one in attempts if one.event == event]
    made = [(one, difflib.SequenceMatcher(None, event.casefold(), one.event.casefold())) for one in attempts]
    return [one for one, matcher in made if matcher.ratio() >= SAME_NAME_RATIO]


def _alike(reading: Reading, attempts: list[Attempt], got: Got) -> Iterator[tuple[Attempt, Form]]:
    """The forms whose room and choices of values an event has that nothing explains."""
    said = pairs(got.args) if attempts else set()
    room = room_of(reading.bundle, payload_of(got.args))
    for one in attempts:
        for form in one.forms:
            if form.room is None or form.room != room or not form.choices <= said:
                continue
            # A form with nothing but marks would have been known by them; one with nothing at all has only its name.
            if form.choices or (not form.marks and got.event == one.event):
                yield one, form


def _is_to_others(reading: Reading, one: Attempt, entry: AnyEntry, sockets: Mapping[str, str]) -> bool:
    """Whether an entry shows that anybody but the actor got something."""
    match entry:
        case Observed():
            return entry.event is not None and any(sockets.get(room) != one.actor for room in entry.rooms)
        case Got():
            # An error that quotes what was emitted is another fault where others get it.
            quoted = entry.event == reading.bundle.errors != one.event
            return entry.actor != one.actor and not quoted
        case Acked():
            return entry.actor != one.actor
    return True
