"""Events against what the contract, each document, the source and the wire say of them. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias

from conformance.align import vocabulary
from conformance.align.model import Evidence, Place
from conformance.align.rule import Found
from conformance.align.vocabulary import Vocabulary
from conformance.model.verdict import Outcome, Verdict

IN_DOCUMENTS, IN_SOURCE = "contract-event-is-in-documents", "documented-event-is-in-source"
"""The rules that find an event to be missing."""

AROUND = 1
"""Lines before and after a place that an excerpt shows."""

MOST_CHARACTERS = 160
"""Characters of one of its lines."""

OWN_COLUMNS = frozenset({"contract", "source", "client", "wire"})
"""The columns that are no document's."""

Word: TypeAlias = Literal["ok", "wrong", "missing", "not seen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one place says of one event."""

    word: Word
    place: str = ""
    """Where it says so first, or where it is wrong."""
    text: str = ""
    """What stands there: the line and its neighbours, each with its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """A row an event, a column a place."""

    columns: tuple[str, ...]
    rows: Mapping[str, tuple[Cell, ...]]

    def wrong(self) -> Matrix:
        """Only the rows in which something is wrong or missing."""
        rows = {
            name: cells for name, cells in self.rows.items() if any(one.word in ("wrong", "missing") for one in cells)
        }
        return Matrix(columns=self.columns, rows=rows)


def matrix(evidence: Evidence, found: Sequence[Found], wire: Sequence[Verdict] | None = None) -> Matrix:
    """The matrix of a run.

    Args:
        wire: what a check of the running service found; None where none was made.
    """
    found = [one for one in found if not one.is_warning]
    documents = [text.file for text in evidence.texts if text.origin == "document"]
    sources = [text.file for text in evidence.texts if text.origin == "source"]
    clients = [text.file for text in evidence.texts if text.origin == "client"]
    words = vocabulary.of(evidence.bundle)
    strange = {one.drift.subject for one in found if one.rule.judges in ("event", "direction", "payload")}
    strange |= {one.subject for one in wire or () if one.outcome is Outcome.FAIL and one.subject in words.retired}
    names = [*evidence.bundle.events, *sorted(name for name in strange if name not in evidence.bundle.events)]
    names = [name for name in names if name in words.events or name in words.retired or ":" in name]
    own = [name for name, there in (("source", sources), ("client", clients), ("wire", wire is not None)) if there]
    columns = ("contract", *documents, *own)
    written = {text.file: text.written.split("\n") for text in evidence.texts}
    text = partial(_text, _found_of(found), _places_of(evidence), written)
    rows = {}
    for name in dict.fromkeys(names):
        cells = [_contract(name, words)]
        cells += [text(name, (file,), IN_DOCUMENTS) for file in documents]
        cells += [text(name, sources, IN_SOURCE)] if sources else []
        cells += [text(name, clients, "")] if clients else []
        cells += [_wire(name, wire)] if wire is not None else []
        rows[name] = tuple(cells)
    return Matrix(columns=columns, rows=rows)


def excerpt(written: Mapping[str, Sequence[str]], place: Place) -> str:
    """The line of a place between its neighbours, each with its number and cut where it is very long."""
    lines = written.get(place.file, ())
    first, last = max(1, place.line - AROUND), min(len(lines), place.line + AROUND)
    return "\n".join(f"{number:>5} {lines[number - 1][:MOST_CHARACTERS]}" for number in range(first, last + 1))


def _contract(name: str, words: Vocabulary) -> Cell:
    if name in words.bundle.events:
        return Cell(word="ok", place=words.bundle.events[name].place)
    return Cell(word="ok" if name in words.events else "wrong" if name in words.retired else "missing")


def _found_of(found: Iterable[Found]) -> dict[str, list[Found]]:
    made: dict[str, list[Found]] = defaultdict(list)
    for one in found:
        made[one.drift.subject].append(one)
    return made


def _places_of(evidence: Evidence) -> dict[str, list[Place]]:
    """Where each event is named, file by file."""
    made: dict[str, list[Place]] = defaultdict(list)
    for text in evidence.texts:
        for claim in text.claims:
            if claim.kind == "event":
                made[claim.subject].append(claim.place)
    return made


def _text(
    found: Mapping[str, Sequence[Found]],
    places: Mapping[str, Sequence[Place]],
    written: Mapping[str, Sequence[str]],
    name: str,
    files: Sequence[str],
    absence: str,
) -> Cell:
    own = found.get(name, ())
    wrong = next((one for one in own if one.rule.id != absence and one.drift.place.file in files), None)
    there = next((place for place in places.get(name, ()) if place.file in files), None)
    if wrong:
        return Cell(word="wrong", place=str(wrong.drift.place), text=excerpt(written, wrong.drift.place))
    if there:
        return Cell(word="ok", place=str(there), text=excerpt(written, there))
    return Cell(word="missing" if any(one.rule.id == absence for one in own) else "not seen")


def _wire(name: str, verdicts: Sequence[Verdict]) -> Cell:
    own = [verdict.outcome for verdict in verdicts if verdict.subject == name]
    if Outcome.FAIL in own:
        return Cell(word="wrong")
    return Cell(word="ok" if Outcome.PASS in own else "not seen")
