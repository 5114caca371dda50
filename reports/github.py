"""Annotations of GitHub Actions: workflow commands on the standard output, ten of a kind and a notice for the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.journal.records import Journal
from conformance.model.verdict import Outcome, Verdict
from conformance.support.printable import printable
from reports.parts.ending import title, untold
from reports.parts.places import Spot, anchor, subject_of

MOST_OF_A_KIND = 10
"""GitHub shows ten errors, ten warnings and ten notices of a step, and drops the others without a word."""

MOST_CHARACTERS = 2000
KINDS = {
    Outcome.ERROR: "error",
    Outcome.FAIL: "error",
    Outcome.WARNING: "warning",
    Outcome.KNOWN: "notice",
}
"""What is annotated, and as what."""


def render(journals: Sequence[Journal]) -> str:
    """The commands, a line each."""
    lines: dict[str, list[str]] = {"error": [], "warning": [], "notice": []}
    for kind, line in (pair for journal in journals for pair in _annotations(journal)):
        lines[kind].append(line)
    shown = [*lines["error"][:MOST_OF_A_KIND], *lines["warning"][:MOST_OF_A_KIND]]
    left = sum(max(0, len(lines[kind]) - MOST_OF_A_KIND) for kind in ("error", "warning"))
    notices = [*lines["notice"][: MOST_OF_A_KIND - 1]]
    left += len(lines["notice"]) - len(notices)
    if left:
        notices.append(
            _command("notice", None, "Roomcheck", f"{left} more are in the report: GitHub shows ten of a kind")
        )
    return "".join(f"{line}\n" for line in (*shown, *notices))


def _annotations(journal: Journal) -> Iterator[tuple[str, str]]:
    for outcome, kind in KINDS.items():
        for verdict in journal.verdicts:
            if verdict.outcome is outcome:
                yield kind, _command(kind, anchor(journal, verdict), verdict.rule, _told(verdict))
    for note in journal.notes:
        yield "error", _command("error", None, "Roomcheck", note)
    # A run that says neither yes nor no must not look like one that had nothing to say.
    if untold(journal):
        yield "error", _command("error", None, "Roomcheck", title(journal))


def _told(verdict: Verdict) -> str:
    known = f" (known: {verdict.known})" if verdict.known else ""
    hint = f"\n{verdict.hint}" if verdict.hint else ""
    return f"{subject_of(verdict)}: {verdict.message}{known}{hint}"


def _command(kind: str, spot: Spot | None, name: str, text: str) -> str:
    facts = {"title": f"{name}"}
    if spot and ":" not in spot.uri:  # An absolute path is no file of the repository.
        facts = {"file": spot.file, "line": str(spot.line), "col": str(spot.column), **facts}
    said = ",".join(f"{fact}={_property(value)}" for fact, value in facts.items())
    return f"::{kind} {said}::{_data(text)}"


def _data(text: str) -> str:
    """Text with what ends a command or begins another escaped, as the runner reads it; cut with a word."""
    cut = text[:MOST_CHARACTERS]
    more = "" if len(text) <= MOST_CHARACTERS else f"… ({len(text)} characters; the journal has them all)"
    return "%0A".join(printable(line).replace("%", "%25") for line in cut.splitlines()) + more


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
