"""`contracts export` and `contracts import`: contracts in the formats of other tools."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

import contracts
from conformance.commands.options import given
from conformance.commands.shell import counted, die, faults, say
from conformance.support import pipes, whole_file
from conformance.support.errors import UsageError

FOLDER = Path(contracts.__file__).parent / "exchange" / "formats"
READ = ("asyncapi",)
"""Formats that are imported."""
SHOWN_NOTES = 20
"""How many notes are told; the rest is counted."""


def formats() -> list[str]:
    """The names of the formats that are written: each is a file, and nothing of it is imported."""
    return sorted(path.stem.replace("_", "-") for path in FOLDER.glob("*.py") if path.stem != "__init__")


def export(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help=f"One of {', '.join(formats())}.")],
    bundle: Annotated[
        str, typer.Option("--contracts", metavar="DIR", help="Folder of contracts, or a bundled name.", callback=given)
    ] = "sos",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write this file, replaced as a whole; default: print.")
    ] = None,
) -> None:
    """Write contracts in the format of another tool.

    asyncapi and openapi are YAML, and JSON where FILE ends in .json. Exit code 2: a format has no words for something.
    """
    with faults():
        if form not in formats():
            from conformance.support.suggest import nearest

            known = f"known: {', '.join(formats())}"
            die(f"no format is called {form!r}; {nearest(form, formats(), known)}", 2)
        text = _text(form, bundle, is_json=out is not None and out.suffix.lower() == ".json")
        if out is None:
            typer.echo(text, nl=False)
        else:
            _replace(out, text)
            say(f"{out}: {form} of {bundle}")


def _text(form: str, bundle: str, *, is_json: bool) -> str:
    from conformance.support.discovery import module_of
    from contracts.data_text import as_json, as_yaml
    from contracts.exchange.source import exported
    from contracts.faults import ContractError

    source = exported(bundle)
    module = module_of("contracts.exchange.formats", form.replace("-", "_"))
    try:
        made = module.made(source)
    except ContractError as error:
        lines = "\n".join(f"  {fault}" for fault in error.faults)
        raise UsageError(f"{form} has no words for this:\n{lines}") from None
    if isinstance(made, str):
        return made
    return as_json(made) if is_json or module.DATA == "json" else as_yaml(made)


def _replace(file: Path, text: str) -> None:
    """Write a file whole, in place of what is there.

    Raises:
        UsageError: it cannot be written.
    """
    try:
        if file.is_dir():
            raise UsageError(f"{file}: is a folder; name a file")
        if file.exists() and not file.is_file():  # A device or a pipe.
            pipes.write(file, text.encode())
            return
        whole_file.replace(file, text.encode())
    except OSError as error:
        raise UsageError(f"{file}: cannot be written: {error.strerror}") from error


def import_(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help="asyncapi.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An AsyncAPI document, version 2 or 3, JSON or YAML.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder of the bundle; nothing is overwritten.")] = Path(
        "contracts"
    ),
    written: Annotated[str, typer.Option("--format", metavar="FORMAT", help="json or yaml.")] = "json",
    schema: Annotated[
        bool, typer.Option("--schema/--no-schema", help="Write the schemas by which editors complete the files.")
    ] = True,
) -> None:
    """Write contracts from a document of another tool.

    What the document does not say is listed, and is left to be written.
    """
    with faults():
        if form not in READ:
            die(f"no format that can be imported is called {form!r}; known: {', '.join(READ)}", 2)
        chosen: str | None = next((one for one in ("json", "yaml") if one == written), None)
        if chosen is None:
            die(f"--format: expected json or yaml, got {written!r}", 2)
        _import(file, out, "yaml" if chosen == "yaml" else "json", schema=schema)


def _import(file: Path, out: Path, form: str, *, schema: bool) -> None:
    from conformance.commands.new_contracts import bundle_name, named
    from conformance.commands.writing import write_bundle
    from contracts.exchange.asyncapi_import import imported
    from contracts.exchange.markdown_text import visible
    from contracts.faults import ContractError

    try:
        made = imported(file, bundle_name(out))
    except ContractError as error:
        lines = "\n".join(f"  {visible(str(fault))}" for fault in error.faults)
        raise UsageError(f"this document cannot be imported:\n{lines}") from None
    try:
        write_bundle(out, made.documents, "yaml" if form == "yaml" else "json", schema=schema)
    except ContractError as error:
        told = (f"{fault.file.parent.name}/{fault.file.name}: {fault.message}" for fault in error.faults)
        lines = "\n".join(f"  {visible(one)}" for one in told)
        raise UsageError(f"{file}: what it says makes no contracts that are in order:\n{lines}") from None
    events = counted(sum(name.startswith("events/") for name in made.documents), "event")
    say(f"{out}: a bundle of {events}")
    for note in made.notes[:SHOWN_NOTES]:
        say(f"note: {visible(note)}")
    if len(made.notes) > SHOWN_NOTES:
        say(f"note: and {counted(len(made.notes) - SHOWN_NOTES, 'more note')}")
    say(f"next: roomcheck contracts validate {shlex.quote(named(out))}")
