"""What a page shows of verdicts: the matrix, each finding with its diagram, the room map and the timeline. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.journal.records import Journal
from conformance.model.subject import Subject
from conformance.model.transcript import Marked, Observed, Transcript
from conformance.model.verdict import Outcome, Verdict
from reports.parts.sequence import Diagram, diagram

TOLD = (Outcome.ERROR, Outcome.FAIL, Outcome.WARNING, Outcome.KNOWN, Outcome.INCONCLUSIVE, Outcome.SKIP)
"""What is told one by one, in this order; what passed stands in a table."""

MOST_TOLD = 400
"""Findings that are told in full. A page with more of them is slow to open, and nobody reads it to its end."""

MOST_LISTED = 4000
"""Rows of a table."""

MARKS = {
    Outcome.PASS: "✓",
    Outcome.FAIL: "✗",
    Outcome.ERROR: "E",
    Outcome.WARNING: "!",
    Outcome.KNOWN: "k",
    Outcome.INCONCLUSIVE: "?",
    Outcome.SKIP: "–",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A verdict as the page tells it."""

    id: str
    verdict: Verdict
    diagram: Diagram | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A place of the matrix: the worst outcome of a rule on a subject, and where it is told."""

    mark: str
    outcome: str
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """Who is in a room, as one act showed it."""

    act: str
    room: str
    members: tuple[str, ...]
    names: tuple[str, ...]
    """The room's names as observers saw them."""


def found(journal: Journal, run: str) -> dict[str, Any]:
    """The findings: those told in full, those only listed, and what passed."""
    worst = _worst(journal)
    acts = {(one.act, one.transport): one for one in journal.transcripts}
    passed = [verdict for verdict in journal.verdicts if verdict.outcome is Outcome.PASS]
    return {
        "told": [
            Told(id=f"{run}v{number}", verdict=verdict, diagram=_diagram(acts, verdict))
            for number, verdict in enumerate(worst[:MOST_TOLD])
        ],
        "listed": worst[MOST_TOLD : MOST_TOLD + MOST_LISTED],
        "unlisted": max(0, len(worst) - MOST_TOLD - MOST_LISTED),
        "passed": passed[:MOST_LISTED],
        "passed_unlisted": max(0, len(passed) - MOST_LISTED),
        "missing": journal.not_exercised[:MOST_LISTED],
        "missing_unlisted": max(0, len(journal.not_exercised) - MOST_LISTED),
    }


def _worst(journal: Journal) -> list[Verdict]:
    """What is told one by one, in the order in which it is."""
    return [verdict for outcome in TOLD for verdict in journal.verdicts if verdict.outcome is outcome]


def _diagram(acts: dict[tuple[str, str], Transcript], verdict: Verdict) -> Diagram | None:
    transcript = acts.get((verdict.act, verdict.transport))
    return diagram(transcript, verdict.evidence) if transcript else None


def parts(journal: Journal, run: str) -> dict[str, Any]:
    """What only a check has."""
    events = set(journal.header.events)
    ids = {id(verdict): f"{run}v{number}" for number, verdict in enumerate(_worst(journal)[:MOST_TOLD])}
    by_event = [verdict for verdict in journal.verdicts if _row(verdict) in events]
    others = [verdict for verdict in journal.verdicts if _row(verdict) not in events]
    stays = list(_stays(journal.transcripts))
    return {
        "matrices": [
            ("Events", *_matrix(by_event, list(journal.header.events), ids)),
            ("Calls, ids, tokens and other clauses", *_matrix(others, [], ids)),
        ],
        "stays": stays[:MOST_LISTED],
        "stays_unlisted": max(0, len(stays) - MOST_LISTED),
        "timeline": _timeline(journal.transcripts),
    }


def _row(verdict: Verdict) -> str:
    """Replies stand in the row of their request."""
    return Subject.read(verdict.subject).name


def _matrix(
    verdicts: Sequence[Verdict], rows: list[str], ids: dict[int, str]
) -> tuple[list[str], list[tuple[str, list[Cell | None]]], int]:
    """(rules, rows of cells, rows left out) of some verdicts."""
    cells: dict[tuple[str, str], Verdict] = {}
    for verdict in verdicts:
        key = (_row(verdict), verdict.rule)
        old = cells.get(key)
        if old is None or _rank(verdict) < _rank(old):
            cells[key] = verdict
    rules = sorted({rule for _, rule in cells})
    names = list(dict.fromkeys([*rows, *sorted({subject for subject, _ in cells})]))
    made = []
    for name in names[:MOST_TOLD]:
        found = (cells.get((name, rule)) for rule in rules)
        made.append((name, [_cell(verdict, ids) if verdict else None for verdict in found]))
    return rules, made, max(0, len(names) - MOST_TOLD)


def _rank(verdict: Verdict) -> int:
    return tuple(Outcome).index(verdict.outcome)


def _cell(verdict: Verdict, ids: dict[int, str]) -> Cell:
    return Cell(mark=MARKS[verdict.outcome], outcome=verdict.outcome.value, target=ids.get(id(verdict), ""))


def _stays(transcripts: Sequence[Transcript]) -> Iterator[Stay]:
    """Every room of every act, with what showed its members and its name."""
    for transcript in transcripts:
        members: dict[str, dict[str, None]] = defaultdict(dict)
        names: dict[str, dict[str, None]] = defaultdict(dict)
        for entry in transcript.entries:
            if isinstance(entry, Marked) and entry.mark == "in":
                members[entry.room][f"{entry.actor} (by {entry.how})"] = None
            elif isinstance(entry, Observed):
                for room in transcript.rooms:
                    seen = (name for name in entry.rooms if room in name and name != room)
                    names[room].update(dict.fromkeys(f"{name} (by {entry.actor})" for name in seen))
        for room in dict.fromkeys([*transcript.rooms, *members]):
            yield Stay(act=transcript.act, room=room, members=tuple(members[room]), names=tuple(names[room]))


def _timeline(transcripts: Sequence[Transcript]) -> dict[str, Any]:
    """The acts in time: where each began and ended in percent of the whole, and where our event loop was stalled."""
    end_s = max((one.ended_s for one in transcripts), default=0.0) or 1.0

    def percent(seconds: float) -> float:
        return round(100 * max(0.0, seconds) / end_s, 3)

    return {
        "end_s": end_s,
        "acts": [
            {
                "act": one.act,
                "transport": one.transport,
                "left": percent(one.began_s),
                "width": max(0.3, percent(one.ended_s - one.began_s)),
                "took_s": one.ended_s - one.began_s,
                "entries": len(one.entries),
                "broke": one.broke,
            }
            for one in sorted(transcripts, key=lambda one: (one.began_s, one.ended_s))
        ],
    }
