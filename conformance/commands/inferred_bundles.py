"""Bundles that were inferred before: what a new recording shows besides, and which of their files are still as made."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.commands.writing import write_bundle
from contracts.starter import Documents, Format, file_names, text_of

if TYPE_CHECKING:
    from conformance.inference.compare import Difference
    from conformance.inference.documents import Inferred

SIDE_FILE = "seen.json"
"""The file of a bundle that says how often everything in it was seen. A check does not read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What a recording means for a bundle that is there."""

    differences: list[Difference]
    documents: Documents
    """The files that would be written: those of new events, and those that are still as they were made, widened."""
    by_hand: list[str]
    """Events of which something was seen besides, in files that somebody has written or changed."""


def update_of(folder: Path, made: Inferred) -> Update:
    """Compare a bundle with a recording.

    Raises:
        ContractError: the bundle cannot be read.
    """
    from conformance.inference.compare import differences, widened
    from contracts.faults import ContractError, Fault
    from contracts.folder import read_folder

    faults: list[Fault] = []
    source = read_folder(folder, faults, ())
    if faults:
        raise ContractError(faults)
    old = {document["event"]: (path, document) for path, document in source.events}
    found = differences([document for _, document in old.values()], made.documents, made.samples)
    told = {one.event for one in found}
    seen = {document["event"]: document for document in made.documents.values() if "event" in document}
    digests = _digests(folder)
    documents: Documents = {}
    by_hand = []
    # The numbers of files go on from those that are there.
    fresh = [event for event in seen if event in told and event not in old]
    taken = {path.stem for path, _ in old.values()}
    for event, stem in file_names(fresh).items():
        number, name = 1, stem
        while name in taken:
            number, name = number + 1, f"{stem}-{number + 1}"
        taken.add(name)
        documents[f"events/{name}"] = seen[event]
    for event in sorted(told & old.keys() & seen.keys()):
        path, document = old[event]
        name = f"events/{path.name}"
        if path.parent == folder / "events" and digests.get(name) == _digest(path.read_text("utf-8")):
            own = {key: value for key, value in document.items() if key != "$schema"}
            documents[name.rpartition(".")[0]] = widened(own, seen[event])
        else:
            by_hand.append(event)
    return Update(differences=found, documents=documents, by_hand=by_hand)


def form_of(folder: Path) -> Format:
    """The form of a bundle's files: that of its `bundle`."""
    return "json" if (folder / "bundle.json").is_file() else "yaml"


def write_inferred(folder: Path, documents: Documents, made: Inferred, form: Format, *, schema: bool) -> None:
    """Write documents with the side file; those that are there and are still as they were made are replaced.

    Raises:
        UsageError: something cannot be written.
        ContractError: the bundle would not be in order.
    """
    digests = _digests(folder)
    texts = {f"{name}.{form}": text_of(name, document, form, schema=schema) for name, document in documents.items()}
    written = digests | {name: _digest(text) for name, text in texts.items()}
    replacing = frozenset(name for name in documents if f"{name}.{form}" in digests)
    said: dict[str, Any] = {"made_by": "roomcheck contracts infer", "files": written}
    said |= {"events": made.counts, "notes": made.notes}
    beside = {SIDE_FILE: json.dumps(said, indent=2) + "\n"}
    write_bundle(folder, documents, form, schema=schema, beside=beside, replacing=replacing)


def _digests(folder: Path) -> dict[str, str]:
    """The files of a bundle as they were made, by their names."""
    from contracts.files import text

    try:
        said = json.loads(text(folder / SIDE_FILE))
    except (OSError, ValueError, RecursionError):
        return {}
    files = said.get("files") if isinstance(said, dict) else None
    return {str(name): str(digest) for name, digest in files.items()} if isinstance(files, dict) else {}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
