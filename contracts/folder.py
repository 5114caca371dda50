"""The documents of a bundle's folder, with those of the bundle that it extends."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.document_text import JSON_SUFFIX, SUFFIXES, is_contract_file, text_of
from contracts.faults import ContractError, Fault, read
from contracts.schema import shown

HERE = Path(__file__).parent


def bundled() -> tuple[str, ...]:
    """The names of the bundles that come with Roomcheck."""
    return tuple(sorted(path.parent.name for path in HERE.glob("*/bundle.json")))


def locate(name_or_dir: str) -> Path:
    """The folder of a bundled name or of a path.

    Raises:
        ContractError: there is no such bundle or folder.
    """
    if name_or_dir in bundled():
        return HERE / name_or_dir
    folder = Path(name_or_dir)
    if heads(folder):
        return folder
    known = ", ".join(bundled())
    try:
        meant = _meant(folder)
    except OSError:  # It is longer than names may be.
        meant = "; there is no such folder"
    message = f"no contracts here: expected a folder with a bundle.json, or a bundled name ({known}){meant}"
    raise ContractError([Fault(file=folder, line=1, message=message)])


def heads(folder: Path) -> list[Path]:
    """The files of a folder that say what its bundle is: one, in JSON or in YAML."""
    try:
        return [path for suffix in SUFFIXES if (path := folder / f"bundle{suffix}").is_file()]
    except OSError:  # The name of a folder that cannot be there: it is longer than names may be.
        return []


def _meant(folder: Path) -> str:
    """What may have been meant by a path where no contracts are."""
    if heads(folder.parent):
        return f"; did you mean {folder.parent}, which has a bundle?"
    if folder.is_dir():
        inside = sorted(path for path in folder.iterdir() if path.is_dir() and heads(path))
        if inside:
            return f"; did you mean {inside[0]}?"
        return "; `roomcheck contracts new` writes a first one"
    return "; there is no such folder" if not folder.exists() else "; this is no folder"


Files = list[tuple[Path, dict[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The documents of a bundle, with those that it takes over."""

    head: dict[str, Any]
    events: Files
    calls: Files
    presets: Files


NOTHING = Source(head={}, events=[], calls=[], presets=[])


def read_folder(folder: Path, faults: list[Fault], inside: tuple[Path, ...]) -> Source:
    """Read a folder, and first the one that it extends."""
    path, *others = heads(folder) or [folder / f"bundle{JSON_SUFFIX}"]
    faults.extend(_twice(other, path) for other in others)
    base = NOTHING

    def completed(document: Any) -> Any:
        nonlocal base
        name = document.get("extends") if isinstance(document, dict) else None
        if not isinstance(name, str):
            return document
        if Path(os.path.realpath(folder)) in inside:
            faults.append(Fault(file=path, line=line_holding(path, '"extends"'), message="this bundle extends itself"))
            return document
        try:
            parent = HERE / name if name in bundled() else locate(str(folder / name))
        except ContractError as error:
            line = line_holding(path, '"extends"')
            faults.extend(Fault(file=path, line=line, message=fault.message) for fault in error.faults)
            return document
        base = read_folder(parent, faults, (*inside, Path(os.path.realpath(folder))))
        return {**base.head, **document}

    head = read(path, "bundle", faults, completed)
    listed = head.get("without")
    without = {name for name in listed if isinstance(name, str)} if isinstance(listed, list) else set[str]()
    unknown = without - {document.get("event", document.get("call")) for _, document in (*base.events, *base.calls)}
    for name in sorted(unknown):
        line = line_holding(path, shown(name))
        faults.append(Fault(file=path, line=line, message=f"the extended bundle has no {shown(name)} to be without"))
    return Source(
        head={key: value for key, value in head.items() if key not in ("extends", "without")},
        events=_over(folder / "events", "event", "event", base.events, without, faults),
        calls=_over(folder / "http", "http", "call", base.calls, without, faults),
        presets=_over(folder / "triggers", "triggers", "triggers", base.presets, without, faults),
    )


def _over(folder: Path, kind: str, key: str, base: Files, without: set[str], faults: list[Fault]) -> Files:
    """The documents of a folder, and those of the extended bundle that it neither replaces nor leaves out."""
    paths = sorted(path for path in folder.glob("*") if is_contract_file(path))
    first: dict[str, Path] = {}
    for path in paths:
        if first.setdefault(path.stem, path) != path:
            faults.append(_twice(path, first[path.stem]))
    own = [(path, read(path, kind, faults)) for path in paths]
    # What is no text was told as a fault of its file.
    gone = without | {name for _, document in own if isinstance(name := document.get(key), str)}
    return [*((path, document) for path, document in base if document.get(key) not in gone), *own]


def strayed(folder: Path) -> str:
    """What to do where the events of a bundle are beside it, and not in their folder; empty where they are not."""
    there = sorted(path.name for path in folder.iterdir() if is_contract_file(path) and path.stem != "bundle")
    return f": {', '.join(there[:3])} and the like belong into {folder / 'events'}" if there else ""


def _twice(path: Path, first: Path) -> Fault:
    return Fault(file=path, line=1, message=f"{first.name} stands beside it and is the same contract: keep one of them")


def line_holding(path: Path, quoted: str) -> int:
    """The first line of a file that has a text in quotes, or in YAML without them; 1 where none has."""
    return first_line(text_of(path), quoted)


def first_line(text: str, quoted: str) -> int:
    """The same of a text; a line of YAML that is a comment has nothing in it."""
    lines = text.splitlines()
    for wanted in (quoted, quoted.strip('"')):
        numbered = ((number, line) for number, line in enumerate(lines, 1) if not line.startswith("#"))
        found = next((number for number, line in numbered if wanted in line), None)
        if found is not None:
            return found
    return 1
