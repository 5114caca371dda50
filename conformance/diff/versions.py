"""A version of a bundle: its contracts, and the documents that they were read from with the lines of their parts."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from contracts.faults import line_of
from contracts.folder import bundled, heads, locate
from contracts.load import load_source
from contracts.model import Bundle

Where: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A contract file."""

    path: Path
    shown: str
    """As reports name it: relative to the working folder or to the repository, where it is in one."""
    document: Mapping[str, Any]

    def place(self, where: Where = ()) -> str:
        """`file:line` of a part, or of the innermost part around it that is there."""
        return f"{self.shown}:{line_of(self.path, where)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One of the two versions that are compared."""

    label: str
    """As it was asked for."""
    bundle: Bundle
    head: File
    events: Mapping[str, File]
    calls: Mapping[str, File]
    presets: Mapping[str, File]


def version(label: str, folder: str, root: Path | None = None) -> Version:
    """Read a version.

    Args:
        label: what people call it.
        folder: a folder, or a bundled name.
        root: the folder that paths are relative to, where the files stand for those of a repository.

    Raises:
        ContractError: the contracts cannot be used.
    """
    bundle, source = load_source(folder)
    place = locate(folder)

    def file(path: Path, document: Mapping[str, Any]) -> File:
        return File(path=path, shown=_shown(path, root), document=document)

    return Version(
        label=label,
        bundle=bundle,
        head=file(heads(place)[0], source.head),
        events={document["event"]: file(path, document) for path, document in source.events},
        calls={document["call"]: file(path, document) for path, document in source.calls},
        presets={document["triggers"]: file(path, document) for path, document in source.presets},
    )


def _shown(path: Path, root: Path | None) -> str:
    base = root or Path.cwd()
    return (
        path.relative_to(base).as_posix()
        if path.is_relative_to(base)
        else (os.path.relpath(path) if path.absolute().is_relative_to(Path.cwd()) else str(path))
    )


def is_folder(name: str) -> bool:
    """Whether a name is that of a bundle that comes along, or of a folder with one."""
    return name in bundled() or bool(heads(Path(name)))
