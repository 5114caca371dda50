"""How reports say in a word or two what came of a run. Pure."""

from __future__ import annotations

from typing import Literal, TypeAlias

from conformance.journal.records import Header, Journal
from conformance.model.exit_code import Exit
from conformance.model.verdict import Outcome
from conformance.support.printable import printable

Tone: TypeAlias = Literal["good", "bad", "unsure"]

_SAID: dict[int, tuple[str, Tone]] = {
    Exit.HOLDS: ("holds", "good"),
    Exit.BROKEN: ("broken", "bad"),
    Exit.USAGE: ("could not be run", "bad"),
    Exit.UNREACHABLE: ("unreachable", "bad"),
    Exit.CANNOT_TELL: ("cannot tell", "unsure"),
    Exit.OUR_ERROR: ("internal error", "bad"),
    Exit.INTERRUPTED: ("interrupted", "unsure"),
}


BROKEN = (Outcome.FAIL, Outcome.ERROR)
"""Outcomes after which a run is no success."""


def ended(journal: Journal) -> tuple[str, Tone]:
    """How a run ended, and whether that is good."""
    code = journal.footer.exit_code if journal.footer else None
    if code == 0 and any(verdict.outcome in BROKEN for verdict in journal.verdicts):
        return "contradicts itself: it ended with 0, and has failures", "bad"
    return worded(code)


def worded(exit_code: int | None) -> tuple[str, Tone]:
    """The same from the exit code alone; None where there is none."""
    if exit_code is None:
        return "cut off: the journal is truncated", "unsure"
    return _SAID.get(exit_code, (f"ended with {exit_code}", "bad"))


def untold(journal: Journal) -> bool:
    """Whether no note and no verdict says that the run was no success; of one that was cut off none says it."""
    if journal.footer is None:
        return True
    told = journal.notes or any(verdict.outcome in BROKEN for verdict in journal.verdicts)
    return ended(journal)[1] != "good" and not told


def cut(text: str, most: int) -> str:
    """Text of anybody's, printable, and cut with a word where it has no end."""
    shown = printable(text[:most])
    return shown if len(text) <= most else f"{shown}… ({len(text)} characters; the journal has them all)"


def bundle_of(header: Header) -> str:
    """The contracts, by name and version."""
    return f"{header.bundle_name or header.bundle} {header.bundle_version}".strip()


def title(journal: Journal) -> str:
    """One line for a run: what was run, on what, and how it ended."""
    header = journal.header
    why = f": {journal.footer.why}" if journal.footer is not None and journal.footer.why else ""
    target = header.target or "nothing"
    return f"Roomcheck {header.command}: {ended(journal)[0]} ({target} against {bundle_of(header)}){why}"
