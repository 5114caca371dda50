"""Plays every row and prints docs/robustness.md; exits with 1 where one does not end as it has to.

python -m tests.hostile [WORD]: only the rows whose step or misbehaviour has that word.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from tests.fork_imports import PLAIN, import_all
from tests.hostile import load, moments, worker
from tests.hostile.doctor import DOCTOR_ROWS, faults_of_doctor, played_by_doctor
from tests.hostile.play import MOST_MB, MOST_S, SELECT, faults, hosted, played
from tests.hostile.row import Row
from tests.hostile.rows import ROWS

T = TypeVar("T")
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
        self.wrong = 0

    def has(self, row: Row) -> bool:
        """Whether a row was asked for."""
        return self._word in f"{row.step} {row.what}"

    def line(self, row: Row, says: str, numbers: tuple[object, ...], faults: list[str]) -> None:
        cells = (row.step, row.what, says.replace("|", "\\|"), *numbers)
        print("| " + " | ".join(map(str, cells)) + " |", flush=True)
        for fault in faults:
            self.wrong += 1
            print(f"{row.what}: {fault}", file=sys.stderr, flush=True)


def apart(play: Callable[..., T], what: str, *args: Any) -> T:
    """Play a row in a process of its own, so that the memory that it takes is its own.

    The row goes by its name: its steps are functions that cannot be sent.
    """
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(_play, (play, what, args))


def _play(play: Callable[..., T], what: str, args: tuple[Any, ...]) -> T:
    return play(next(row for row in ROWS if row.what == what), *args)


def checks(table: Table) -> None:
    print(HEAD, end="")
    with hosted() as (urls, authority), TemporaryDirectory() as folder:
        for row in filter(table.has, ROWS):
            got = apart(played, row.what, urls[row.what], authority, Path(folder) / "journal.ndjson")
            numbers = (got.code, f"{got.took_s:.1f}", f"{got.starved_s:.1f}", f"{got.peak_mb:.0f}")
            table.line(row, got.says, numbers, faults(row, got))


def workers(table: Table) -> None:
    print(WORKER_HEAD, end="")
    with hosted() as (urls, authority):
        for row in filter(table.has, ROWS):
            got = apart(worker.played_by_worker, row.what, urls[row.what], authority)
            numbers = (f"{got.took_s:.1f}", f"{got.peak_mb:.0f}")
            table.line(row, got.says, numbers, worker.faults_of_worker(row, got))


def loads(table: Table) -> None:
    print(LOAD_HEAD, end="")
    with hosted() as (urls, authority):
        for row in filter(table.has, load.LOAD_ROWS):
            got = load.played_by_load(row, urls[row.what], authority)
            numbers = (got.code, f"{got.took_s:.1f}", f"{got.peak_mb:.0f}")
            table.line(row, got.says, numbers, load.faults_of_load(row, got))


def doctors(table: Table) -> None:
    print(DOCTOR_HEAD, end="")
    with hosted() as (urls, authority):
        for row in filter(table.has, DOCTOR_ROWS):
            got = apart(played_by_doctor, row.what, urls[row.what], authority)
            numbers = (got.code, f"{got.took_s:.1f}", f"{got.starved_s:.1f}", f"{got.peak_mb:.0f}")
            table.line(row, got.says, numbers, faults_of_doctor(row, got))


def signals(table: Table) -> None:
    print(SIGNALS_HEAD, end="")
    for moment in moments.MOMENTS:
        for number, group in ((signal.SIGTERM, False), (signal.SIGINT, True)):
            row = Row(step=number.name, what=moment.what, code=moments.INTERRUPTED, says="", worker="")
            if table.has(row):
                got = moments.signalled(moment, number, group=group)
                numbers = (f"{got.took_s:.1f}", f"{min(got.starved_s, got.took_s):.1f}")
                table.line(row, str(got.code), numbers, moments.faults_of(moment, got))


PARTS = {"check": checks, "worker": workers, "load": loads, "doctor": doctors, "signals": signals}
"""Each with servers of its own: some are not what they were once they have been played to."""


def main(word: str) -> int:
    import_all(PLAIN)
    table = Table(word)
    for part in PARTS.values():
        part(table)
    print(f"\nMeasured beside a load average of {os.getloadavg()[1]:.1f} on {os.cpu_count()} cores.")
    return 1 if table.wrong else 0


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:])))
