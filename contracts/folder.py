"""The documents of a bundle's folder, with those of the bundle that it extends."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
    if (folder / "bundle.json").is_file():
        return folder
    known = ", ".join(bundled())
    message = f"no contracts here: expected a folder with a bundle.json, or a bundled name ({known})"
    raise ContractError([Fault(file=folder, line=1, message=message)])


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
    path = folder / "bundle.json"
    base = NOTHING

    def completed(document: Any) -> Any:
        nonlocal base
        name = document.get("extends") if isinstance(document, dict) else None
        if not isinstance(name, str):
            return document
        if folder.resolve() in inside:
            faults.append(Fault(file=path, line=line_holding(path, '"extends"'), message="this bundle extends itself"))
            return document
        try:
            parent = HERE / name if name in bundled() else locate(str(folder / name))
        except ContractError as error:
            line = line_holding(path, '"extends"')
            faults.extend(Fault(file=path, line=line, message=fault.message) for fault in error.faults)
            return document
        base = read_folder(parent, faults, (*inside, folder.resolve()))
        return {**base.head, **document}

    head = read(path, "bundle", faults, completed)
    without = set(head.get("without", ()))
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
    own = [(path, read(path, kind, faults)) for path in sorted(folder.glob("*.json"))]
    gone = without | {document.get(key) for _, document in own}
    return [*((path, document) for path, document in base if document.get(key) not in gone), *own]


def line_holding(path: Path, quoted: str) -> int:
    """The first line of a file that has a text in it; the first of all where none has."""
    lines = path.read_text("utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if quoted in line), 1)
