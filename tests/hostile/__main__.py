"""Plays every row and prints docs/robustness.md; exits with 1 where one does not end as it has to.

python -m tests.hostile [WORD]: only the rows whose step or misbehaviour has that word.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, TypeVar

from tests.fork_imports import PLAIN, import_all
from tests.hostile import load, moments, worker
from tests.hostile.doctor import DOCTOR_ROWS, faults_of_doctor, played_by_doctor
from tests.hostile.play import (
    MOST_MB,
    MOST_S,
    SELECT,
    WHOLE,
    WHOLE_MOST_S,
    faults,
    faults_of_whole,
    hosted,
    played,
    wholly_played,
)
from tests.hostile.row import Row
from tests.hostile.rows import ROWS

R, T = TypeVar("R"), TypeVar("T")
AT_ONCE = 3
"""Rows that are played at once; the time for which they have no CPU is none of theirs."""

SELECTED = ", ".join(f"`{name}`" for name in SELECT)
HEAD = f"""# Hostile servers

`make hostile` plays each of these {len(ROWS)} servers to a check, to a socket and a call of a load, and some to `roomcheck load` and
`roomcheck doctor`, and prints these tables. It fails where one does not end as it has to.

## check

The first line of what a check says, its exit code, the seconds that it took and the peak of its memory in MB. Each check runs with
`--timeout 1` and the rules {SELECTED}, and has to end within {MOST_MB} MB and {MOST_S:g} s, without
the time for which it was ready to run and the machine gave it no CPU (`no CPU`).

| step | the server | the check says | code | s | no CPU | MB |
|---|---|---|---|---|---|---|
"""
WORKER_HEAD = f"""
## A socket and a call of a load

What they say, in one process without Locust. A connection, an ack and a call may take {worker.STEP_S:g} s each here, and all of
it {worker.MOST_S:g} s and {worker.MOST_MB} MB; no exception is left that nobody asks for.

| step | the server | the worker says | s | MB |
|---|---|---|---|---|
"""
LOAD_HEAD = f"""
## load

The first line of the verdict of `roomcheck load -u 2 --sockets-per-user 5 -t {load.RUN_S}s Chat`, with `#` for numbers. A run has to end
within {load.DRAIN_S:g} s of its `-t`, with all of its processes; `MB` is the peak of the largest of them.

| step | the server | load says | code | s | MB |
|---|---|---|---|---|---|
"""
WHOLE_HEAD = f"""
## A whole check

All rules, without `--timeout`: targets that do not work have to be told within {WHOLE_MOST_S:g} s and {MOST_MB} MB.

| step | the server | the check says | code | s | no CPU | MB |
|---|---|---|---|---|---|---|
"""
CROWD_HEAD = f"""
## A load of a thousand sockets

`roomcheck load -u {load.CROWD_USERS} --sockets-per-user {load.CROWD_SOCKETS} -t {load.RUN_S}s Chat`: no process of it may take more than {MOST_MB} MB.

| step | the server | load says | code | s | MB |
|---|---|---|---|---|---|
"""
DOCTOR_HEAD = """
## doctor

| step | the server | doctor says | code | s | no CPU | MB |
|---|---|---|---|---|---|---|
"""

SIGNALS_HEAD = f"""
## Signals

How `roomcheck load` ends that gets a signal as soon as something is so: alone (SIGTERM), or with all of its group
(SIGINT, as Ctrl-C does). It has to end within {moments.MOST_S:g} s, without the time in which the machine gave its processes no
CPU, and to leave nothing behind; `--processes 2` where it says workers.

