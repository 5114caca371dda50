"""Comma-separated values: of a load its series, a line a time; of a check or an alignment a line a verdict."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from conformance.journal.records import Journal
from reports.parts.ending import BROKEN, cut, ended

VERDICT = ("command", "outcome", "rule", "subject", "transport", "message", "seen")
MOST_CHARACTERS = 30_000
"""Characters of a cell: spreadsheets hold 32,767."""

FORMULA = ("=", "+", "-", "@")
"""How a cell begins that a spreadsheet would compute."""


def render(journals: Sequence[Journal]) -> str:
    """The lines, each kind under a head of its own, with an empty line between."""
    tables = [
        list(_series(journal) if journal.header.command == "load" else _verdicts(journal)) for journal in journals
    ]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for number, rows in enumerate(tables):
        if number and rows[0] == tables[number - 1][0]:
            rows = rows[1:]
        elif number:
            out.write("\n")
        writer.writerows(rows)
    return out.getvalue()


def _series(journal: Journal) -> Iterator[list[object]]:
    counts = list(dict.fromkeys(name for one in journal.measured for name in one.counts))
    percents = list(dict.fromkeys(name for one in journal.measured for name in one.delivery_ms))
    worst = ("cpu_percent", "lag_ms", "backlog_bytes", "rss_kb")
    yield [
        "run", "at_s", "sockets", "rooms", "deliveries", *(f"delivery_{name}_ms" for name in percents),
        *map(_cell, counts), *(f"worker_most_{name}" for name in worst), "ended",
    ]  # fmt: skip
    for one in journal.measured:
        health = [max((told.get(name, 0.0) for told in one.workers.values()), default="") for name in worst]
        yield [
            _cell(journal.header.nonce), one.at_s, one.sockets, one.rooms, one.deliveries,
            *(one.delivery_ms.get(name, "") for name in percents), *(one.counts.get(name, 0) for name in counts),
            *health, "",
        ]  # fmt: skip

    blanks = 4 + len(percents) + len(counts) + len(worst)
    broken = (one for one in journal.verdicts if one.outcome in BROKEN)
    said = "; ".join((_ended(journal), *(f"{one.rule} ({one.subject}): {one.message}" for one in broken)))
    yield [_cell(journal.header.nonce), *([""] * blanks), _cell(said)]


def _verdicts(journal: Journal) -> Iterator[list[object]]:
    yield list(VERDICT)
    for one in journal.verdicts:
        texts = (journal.header.command, one.outcome.value, one.rule, one.subject, one.transport, one.message)
        yield [*map(_cell, texts), one.seen]
    for missing in journal.not_exercised:
        texts = (
            journal.header.command, "not exercised", missing.rule, missing.subject, missing.transport, missing.reason,
        )  # fmt: skip
        yield [*map(_cell, texts), 0]
    yield [journal.header.command, "ended", "", "", "", _cell(_ended(journal)), 0]


def _ended(journal: Journal) -> str:
    """How the run ended, and what it says besides."""
    return "; ".join((ended(journal)[0], *journal.notes, *journal.remarks))


def _cell(text: str) -> str:
    """Text that stays text in a spreadsheet, too."""
    shown = cut(text, MOST_CHARACTERS)
    return f"'{shown}" if shown.startswith(FORMULA) else shown
