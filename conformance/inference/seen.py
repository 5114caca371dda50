"""All that a recording shows of each event, summed up one transcript at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from conformance.inference.scenes import Scene, scene_of
from conformance.inference.shapes import Shape
from conformance.model.transcript import Acked, AnyEntry, Got, Observed, Sent, Transcript

MOST_ENTRIES = 100_000
"""Entries of which causes and receivers are worked out; of a longer recording, the schemas alone grow further."""
LONGEST_NAME = 120
"""Characters of the name of an event; a longer one is no name that anybody chose."""
MOST_EVENTS = 500
"""Different names of one direction; whoever sends more makes them up."""


@dataclass(slots=True, kw_only=True)
class Arguments:
    """What stands in the places of some arguments."""

    counts: Counter[int] = field(default_factory=Counter)
    """How often there were how many."""
    places: list[Shape] = field(default_factory=list)

    def add(self, args: Sequence[Any]) -> None:
        """Take the arguments of one event or ack."""
        self.counts[len(args)] += 1
        while len(self.places) < min(len(args), MOST_ARGUMENTS):
            self.places.append(Shape())
        for shape, value in zip(self.places, args, strict=False):
            shape.add(value)

    def merge(self, other: Arguments) -> None:
        """Take all that another summary has taken."""
        self.counts.update(other.counts)
        while len(self.places) < len(other.places):
            self.places.append(Shape())
        for shape, more in zip(self.places, other.places, strict=False):
            shape.merge(more)

    @property
    def count(self) -> int:
        """How many arguments there are usually."""
        return max(self.counts, key=lambda number: (self.counts[number], number), default=0)

    @property
    def total(self) -> int:
        """How many times they were taken."""
        return self.counts.total()


MOST_ARGUMENTS = 16
"""Arguments of one event that are looked at."""


@dataclass(slots=True, kw_only=True)
class Told:
    """What the service sent under one name."""

    args: Arguments = field(default_factory=Arguments)
    examples: list[tuple[Any, ...]] = field(default_factory=list)
    asked: int = 0
    """How many times an ack was asked for."""
    answers: Arguments = field(default_factory=Arguments)
    answer: tuple[Any, ...] | None = None
    namespaces: set[str] = field(default_factory=set)


@dataclass(slots=True, kw_only=True)
class Seen:
    """What was seen in all transcripts."""

    scenes: list[Scene] = field(default_factory=list)
    told: dict[str, Told] = field(default_factory=dict)
    entries: int = 0
    unnamed: Counter[str] = field(default_factory=Counter)
    """Why names were left out, and how often."""


MOST_EXAMPLES = 200
"""Different arguments of an event that are kept, to be held against contracts that are there."""


def seen_in(transcripts: Iterable[Transcript], progress: Callable[[], None] = lambda: None) -> Seen:
    """Read transcripts, each of which is let go of once it is read.

    Args:
        progress: is called after each of them.
    """
    seen = Seen()
    for transcript in transcripts:
        _take(seen, transcript)
        progress()
    return seen


def _take(seen: Seen, transcript: Transcript) -> None:
    fit = transcript
    bad = [one for one in transcript.entries if _is_misnamed(one)]
    if bad:
        seen.unnamed["a name that is empty, longer than 120 characters or not printable"] += len(bad)
        kept = tuple(one for one in transcript.entries if not _is_misnamed(one))
        fit = msgspec.structs.replace(transcript, entries=kept)
    room_left = MOST_ENTRIES - seen.entries
    scene = scene_of(fit if len(fit.entries) <= room_left else _cut(fit, max(0, room_left)))
    for entry in fit.entries:
        if isinstance(entry, Got) and not entry.fault:
            _told(seen, entry)
    heard = {one.event for one in scene.publications}
    for observed in fit.entries:
        # What an observer sees sent to rooms that no socket of the recording is in.
        if isinstance(observed, Observed) and observed.event and observed.event not in heard and observed.args:
            _told(seen, Got(at_s=observed.at_s, actor=observed.actor, event=observed.event, args=observed.args))
    for one in scene.publications:
        if one.event in seen.told:
            seen.told[one.event].namespaces.add(one.namespace)
    seen.entries += len(fit.entries)
    if room_left > 0:
        seen.scenes.append(scene)


def _told(seen: Seen, got: Got) -> None:
    told = seen.told.get(got.event)
    if told is None:
        if len(seen.told) >= MOST_EVENTS:
            seen.unnamed[f"more than {MOST_EVENTS} different names"] += 1
            return
        told = seen.told[got.event] = Told()
    told.args.add(got.args)
    if len(told.examples) < MOST_EXAMPLES:
        told.examples.append(got.args)
    if got.ack is not None:
        told.asked += 1
        if got.answer:
            told.answers.add(got.answer)
            told.answer = told.answer or got.answer


def _cut(transcript: Transcript, count: int) -> Transcript:
    """The first entries of a transcript."""
    kept = transcript.entries[:count]
    return msgspec.structs.replace(transcript, entries=kept, ended_s=kept[-1].at_s if kept else transcript.began_s)


def _is_misnamed(entry: AnyEntry) -> bool:
    name = entry.event if isinstance(entry, Got | Sent | Observed | Acked) else None
    return name is not None and not is_name(name)


def is_name(name: str) -> bool:
    """Whether a text can be the name of an event in a contract."""
    return bool(name.strip()) and len(name) <= LONGEST_NAME and name.isprintable()