| signal | when | code | s | no CPU |
|---|---|---|---|---|
"""


class Table:
    """Prints lines of the tables, and tells on stderr what is not as it has to be."""

    def __init__(self, word: str) -> None:
        self._word = word
        self.wrong: list[str] = []
        """What is not as it has to be."""

    def has(self, row: Row) -> bool:
        """Whether a row was asked for."""
        return self._word in f"{row.step} {row.what}"

    def line(self, row: Row, says: str, measured: tuple[object, ...], faults: list[str]) -> None:
        cells = (row.step, row.what, says.replace("|", "\\|"), *measured)
        print("| " + " | ".join(map(str, cells)) + " |", flush=True)
        for fault in faults:
            self.wrong.append(f"{row.what}: {fault}")
            print(self.wrong[-1], file=sys.stderr, flush=True)


def apart(play: Callable[..., T], what: str, *args: Any) -> T:
    """Play a row in a process of its own, so that the memory that it takes is its own.

    The row goes by its name: its steps are functions that cannot be sent.
    """
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(_play, (play, what, args))


def _play(play: Callable[..., T], what: str, args: tuple[Any, ...]) -> T:
    return play(next(row for row in ROWS if row.what == what), *args)


def each(rows: Iterable[R], play: Callable[[R], T]) -> Iterator[tuple[R, T]]:
    """What comes of each row, some of them at once: most of the time is waited."""
    some = list(rows)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from zip(some, pool.map(play, some), strict=True)


def apart_each(table: Table, rows: Iterable[Row], play: Callable[..., T], *, journal: bool) -> Iterator[tuple[Row, T]]:
    """Play rows to what runs in this process, each in a process of its own, with servers of their own."""
    with hosted() as (urls, authority), TemporaryDirectory() as folder:

        def played_row(row: Row) -> T:
            more = (Path(folder) / f"{urls[row.what].rpartition(':')[2]}.ndjson",) if journal else ()
            return apart(play, row.what, urls[row.what], authority, *more)

        yield from each(filter(table.has, rows), played_row)


def checks(table: Table) -> None:
    print(HEAD, end="")
    for row, got in apart_each(table, ROWS, played, journal=True):
        table.line(row, got.says, (got.code, *numbers(got)), faults(row, got))


def wholes(table: Table) -> None:
    print(WHOLE_HEAD, end="")
    for row, got in apart_each(table, (row for row in ROWS if row.what in WHOLE), wholly_played, journal=True):
        table.line(row, got.says, (got.code, *numbers(got)), faults_of_whole(row, got))


def workers(table: Table) -> None:
    print(WORKER_HEAD, end="")
    for row, got in apart_each(table, ROWS, worker.played_by_worker, journal=False):
        took, _, peak = numbers(got)
        table.line(row, got.says, (took, peak), worker.faults_of_worker(row, got))


def doctors(table: Table) -> None:
    print(DOCTOR_HEAD, end="")
    for row, got in apart_each(table, DOCTOR_ROWS, played_by_doctor, journal=False):
        table.line(row, got.says, (got.code, *numbers(got)), faults_of_doctor(row, got))


class Measured(Protocol):
    """What was measured of a row."""

    @property
    def took_s(self) -> float: ...
    @property
    def starved_s(self) -> float: ...
    @property
    def peak_mb(self) -> float: ...


def numbers(got: Measured) -> tuple[str, str, str]:
    return f"{got.took_s:.1f}", f"{got.starved_s:.1f}", f"{got.peak_mb:.0f}"


def loads(table: Table) -> None:
    print(LOAD_HEAD, end="")
    with hosted() as (urls, authority):
        rows = each(filter(table.has, load.LOAD_ROWS), lambda row: load.played_by_load(row, urls[row.what], authority))
        for row, got in rows:
            measured = (got.code, f"{got.took_s:.1f}", f"{got.peak_mb:.0f}")
            table.line(row, got.says, measured, load.faults_of_load(row, got))


def crowds(table: Table) -> None:
    print(CROWD_HEAD, end="")
    with hosted() as (urls, authority):
        for row in filter(table.has, load.CROWD_ROWS):  # One after the other: each keeps both cores busy.
            got = load.played_by_crowd(row, urls[row.what], authority)
            measured = (got.code, f"{got.took_s:.1f}", f"{got.peak_mb:.0f}")
            table.line(row, got.says, measured, load.faults_of_crowd(row, got))


def signals(table: Table) -> None:
    print(SIGNALS_HEAD, end="")
    for moment in moments.MOMENTS:
        for number, group in ((signal.SIGTERM, False), (signal.SIGINT, True)):
            row = Row(step=number.name, what=moment.what, code=moments.INTERRUPTED, says="", worker="")
            if table.has(row):
                got = moments.signalled(moment, number, group=group)
                measured = (f"{got.took_s:.1f}", f"{min(got.starved_s, got.took_s):.1f}")
                table.line(row, str(got.code), measured, moments.faults_of(moment, got))


PARTS = {
    "check": checks,
    "worker": workers,
    "whole check": wholes,
    "load": loads,
    "crowd": crowds,
    "doctor": doctors,
    "signals": signals,
}
"""Each with servers of its own: some are not what they were once they have been played to."""


def main(word: str) -> int:
    import_all(PLAIN)
    table = Table(word)
    for part in PARTS.values():
        part(table)
    if table.wrong:
        print(f"{len(table.wrong)} of the above is not as it has to be", file=sys.stderr)
        print("\n## Not as it has to be\n")
        print("\n".join(f"- {line}" for line in table.wrong))
    print(f"\nMeasured beside a load average of {os.getloadavg()[1]:.1f} on {os.cpu_count()} cores.")
    return 1 if table.wrong else 0


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:])))
