"""Where in files a verdict is to be shown: the contract it is of, or the line that drifted. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import quote

from conformance.journal.records import Journal
from conformance.model.subject import Subject
from conformance.model.verdict import Verdict

READ = "read"
"""The transport of what was read and not asked."""

_PLACE = re.compile(r"(?P<file>.+?):(?P<line>\d+)(?::(?P<column>\d+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A line of a file; counted from 1."""

    file: str
    line: int = 1
    column: int = 1

    @property
    def uri(self) -> str:
        """The file as a URI: relative where it is."""
        path = PurePath(self.file.encode("utf-8", "backslashreplace").decode())
        return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def spot(text: str) -> Spot | None:
    """Read `file:line` or `file:line:column`; None where it is none."""
    found = _PLACE.fullmatch(text)
    if found is None:
        return None
    return Spot(file=found["file"], line=max(1, int(found["line"])), column=max(1, int(found["column"] or 1)))


def subject_of(verdict: Verdict) -> str:
    """What a verdict is on, without the place that makes a drift's subject unique."""
    if verdict.transport != READ:
        return Subject.read(verdict.subject).name
    return verdict.subject.removesuffix(f" ({place_of(verdict)})")


def place_of(verdict: Verdict) -> str:
    """Where something drifted; journals of earlier versions have it as the first line of evidence alone."""
    return verdict.place or (verdict.evidence[0] if verdict.transport == READ and verdict.evidence else "")


def anchor(journal: Journal, verdict: Verdict) -> Spot:
    """Where to show a verdict: the line that drifted, else the contract of its subject, else the bundle."""
    found = spot(place_of(verdict))
    if found:
        return found
    return spot(journal.header.places.get(subject_of(verdict), "")) or Spot(file=journal.header.bundle or "contracts")


def related(journal: Journal, verdict: Verdict) -> Iterator[Spot]:
    """Lines of documents and source that say something of the same event, where an alignment has found them."""
    if journal.matrix is None:
        return
    own = anchor(journal, verdict)
    for column, (_, place, _) in zip(
        journal.matrix.columns, journal.matrix.rows.get(subject_of(verdict), ()), strict=False
    ):
        found = spot(place)
        if found and column != "contract" and found != own:
            yield found
