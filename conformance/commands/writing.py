"""Writes bundles of contracts from documents in memory: each file appears whole, or none does."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from conformance.commands.contracts import write_schemas
from conformance.support.errors import UsageError
from contracts.starter import Documents, Format, text_of

SCHEMAS = ("bundle", "event", "http", "triggers")
"""The editor schemas that a bundle has beside it."""
LONGEST_NAME = 100
"""Characters of a document's name with its folder; file systems take 255 bytes."""
_NAME = re.compile(r"(?:(?:events|http|triggers)/)?[a-z0-9][a-z0-9._-]*")
"""Names of documents, as `contracts.starter.file_names` makes them: none leaves the folder, or surprises in it."""


def write_bundle(
    folder: Path,
    made: Documents,
    form: Format,
    *,
    schema: bool,
    beside: Mapping[str, str] | None = None,
    replacing: frozenset[str] = frozenset(),
) -> None:
    """Write a bundle that is in order; on any fault, the folder is as it was.

    Args:
        made: the documents by name, such as `bundle` and `events/say`; see `contracts.starter.file_names`.
        schema: whether the editor schemas are written, into the folder `schema`.
        beside: other files of the folder, by name, with their text; they are replaced where they are there.
        replacing: names of documents that are there and are replaced; everything else is refused where it is there.

    Raises:
        UsageError: something is there already, or cannot be written.
        ContractError: the bundle would not be in order.
    """
    texts = texts_of(made, form, schema=schema)
    refuse_what_is_there(folder, [name for name in made if name not in replacing])
    _try(folder, texts, {f"{name}.{form}" for name in replacing})
    over = {f"{name}.{form}" for name in replacing} | set(beside or {})
    try:
        _put(folder, {**texts, **(beside or {})}, over)
    except FileExistsError as error:
        raise UsageError(f"{error.filename2 or error.filename} is there already, and nothing is overwritten") from error
    except OSError as error:
        raise UsageError(f"{error.filename or folder}: cannot be written: {error.strerror}") from error
    if schema:
        write_schemas(folder / "schema", list(SCHEMAS))


def texts_of(made: Documents, form: Format, *, schema: bool) -> dict[str, str]:
    """The files of a bundle, by their names, with their texts.

    Raises:
        ValueError: a name would leave the folder, or is no name of a contract file.
    """
    bad = next((name for name in made if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME), None)
    if bad is not None:
        raise ValueError(f"no name of a contract file: {bad[:80]!r}")
    return {f"{name}.{form}": text_of(name, document, form, schema=schema) for name, document in made.items()}


def refuse_what_is_there(folder: Path, names: list[str]) -> None:
    """Raise a UsageError where a file would be overwritten, in either form."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is no folder")
    for name in names:
        for suffix in (".json", ".yaml", ".yml"):
            there = folder / f"{name}{suffix}"
            if there.exists() or there.is_symlink():
                raise UsageError(f"{there} is there already, and nothing is overwritten: choose another folder")


def _try(folder: Path, texts: Mapping[str, str], replaced: set[str]) -> None:
    """Load the bundle as it will be, with what the folder has besides; faults are told of where it will be."""
    from contracts.document_text import is_contract_file
    from contracts.faults import ContractError
    from contracts.load import load

    with tempfile.TemporaryDirectory() as trial:
        there = [path for part in ("", "events", "http", "triggers") for path in sorted((folder / part).glob("*"))]
        kept = {
            str(path.relative_to(folder)): path.read_text("utf-8")
            for path in there
            if replaced and is_contract_file(path) and str(path.relative_to(folder)) not in texts
        }
        for name, text in {**kept, **texts}.items():
            place = Path(trial) / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, "utf-8")
        try:
            load(trial)
        except ContractError as error:
            faults = [
                replace(one, file=folder / one.file.relative_to(trial)) if one.file.is_relative_to(trial) else one
                for one in error.faults
            ]
            raise ContractError(faults) from error


def _put(folder: Path, texts: Mapping[str, str], over: set[str]) -> None:
    """Write all files beside their places, then move them there; what was made is removed where one cannot be."""
    with contextlib.ExitStack() as undo:
        for made in _folders(folder, texts):
            made.mkdir()
            undo.callback(_leave, made)
        with contextlib.ExitStack() as halves:
            ready: list[tuple[Path, Path]] = []
            for name, text in texts.items():
                place = folder / name
                number, half = tempfile.mkstemp(prefix=".", suffix=".part", dir=place.parent)
                halves.callback(Path(half).unlink, missing_ok=True)
                with os.fdopen(number, "w", encoding="utf-8") as file:
                    file.write(text)
                os.chmod(half, 0o666 & ~_umask())
                ready.append((Path(half), place))
            # New files first: a link refuses what is there, and can be taken back.
            for half_path, place in ready:
                if str(place.relative_to(folder)) not in over:
                    os.link(half_path, place)
                    undo.callback(place.unlink, missing_ok=True)
            for half_path, place in ready:
                if str(place.relative_to(folder)) in over:
                    os.replace(half_path, place)
        undo.pop_all()


def _folders(folder: Path, texts: Mapping[str, str]) -> Iterator[Path]:
    """The folders that are missing, outer ones first."""
    wanted = {folder, *((folder / name).parent for name in texts)}
    missing = {path for one in wanted for path in (one, *one.parents) if not path.exists()}
    yield from sorted(missing, key=lambda path: len(path.parts))


def _leave(folder: Path) -> None:
    with contextlib.suppress(OSError):  # Somebody else has put something into it.
        folder.rmdir()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
