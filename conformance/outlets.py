"""Where reports go: asked for as FORMAT=PATH, refused before anything is run, written when it is over."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from conformance import journal as journals
from conformance.journal import Journal
from conformance.nearest import nearest
from conformance.target import UsageError
from reports import formats, renderer

Outlet: TypeAlias = tuple[str, Path]


def outlets(reports: tuple[str, ...], journal: Path | None) -> list[Outlet]:
    """(format, path) of each report that was asked for, refused before anything is run.

    Raises:
        UsageError: there is no such format or folder, or two outputs go into one file.
    """
    found = []
    for text in reports:
        name, equals, path = text.partition("=")
        if not equals or not path:
            raise UsageError(f"--report: expected FORMAT=PATH, got {text!r}")
        _known(name, "--report")
        if not Path(path).absolute().parent.is_dir():
            raise UsageError(f"--report: there is no folder {str(Path(path).parent)!r} to write {path!r} in")
        if path == "-":
            raise UsageError(f"--report: {text!r}: a report goes into a file; name one")
        found.append((name, Path(path)))
    _parted(found, journal)
    return found


def _known(name: str, option: str) -> None:
    if name not in formats():
        hint = nearest(name, formats(), f"there are {', '.join(formats())}")
        raise UsageError(f"{option}: there is no format {name!r}; {hint}")


def _parted(outlets: list[Outlet], journal: Path | None) -> None:
    """Refuse two outputs for one file: the second would take the place of the first."""
    seen: set[Path] = set()
    for path in [*(path for _, path in outlets), *([journal] if journal else [])]:
        if path.resolve() in seen:
            raise UsageError(f"--report/--journal: two outputs go to {str(path)!r}; give each a file of its own")
        seen.add(path.resolve())


def report(journal: Journal, outlets: list[Outlet]) -> None:
    """Write every report of a journal.

    Raises:
        UsageError: one cannot be written.
    """
    for name, path in outlets:
        write(renderer(name)([journal]), path, "--report")


def rendered(name: str, paths: Sequence[Path]) -> str:
    """The report of journals that were written before.

    Raises:
        UsageError: there is no such format, or a journal cannot be read.
    """
    _known(name, "FORMAT")
    return renderer(name)([journals.read(path) for path in paths])


def write(text: str, path: Path, option: str) -> None:
    """Put a report into a file.

    Raises:
        UsageError: it cannot be written.
    """
    try:
        path.write_text(text, "utf-8", errors="backslashreplace")
    except OSError as error:
        raise UsageError(f"{option}: {path} cannot be written: {error.strerror}") from error
