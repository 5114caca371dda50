"""`contracts infer`: contracts of what was seen, in a recorded run, of a running service, or in source code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from conformance.commands.shell import Verdict, console, counted, die, faults
from conformance.support.errors import UsageError

if TYPE_CHECKING:
    from conformance.inference.documents import Inferred, Naming
    from conformance.model.transcript import Transcript
    from contracts.model import Bundle
    from contracts.starter import Format


def infer(
    journals: Annotated[
        list[Path] | None, typer.Argument(metavar="JOURNAL...", help="Journals of check or record.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the bundle into this folder; without it, nothing is written."),
    ] = None,
    name: Annotated[str | None, typer.Option(help="The name of the bundle. Default: that of DIR.")] = None,
    path: Annotated[str | None, typer.Option(help="The path of Socket.IO. Default: that of the run.")] = None,
    namespace: Annotated[str | None, typer.Option(help="The namespace of Socket.IO. Default: that of the run.")] = None,
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="json or yaml.")] = "json",
    write: Annotated[
        bool, typer.Option("--write", help="Add to a bundle that is there what was seen besides.")
    ] = False,
    schema: Annotated[
        bool, typer.Option("--schema/--no-schema", help="Write the schemas by which editors complete the files.")
    ] = True,
) -> None:
    """Write the contracts of what a recorded run has seen, as a first draft.

    Of a bundle that is there, the differences are shown, and the exit code is 1 where there are any. With --write it
    gets them; what was written by hand is never overwritten.
    """
    with faults():
        from conformance.commands.inferred_bundles import write_inferred
        from conformance.commands.new_contracts import FORMATS, bundle_name
        from conformance.inference.documents import inferred
        from conformance.inference.seen import seen_in
        from contracts.folder import heads

        chosen = next((one for one in FORMATS if one == form), None)
        if chosen is None:
            die(f"--format: expected {' or '.join(FORMATS)}, got {form!r}", 2)
        if not journals:
            die("name a journal: `roomcheck record` and `roomcheck check --journal PATH` write one", 2)
        there = out is not None and bool(heads(out))
        if write and not there:
            die("--write: adds to the bundle that --out names, and there is none; leave it out to write a new one", 2)
        naming = _naming(journals, name or (bundle_name(out) if out is not None else "inferred"), path, namespace)
        made = inferred(seen_in(_transcripts(journals)), naming)
        if len(made.documents) < 2:
            _tell_notes(made)
            raise UsageError("no event was seen of which a contract can be made")
        if out is not None and there:
            raise Verdict(_compared(out, made, write=write, schema=schema))
        if out is not None:
            write_inferred(out, made.documents, made, chosen, schema=schema)
        _tell(made, out, chosen)


def _compared(out: Path, made: Inferred, *, write: bool, schema: bool) -> int:
    """Show what a recording has besides a bundle that is there, and write it where that is asked for."""
    from conformance.commands.inferred_bundles import form_of, update_of, write_inferred

    update = update_of(out, made)
    for one in update.differences:
        typer.echo(str(one))
    _tell_notes(made)
    if not update.differences:
        typer.echo(f"{out}: says all that was seen")
        return 0
    count = counted(len(update.differences), "difference")
    if not write:
        typer.echo(f"{out}: {count}; nothing was written: --write adds what is not written by hand")
        return 1
    form = form_of(out)
    if update.documents:
        write_inferred(out, update.documents, made, form, schema=schema and (out / "schema").is_dir())
    for name in update.documents:
        typer.echo(f"written: {out / f'{name}.{form}'}")
    for event in update.by_hand:
        typer.echo(f"left as it is, since it was written or changed by hand: {event}")
    return 1 if update.by_hand else 0


def _naming(journals: list[Path], name: str, path: str | None, namespace: str | None) -> Naming:
    """How the bundle is called, and where its service is: as said, or else where the run has been."""
    from conformance.inference.documents import Naming

    run = _contracts_of(journals[0])
    given = namespace or (run.namespace if run is not None else None)
    ids = run.namespaces if run is not None and given in run.namespaces else {}
    return Naming(
        name=name,
        source=", ".join(one.name for one in journals[:3]) + (" and others" if len(journals) > 3 else ""),
        path=path or (run.path if run is not None else "/socket.io/"),
        namespace=given,
        namespaces={one: {"id": schema.document, "source": journals[0].name} for one, schema in ids.items()},
    )


def _contracts_of(journal: Path) -> Bundle | None:
    """The contracts of a check, which say where the service is; None of any other run, and where they are gone."""
    from conformance.journal.records import Header, each
    from contracts.document_text import is_contract_file
    from contracts.faults import ContractError
    from contracts.load import load

    header = next(iter(each(journal)))
    if not isinstance(header, Header) or header.command != "check":
        return None
    try:
        place = Path(header.bundle)
        return load(str(place.parent) if is_contract_file(place) else header.bundle)
    except ContractError:
        return None


def _transcripts(journals: list[Path]) -> Iterator[Transcript]:
    from conformance.journal.records import transcripts

    for path in journals:
        yield from transcripts(path)


def _tell(made: Inferred, out: Path | None, form: Format) -> None:
    from rich.table import Table
    from rich.text import Text

    from conformance.commands.inferred_bundles import SIDE_FILE

    table = Table("event", "direction", "seen", "what was inferred", box=None, pad_edge=False)
    for document in made.documents.values():
        for way, words in (("client_to_server", "emitted"), ("server_to_client", "sent")):
            if way in document:
                seen = made.counts.get(document["event"], {}).get(way, {}).get("seen", 0)
                row = (document["event"], words, str(seen), _words(document[way]))
                table.add_row(*(Text(one) for one in row))
    console().print(table)
    _tell_notes(made)
    count = counted(len(made.documents) - 1, "event")
    if out is None:
        typer.echo(f"{count}; nothing was written: --out DIR writes a bundle")
        return
    typer.echo(f"{out}: a bundle of {count}, in {form}; how often each was seen is in {out / SIDE_FILE}")
    typer.echo(f"next: roomcheck contracts validate {out}")


def _tell_notes(made: Inferred) -> None:
    for note in made.notes:
        typer.echo(f"note: {note}", err=True)


def _words(part: dict[str, Any]) -> str:
    """What a part of a contract says, in a few words."""
    effect, reply = part.get("effect", {}), part.get("reply", {})
    told = effect.get("broadcast", [])
    said = [
        f"causes {', '.join([told] if isinstance(told, str) else told)}" if told else "",
        {"enter": "enters a room", "leave": "leaves a room", "close": "closes a room"}.get(
            effect.get("membership"), ""
        ),
        "acked" if reply.get("ack") else "",
        f"answered by {reply['event']}" if "event" in reply else "",
    ]
    if "receivers" in part:
        whom = part["receivers"]
        said.append(
            f"to {whom if isinstance(whom, str) else json.dumps(whom)}{' (not sure)' if 'volatile' in part else ''}"
        )
    return "; ".join(filter(None, said))
