"""A sequence diagram of what a transcript's entries show: actors, the service, and what went between them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from conformance.model.text import line
from conformance.model.transcript import (
    Acked,
    Answered,
    AnyEntry,
    Called,
    Closed,
    Got,
    Marked,
    Missed,
    Observed,
    Opened,
    Probed,
    Refused,
    Sent,
    Transcript,
)
from conformance.support.printable import printable

AROUND = 2
"""Entries of the same actors that are drawn before and after what shows a finding."""

MOST_ENTRIES = 24
"""More rows than that are no picture any more: those that show the finding stay, and a row says what is left out."""

Way: TypeAlias = Literal["to", "from", "back", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a diagram."""

    time: str
    actor: str
    way: Way
    """`to` the service, `from` it, `back` as an answer, or a `note` beside the actor."""
    text: str
    shows: bool = False
    """It is what shows the finding."""
    left_out: int = 0
    """So many entries are left out here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram:
    """A diagram: the actors from left to right, and its rows from top to bottom."""

    actors: tuple[str, ...]
    rows: tuple[Row, ...]


def diagram(transcript: Transcript, lines: Sequence[str]) -> Diagram | None:
    """The diagram of a finding.

    Args:
        lines: the lines of the transcript that show it; None is drawn where none is the transcript's.
    """
    wanted = set(lines)
    shows = [index for index, entry in enumerate(transcript.entries) if line(entry) in wanted]
    if not shows:
        return None
    actors = {transcript.entries[index].actor for index in shows}
    kept = sorted(_around(transcript.entries, shows, actors))
    rows, last = list[Row](), kept[0] - 1
    for index in kept:
        between = sum(entry.actor in actors for entry in transcript.entries[last + 1 : index])
        if between:
            rows.append(Row(time="", actor="", way="note", text="", left_out=between))
        rows.append(_row(transcript.entries[index], shows=index in shows))
        last = index
    named = dict.fromkeys(row.actor for row in rows if row.actor)
    return Diagram(actors=tuple(named), rows=tuple(rows))


def _around(entries: Sequence[AnyEntry], shows: Sequence[int], actors: set[str]) -> set[int]:
    """What is drawn: what shows it, and as much of what the same actors did as there is room for."""
    own = [index for index, entry in enumerate(entries) if entry.actor in actors]
    place = {index: at for at, index in enumerate(own)}
    kept = set(shows[:MOST_ENTRIES])
    for step in range(1, AROUND + 1):
        for index in shows:
            for at in (place[index] - step, place[index] + step):
                if 0 <= at < len(own) and len(kept) < MOST_ENTRIES:
                    kept.add(own[at])
    return kept


def _row(entry: AnyEntry, *, shows: bool) -> Row:
    way, text = _said(entry)
    return Row(time=f"{entry.at_s * 1000:.1f} ms", actor=entry.actor, way=way, text=printable(text), shows=shows)


def _said(entry: AnyEntry) -> tuple[Way, str]:
    match entry:
        case Sent(event=event):
            return "to", event
        case Got(event=event):
            return "from", event
        case Acked(event=event) | Answered(event=event):
            return ("back" if isinstance(entry, Acked) else "to"), f"ack of {event}"
        case Probed():
            return "back", "no such namespace: what was sent before has been read"
        case Called():
            return "to", f"{entry.method} => {entry.status or 'no answer'} {entry.path}"
        case Opened():
            return "to", "connects"
        case Refused():
            return "back", f"refused: {entry.message}"
        case Closed():
            return ("to" if entry.by == "us" else "from"), "closes the connection"
        case Observed():
            return "note", f"saw {', '.join(entry.rooms)}"
        case Marked():
            return "note", f"is {entry.mark} {entry.room}"
        case Missed():
            return "note", f"missed: {entry.what}"
