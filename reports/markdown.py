"""Markdown for people: what is broken first, the matrix, then the counts. It fits a job summary of GitHub (1 MiB)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from conformance.journal.records import Journal
from conformance.model.verdict import Outcome, Verdict, summary
from conformance.support.printable import printable
from reports.parts.ending import bundle_of, ended

MOST_BYTES = 1_000_000
"""What a job summary of GitHub holds is 1 MiB; a report that would be longer says what it leaves out."""

MOST_CHARACTERS = 500
"""Characters of one cell: more of a payload than that is in the journal."""

TOLD = (Outcome.FAIL, Outcome.ERROR, Outcome.WARNING, Outcome.KNOWN, Outcome.INCONCLUSIVE)
"""What is told one by one, the worst first."""


def render(journals: Sequence[Journal]) -> str:
    """The reports, cut with a word of it where they would be too long."""
    return fitting(chain.from_iterable(map(_lines, journals)))


def fitting(made: Iterable[str]) -> str:
    """As many of the lines as GitHub takes, and a word of the others."""
    lines, size, left = list[str](), 0, 0
    for line in made:
        size += len(line.encode("utf-8", "backslashreplace")) + 1
        if size > MOST_BYTES:
            left += 1
        else:
            lines.append(line)
    if left:
        lines.append(f"\n*{left} more lines are left out: the journal has them.*")
    return "\n".join(lines) + "\n"


def _lines(journal: Journal) -> Iterator[str]:
    header, counts = journal.header, summary(journal.verdicts)
    word, tone = ended(journal)
    yield f"## Roomcheck {cell(header.command)}: " + (word if tone == "good" else f"**{word}**")
    yield ""
    yield f"{cell(header.target or 'nothing')} against {cell(bundle_of(header))}: " + ", ".join(
        f"{counts[outcome]} {outcome}" for outcome in Outcome if counts[outcome]
    )
    for note in (*journal.notes, *journal.remarks):
        yield f"\n> {cell(note)}"
    for outcome in TOLD:
        found = [verdict for verdict in journal.verdicts if verdict.outcome is outcome]
        if found:
            yield from _table(outcome, found)
    if journal.matrix:
        yield from _matrix(journal)
    if journal.not_exercised:
        yield f"\n<details><summary>{len(journal.not_exercised)} clauses not exercised</summary>\n"
        yield from (f"- {cell(one.rule)}, {cell(one.subject)}: {cell(one.reason)}" for one in journal.not_exercised)
        yield "\n</details>"


def _table(outcome: Outcome, verdicts: list[Verdict]) -> Iterator[str]:
    yield f"\n### {len(verdicts)} {outcome}\n"
    yield "| rule | subject | expected | got |"
    yield "|---|---|---|---|"
    for verdict in verdicts:
        what = (verdict.expected, verdict.got) if verdict.expected else (verdict.message, "")
        yield "| " + " | ".join(cell(text) for text in (verdict.rule, verdict.subject, *what)) + " |"


def _matrix(journal: Journal) -> Iterator[str]:
    assert journal.matrix is not None  # noqa: S101 - asked before
    columns = journal.matrix.columns
    yield "\n### Events\n"
    yield "| event | " + " | ".join(map(cell, columns)) + " |"
    yield "|---|" + "---|" * len(columns)
    for name, cells in journal.matrix.rows.items():
        words = (f"**{word}**" if word in ("wrong", "missing") else cell(word) for word, _, _ in cells)
        yield f"| {cell(name)} | " + " | ".join(words) + " |"


def cell(text: str) -> str:
    """Text of anybody's, as nothing but text: no mark-up, no HTML, no link, no end of a cell."""
    cut = text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}… ({len(text)} characters)"
    shown = printable(cut).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_{}\[\]#|~@!])", r"\\\1", shown).replace("://", ":&#47;/")
