"""Where reports go: asked for as FORMAT=PATH, refused before anything is run, written when it is over."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from conformance.journal import records as journals
from conformance.journal.records import Journal, Record
from conformance.model.exit_code import Exit
from conformance.support import pipes
from conformance.support.errors import UsageError
from conformance.support.suggest import nearest
from reports import formats, renderer
from reports.output import history as histories

Destination: TypeAlias = tuple[str, Path]


class Unreported(UsageError):
    """A run is over, and a report or the history could not be written: what was found is still to be told.

    It is, unless `is_told`.
    """

    def __init__(self, message: str, journal: Journal, *, is_told: bool) -> None:
        super().__init__(message)
        self.journal = journal
        self.is_told = is_told


def outlets(reports: tuple[str, ...], journal: Path | None, history: Path | None = None) -> list[Destination]:
    """(format, path) of each report that was asked for, refused before anything is run.

    Raises:
        UsageError: there is no such format or folder, two outputs go into one file, or the history cannot be written.
    """
    found = []
    for text in reports:
        name, equals, path = text.partition("=")
        if not equals or not path:
            raise UsageError(f"--report: expected FORMAT=PATH, got {text!r}")
        _known(name, "--report")
        _placed(Path(path))
        if path == "-":
            raise UsageError(f"--report: {text!r}: a report goes into a file; name one")
        found.append((name, Path(path)))
    _parted(found, journal, history)
    if history:
        histories.add(history, [])
    return found


def _placed(path: Path) -> None:
    """Refuse a file that could not be written."""
    try:
        there, folder = path.absolute().parent.is_dir(), path.is_dir()
        writable = os.access(path if path.exists() else path.absolute().parent, os.W_OK)
    except OSError as error:
        raise UsageError(f"--report: {str(path)[:80]!r} cannot be written: {error.strerror}") from error
    if not there:
        raise UsageError(f"--report: there is no folder {str(path.parent)!r} to write {str(path)!r} in")
    if folder:
        raise UsageError(f"--report: {str(path)!r} is a folder; name a file in it")
    if not writable:
        raise UsageError(f"--report: {path} cannot be written: it is read-only, or you have no permission")


def _known(name: str, option: str) -> None:
    if name not in formats():
        hint = nearest(name, formats(), f"there are {', '.join(formats())}")
        raise UsageError(f"{option}: there is no format {name!r}; {hint}")


def _parted(outlets: list[Destination], journal: Path | None, history: Path | None = None) -> None:
    """Refuse two outputs for one file: the second would take the place of the first."""
    seen: set[str] = set()
    for path in [*(path for _, path in outlets), *filter(None, (journal, history))]:
        if (real := os.path.realpath(path)) in seen:
            options = "--report/--journal/--history"
            raise UsageError(f"{options}: two outputs go to {str(path)!r}; give each a file of its own")
        seen.add(real)


def report(
    journal: Journal, outlets: list[Destination], history: Path | None = None, *, is_told: bool = False
) -> None:  # fmt: skip
    """Write every report of a journal, and keep it in the history.

    Args:
        is_told: what was found has been printed before.

    Raises:
        Unreported: one cannot be written; the others are all the same.
    """
    failed: list[UsageError] = []
    for name, path in outlets:
        try:
            write(renderer(name)([journal]), path, "--report")
        except UsageError as error:
            failed.append(error)
    try:
        if history:
            histories.add(history, [journal])
    except UsageError as error:
        failed.append(error)
    if failed:
        raise Unreported("; ".join(map(str, failed)), journal, is_told=is_told)


def keep(records: Sequence[Record], journal: Path | None, outlets: list[Destination], history: Path | None) -> None:
    """Write what a run has found and told as a journal, as every report, and into the history.

    Raises:
        UsageError: the journal cannot be written, or another run is at it.
        Unreported: a report cannot be written; the others are all the same.
    """
    if journal:
        writer, file = journals.open_writer(journal)
        with file:
            writer.write(*records)
    report(journals.gather(records, "this run"), outlets, history, is_told=True)


def rendered(name: str, paths: Sequence[Path]) -> str:
    """The report of journals that were written before.

    Raises:
        UsageError: there is no such format, or a journal cannot be read.
    """
    _known(name, "FORMAT")
    return renderer(name)([journals.read(path) for path in paths])


def compared(form: str, paths: Sequence[Path], *, fail_on_regression: bool) -> tuple[str, int]:
    """(the comparison of two journals, the exit code).

    Raises:
        UsageError: they are not two of the same command, one cannot be read, or there is no such format.
    """
    from reports import comparison
    from reports.parts.compare import compare

    if form not in comparison.formats():
        hint = nearest(form, comparison.formats(), f"there are {', '.join(comparison.formats())}")
        raise UsageError(f"--format: a comparison has no format {form!r}; {hint}")
    if len(paths) != 2:
        raise UsageError(f"compare: give two journals, the earlier one first; got {len(paths)}")
    before, after = map(journals.read, paths)
    if before.header.command != after.header.command:
        raise UsageError(
            f"compare: a {before.header.command} and a {after.header.command} cannot be compared; "
            "give two journals of one command"
        )
    found = compare(before, after)
    code = Exit.HOLDS
    if fail_on_regression:
        code = Exit.BROKEN if found.regressed else Exit.HOLDS if found.told else Exit.CANNOT_TELL
    return comparison.renderer(form)(found), int(code)


def write(text: str, path: Path, option: str, inputs: Sequence[Path] = ()) -> None:
    """Put a report into a file.

    Args:
        inputs: what it is made of, and must not take the place of.

    Raises:
        UsageError: it cannot be written.
    """
    if os.path.realpath(path) in {os.path.realpath(one) for one in inputs}:
        raise UsageError(f"{option}: {path} is what the report is made from; name another file")
    try:
        pipes.write(path, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise UsageError(f"{option}: {path} cannot be written: {error.strerror}") from error
