"""Runs over time: one SQLite file that many may write at the same time, and that is read for lists and trends."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from conformance.journal.records import Journal, Record, encode
from conformance.model.verdict import Outcome, summary, verified_percent
from conformance.support.errors import UsageError

FORMAT = 1
"""The version of the tables, as SQLite's `user_version`; a reader refuses what is newer."""

WAIT_S = 60.0
"""How long a writer waits for the others: each holds the file for some milliseconds."""

MOST_BROKEN = 1000
"""Broken clauses that are kept of a run; the journal has them all."""

TABLES = """
CREATE TABLE runs (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, began TEXT NOT NULL, command TEXT NOT NULL, target TEXT NOT NULL,
  bundle TEXT NOT NULL, version TEXT NOT NULL, exit_code INTEGER, took_s REAL NOT NULL, verified REAL NOT NULL
);
CREATE TABLE counts (run INTEGER NOT NULL REFERENCES runs, outcome TEXT NOT NULL, count INTEGER NOT NULL);
CREATE TABLE broken (
  run INTEGER NOT NULL REFERENCES runs, rule TEXT NOT NULL, subject TEXT NOT NULL, message TEXT NOT NULL
);
CREATE TABLE figures (run INTEGER NOT NULL REFERENCES runs, name TEXT NOT NULL, value REAL NOT NULL);
CREATE INDEX counts_run ON counts (run);
CREATE INDEX broken_run ON broken (run);
CREATE INDEX figures_run ON figures (run);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A run as the history has it."""

    id: int
    began: str
    command: str
    target: str
    bundle: str
    version: str
    exit_code: int | None
    """None where the journal was cut off."""
    took_s: float
    verified: float
    """Percent."""
    counts: dict[str, int] = field(default_factory=dict)
    broken: tuple[tuple[str, str, str], ...] = ()
    """(rule, subject, message)."""
    figures: dict[str, float] = field(default_factory=dict)
    """Of a load, in ms, or deliveries a second."""


def add(path: Path, journals: Sequence[Journal]) -> int:
    """Keep runs; one that is there already is not kept twice.

    Returns:
        how many were new.

    Raises:
        UsageError: the file cannot be written, or is no history.
    """
    with _opened(path) as base:
        base.execute("BEGIN IMMEDIATE")
        new = sum(_added(base, journal) for journal in journals)
        base.execute("COMMIT")
    return new


def runs(path: Path, limit: int) -> list[Kept]:
    """The latest runs, the oldest of them first.

    Raises:
        UsageError: there is no such file, or it is no history.
    """
    if not path.exists():
        raise UsageError(f"--history: there is no {path}; a run with --history creates it")
    with _opened(path) as base:
        rows = base.execute(
            "SELECT id, began, command, target, bundle, version, exit_code, took_s, verified FROM runs "
            "ORDER BY began DESC, id DESC LIMIT ?",
            (limit,),
        ).fetchall()
        return [_kept(base, row) for row in reversed(rows)]


def _kept(base: sqlite3.Connection, row: tuple[object, ...]) -> Kept:
    names = ("id", "began", "command", "target", "bundle", "version", "exit_code", "took_s", "verified")
    own = (row[0],)
    return Kept(
        **dict(zip(names, row, strict=True)),  # type: ignore[arg-type]  # the table's own columns
        counts=dict(base.execute("SELECT outcome, count FROM counts WHERE run = ?", own)),
        broken=tuple(base.execute("SELECT rule, subject, message FROM broken WHERE run = ?", own)),
        figures=dict(base.execute("SELECT name, value FROM figures WHERE run = ?", own)),
    )


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The file with its tables, which are made where it is new."""
    if path.exists() and not path.is_file():
        raise UsageError(f"--history: {path} is no regular file; name a file, which is created where there is none")
    try:
        base = sqlite3.connect(path, timeout=WAIT_S, isolation_level=None)
    except sqlite3.Error as error:
        raise UsageError(f"--history: {path} cannot be opened: {error}") from error
    try:
        (version,) = base.execute("PRAGMA user_version").fetchone()
        if version == 0:
            _made(base)
        elif version > FORMAT:
            raise UsageError(
                f"--history: {path} has format {version}, newer than this version reads ({FORMAT}): upgrade"
            )
        yield base
    except sqlite3.Error as error:
        raise UsageError(f"--history: {path} is no history of Roomcheck, or cannot be written: {error}") from error
    finally:
        base.close()


def _made(base: sqlite3.Connection) -> None:
    """Make the tables, unless somebody else has meanwhile."""
    base.execute("BEGIN IMMEDIATE")
    (version,) = base.execute("PRAGMA user_version").fetchone()
    if version == 0:
        for statement in filter(str.strip, TABLES.split(";")):
            base.execute(statement)
        base.execute(f"PRAGMA user_version = {FORMAT}")
    base.execute("COMMIT")


def _added(base: sqlite3.Connection, journal: Journal) -> bool:
    header, footer = journal.header, journal.footer
    records: list[Record] = [header, *journal.verdicts, *([footer] if footer else [])]
    key = hashlib.sha256(b"\n".join(map(encode, records))).hexdigest()
    facts = (
        key, header.began, header.command, header.target_name or header.target,
        f"{header.bundle_name or header.bundle} {header.bundle_version}".strip(), header.version,
        footer.exit_code if footer else None, footer.took_s if footer else 0.0,
        verified_percent(journal.verdicts, journal.not_exercised),
    )  # fmt: skip
    marks = ", ".join("?" * len(facts))
    done = base.execute(
        f"INSERT OR IGNORE INTO runs (key, began, command, target, bundle, version, exit_code, took_s, verified) "  # noqa: S608 - names of ours
        f"VALUES ({marks})",
        tuple(map(_text, facts)),
    )
    if not done.rowcount:
        return False
    run = done.lastrowid
    counts = [(run, outcome, count) for outcome, count in summary(journal.verdicts).items() if count]
    base.executemany("INSERT INTO counts VALUES (?, ?, ?)", counts)
    broken = [one for one in journal.verdicts if one.outcome in (Outcome.FAIL, Outcome.ERROR)][:MOST_BROKEN]
    told = [(run, one.rule, _text(one.subject), _text(one.message[:500])) for one in broken]
    base.executemany("INSERT INTO broken VALUES (?, ?, ?, ?)", told)
    base.executemany("INSERT INTO figures VALUES (?, ?, ?)", [(run, *figure) for figure in _figures(journal)])
    return True


def _text(value: object) -> object:
    """A value that SQLite takes: lone surrogates are no UTF-8."""
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


def _figures(journal: Journal) -> Iterator[tuple[str, float]]:
    """What a trend of loads is drawn from."""
    from reports.parts import timed

    for metric in ("delivery", "spread", "rejoin"):
        times = timed.of(journal.timed, metric)
        if times.count:
            yield from ((f"{metric} p{percent}", times.percentile(percent)) for percent in (50, 95, 99))
    ok = sum(one.counts.get("ok", 0) for one in journal.ledgers if not one.step)
    if ok and journal.footer and journal.footer.took_s:
        yield "deliveries/s", ok / journal.footer.took_s
