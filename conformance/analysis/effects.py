"""What invalid requests brought about: each effect paired with the one request whose values it carries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.analysis.matching import values_key
from conformance.analysis.reading import Reading
from conformance.model.ids import SPOILT
from conformance.model.payload import flat, payload_of, same
from conformance.model.transcript import Got, Observed, Sent
from conformance.plan.payloads import is_number

DRAWN_DECIMALS = 4
"""Decimals by which a number is known to have been drawn: those of examples and real positions seldom agree so far."""

DRAWN_CHARACTERS = 12
"""Characters by which a text is known to have been drawn: the nonce of a run and more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Something that was heard, or seen by an observer, and that an invalid request brought about."""

    index: int
    certain: bool
    """Whether it is nobody else's: it came in a room of this act alone, or carries values that were drawn for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Suspect:
    """An invalid request that has a broadcast."""

    index: int
    sent: Sent
    given: Mapping[str, Any]
    room: str | None
    names: frozenset[str]
    """What its broadcast is called, by the contract and by what a valid request brought about."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class _Fit:
    """How well an effect fits a request, the best last."""

    in_room: bool
    drawn: bool
    signed: bool
    shared: int
    kept: int
    """Less one for each value that came out otherwise."""


def effects_of(reading: Reading) -> dict[int, tuple[Effect, ...]]:
    """The effects of each invalid request with fields, by the request's index: the certain ones first.

    An effect is a broadcast that no valid request or call explains. It belongs to the request that has most of its
    values in it, in the same room if it names one; without a value in common, or the sender's user, it is nobody's.
    """
    return reading.once(_effects_of)


def _effects_of(reading: Reading) -> dict[int, tuple[Effect, ...]]:
    suspects = _Suspects(reading)
    found: dict[int, list[Effect]] = defaultdict(list)
    for index, entry in _unexplained(reading, suspects.names):
        fits = [(fit, suspect) for suspect in suspects.of(entry) if (fit := _fit(reading, suspect, entry)) is not None]
        if fits:
            fit, suspect = max(fits, key=lambda one: one[0])
            certain = fit.in_room or fit.signed or fit.drawn
            found[suspect.index].append(Effect(index=index, certain=certain))
    return {index: tuple(sorted(some, key=lambda one: not one.certain)) for index, some in found.items()}


class _Suspects:
    """The invalid requests that have a broadcast, by what an effect of theirs has in it.

    Of those that are alike in all that an effect is compared with, the first is enough: it is the one that is named.
    """

    def __init__(self, reading: Reading) -> None:
        self._users = reading.users
        self._key = reading.bundle.room.key
        self._by: dict[Hashable, dict[int, _Suspect]] = defaultdict(dict)
        self.names: frozenset[str] = frozenset()
        alike: set[Hashable] = set()
        for suspect in _suspects(reading):
            given = values_key(suspect.given, tuple(suspect.given))
            like = (suspect.sent.actor, suspect.room, suspect.names, given)
            if like not in alike:
                alike.add(like)
                self.names |= suspect.names
                for mark in self._marks(suspect):
                    self._by[mark][suspect.index] = suspect
                # Without a value in common, all that counts is which fields were given.
                named = (suspect.sent.actor, suspect.room, suspect.names, frozenset(suspect.given))
                if named not in alike:
                    alike.add(named)
                    for event in suspect.names:
                        for user in self._users.get(suspect.sent.actor, ()):
                            self._by[event, user][suspect.index] = suspect

    def _marks(self, suspect: _Suspect) -> Iterator[Hashable]:
        """What one of these is found by: a value that it gave, or its room where it gave nothing."""
        for event in suspect.names:
            yield from ((event, values_key(suspect.given, (name,))) for name in suspect.given)
            if not suspect.given:
                yield event, suspect.room, ()

    def of(self, entry: Got | Observed) -> list[_Suspect]:
        """Those that may have brought an effect about, in their order."""
        payload = flat(payload_of(entry.args))
        marks: list[Hashable] = [(entry.event, values_key(payload, (name,))) for name in payload]
        marks += [(entry.event, value) for value in payload.values() if isinstance(value, str)]
        marks.append((entry.event, _subject(payload.get(self._key)), ()))
        found: dict[int, _Suspect] = {}
        for mark in marks:
            found.update(self._by.get(mark, {}))
        return [found[index] for index in sorted(found)]


def _suspects(reading: Reading) -> Iterator[_Suspect]:
    key = reading.bundle.room.key
    others = _other_names(reading)
    for index, sent in reading.each(Sent):
        request = reading.bundle.request(sent.event)
        payload = payload_of(sent.args)
        broadcast = reading.bundle.broadcast(request.broadcast or "") if request else None
        # What everyone receives comes from any act: that it is of this request cannot be known.
        if (
            request
            and request.broadcast
            and broadcast
            and broadcast.to_room
            and not broadcast.causes.is_unseen
            and isinstance(payload, dict)
            and not request.payload.is_valid(payload)
        ):
            given = {name: value for name, value in flat(payload).items() if name != key}
            names = frozenset({request.broadcast}) | others.get(sent.event, frozenset())
            yield _Suspect(index=index, sent=sent, given=given, room=_subject(payload.get(key)), names=names)


def _other_names(reading: Reading) -> dict[str, frozenset[str]]:
    """Undocumented names under which the broadcasts of valid requests came, by request."""
    found: dict[str, frozenset[str]] = {}
    for provocation in reading.provocations:
        sent = reading.entries[provocation.index]
        if isinstance(sent, Sent) and reading.control(provocation) is None:
            place = reading.renamed(provocation)
            entry = reading.entries[place] if place is not None else None
            if isinstance(entry, Got):
                found[sent.event] = found.get(sent.event, frozenset()) | {entry.event}
    return found


def _subject(value: Any) -> str | None:
    """The subject that an id names, be it a number: its text, or none."""
    return str(value) if (isinstance(value, str) and value) or is_number(value) else None


def _unexplained(reading: Reading, names: frozenset[str]) -> Iterator[tuple[int, Got | Observed]]:
    """What was heard or published under one of these names, and no valid cause explains."""
    given = _given(reading, names)
    for index, entry in enumerate(reading.entries) if names else ():
        if not isinstance(entry, Got | Observed) or index in reading.explained or not entry.args:
            continue
        payload = payload_of(entry.args)
        if entry.event not in names or not isinstance(payload, dict):
            continue
        carried = (values.get(values_key(payload, fields)) for fields, values in given[entry.event].items())
        if not any(first_s is not None and first_s <= entry.at_s for first_s in carried):
            yield index, entry


def _given(reading: Reading, names: frozenset[str]) -> dict[str, dict[tuple[str, ...], dict[Hashable, float]]]:
    """When the values of valid causes were given first, by the broadcast and the fields that carry them."""
    found: dict[str, dict[tuple[str, ...], dict[Hashable, float]]] = {name: defaultdict(dict) for name in names}
    for provocation in reading.provocations:
        if provocation.event in names:
            fields = tuple(provocation.echoes)
            values = found[provocation.event][fields]
            key = values_key(provocation.echoes, fields)
            values[key] = min(values.get(key, provocation.at_s), provocation.at_s)
    return found


def _fit(reading: Reading, suspect: _Suspect, entry: Got | Observed) -> _Fit | None:
    """How well an effect fits a request; None where it cannot be its."""
    payload = flat(payload_of(entry.args))
    if entry.at_s < suspect.sent.at_s:
        return None
    own = {room for room in reading.transcript.rooms if room not in SPOILT}
    room = _subject(payload.get(reading.bundle.room.key))
    in_room = room in own and room == suspect.room
    shared = [name for name, value in suspect.given.items() if name in payload and same(payload[name], value)]
    drawn = any(_is_drawn(suspect.given[name]) for name in shared)
    if room in own and not in_room and not drawn:
        return None  # Another request's, or a changed one that is due there.
    users = reading.users.get(suspect.sent.actor, frozenset())
    signed = any(isinstance(value, str) and value in users for value in payload.values())
    broadcast = reading.bundle.broadcast(entry.event or "")
    # A request that gave nothing has nothing in common with its effect, which then lacks what was not given.
    lacking = in_room and not suspect.given and broadcast is not None and not broadcast.payload.is_valid(payload)
    if not shared and not signed and not lacking:
        return None
    differing = sum(name in payload for name in suspect.given) - len(shared)
    return _Fit(in_room=in_room, drawn=drawn, signed=signed, shared=len(shared), kept=-differing)


def _is_drawn(value: Any) -> bool:
    """Whether a value is one that hardly anybody else sends."""
    if isinstance(value, str):
        return len(value) >= DRAWN_CHARACTERS
    return isinstance(value, float) and round(value, DRAWN_DECIMALS - 1) != value
