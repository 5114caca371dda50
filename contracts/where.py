"""Where each contract stands: file and line, so that a report can point at what a service does not keep."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from contracts.document_text import text_of
from contracts.folder import first_line
from contracts.model import Bundle


def where(bundle: Bundle) -> dict[str, str]:
    """`file:line` of each event, call and retired name; paths below the working folder are relative to it."""
    return {subject: f"{_shown(place)}:{_line(place, quoted)}" for subject, place, quoted in _subjects(bundle)}


def _subjects(bundle: Bundle) -> Iterator[tuple[str, str, str]]:
    """(subject of verdicts, its file, what its line holds)."""
    for retired in bundle.retired:
        yield retired.event, bundle.place, f'"{retired.event}"'
    for name, event in bundle.events.items():
        yield name, event.place, f'"{name}"'
    for call in bundle.calls.values():
        yield call.title, call.place, f'"{call.path}"'


def _line(place: str, quoted: str) -> int:
    """The first line that holds it; the first of all where none does, or where the file is gone meanwhile."""
    try:
        return first_line(text_of(Path(place)), quoted)
    except OSError:
        return 1


def _shown(place: str) -> str:
    path = Path(place)
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else place
