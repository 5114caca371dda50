"""`contracts infer`: contracts of what was seen, in a recorded run, of a running service, or in source code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from conformance.commands import options
from conformance.commands.shell import Verdict, console, counted, die, faults, say
from conformance.support.errors import UsageError

if TYPE_CHECKING:
    from conformance.engine.listening import Listened
    from conformance.inference.documents import Inferred, Naming
    from conformance.model.transcript import Transcript
    from contracts.model import Bundle
    from contracts.starter import Format


def infer(
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="JOURNAL...|URL", help="Journals of check or record; or the URL of a service."),
    ] = None,
    source: Annotated[
        list[Path] | None,
        typer.Option("--source", metavar="DIR", help="Read source code instead (TypeScript, Python)."),
    ] = None,
    seconds: Annotated[
        float | None, typer.Option("--for", metavar="S", min=0.1, help="Seconds to listen to URL. Default: 10.")
    ] = None,
    emit: Annotated[
        list[str] | None,
        typer.Option(metavar="'EVENT JSON'", help="Emit this at URL, to get into a room or to see what it does."),
    ] = None,
    token: options.Token = None,
    jwt_key: options.JwtKey = None,
    redis_url: options.Redis = None,
    ca_file: options.Ca = None,
    insecure: options.Insecure = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the bundle into this folder; without it, nothing is written."),
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Add to a bundle that is there what was seen besides.")
    ] = False,
    name: Annotated[str | None, typer.Option(help="The name of the bundle. Default: that of DIR.")] = None,
    path: Annotated[str | None, typer.Option(help="The path of Socket.IO. Default: that of the run.")] = None,
    namespace: Annotated[str | None, typer.Option(help="The namespace of Socket.IO. Default: that of the run.")] = None,
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="json or yaml.")] = "json",
    schema: Annotated[
        bool, typer.Option("--schema/--no-schema", help="Write the schemas by which editors complete the files.")
    ] = True,
) -> None:
    """Write contracts of what recorded runs, a service or source code show.

    Of a bundle that is there, the differences are shown, and the exit code is 1 where there are any. With --write it
    gets them; what was written by hand is never overwritten.
    """
    with faults():
        _infer(
            Given(
                sources=tuple(sources or ()), code=tuple(source or ()), path=path, namespace=namespace,
                seconds=seconds, emits=emit, token=token, jwt_key=jwt_key, redis_url=redis_url, ca_file=ca_file,
                insecure=insecure,
            ),
            Wanted(out=out, write=write, name=name, form=form, schema=schema),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is inferred from: journals, one service, or source code."""

    sources: tuple[str, ...]
    code: tuple[Path, ...]
    path: str | None
    namespace: str | None
    seconds: float | None
    emits: list[str] | None
    token: str | None = field(default=None, repr=False)
    jwt_key: str | None = field(default=None, repr=False)
    redis_url: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    insecure: bool = False

    @property
    def is_live(self) -> bool:
        """Whether a service is listened to."""
        return len(self.sources) == 1 and "://" in self.sources[0]

    @property
    def journals(self) -> list[Path]:
        """The journals."""
        return [] if self.is_live else [Path(one) for one in self.sources]

    def refuse_bad(self) -> None:
        """Raise a UsageError where the words do not go together."""
        if bool(self.sources) == bool(self.code):
            raise UsageError(
                "name journals, which `roomcheck record` and `roomcheck check --journal PATH` write, or the URL of a"
                " service, or --source DIR: one of the three"
            )
        if any("://" in one for one in self.sources) and not self.is_live:
            raise UsageError(
                "one service is listened to at a time, and no journal beside it: run the command once each"
            )
        for option, value in {"--for": self.seconds, "--emit": self.emits}.items():
            if value is not None and not self.is_live:
                raise UsageError(f"{option}: used with the URL of a service only")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What becomes of it."""

    out: Path | None
    write: bool
    name: str | None
    form: str
    schema: bool


def _infer(given: Given, wanted: Wanted) -> None:
    """Show what was inferred, and write it, or compare it with the bundle that is there."""
    from conformance.commands.inferred_bundles import write_inferred
    from conformance.commands.new_contracts import FORMATS, bundle_name

    form = next((one for one in FORMATS if one == wanted.form), None)
    if form is None:
        die(f"--format: expected {' or '.join(FORMATS)}, got {wanted.form!r}", 2)
    given.refuse_bad()
    out = wanted.out
    if wanted.write and (out is None or not _is_bundle(out)):
        die("--write: adds to the bundle that --out names, and there is none; leave it out to write a new one", 2)
    made = _inferred(given, wanted.name or (bundle_name(out) if out is not None else "inferred"))
    if len(made.documents) < 2:
        _tell_notes(made)
        raise UsageError("no event was seen of which a contract can be made")
    if out is not None and _is_bundle(out):
        raise Verdict(_compared(out, made, write=wanted.write, schema=wanted.schema))
    if out is not None:
        write_inferred(out, made.documents, made, form, schema=wanted.schema)
    _tell(made, out, form)


def _is_bundle(folder: Path) -> bool:
    from contracts.folder import heads

    return bool(heads(folder))


def _inferred(given: Given, title: str) -> Inferred:
    """Make contracts of what was named."""
    from conformance.inference.documents import Naming, inferred
    from conformance.inference.seen import seen_in

    if given.code:
        from conformance.commands.from_source import inferred_from_source

        return inferred_from_source(given.code, title, given.path, given.namespace)
    if not given.is_live:
        return inferred(
            seen_in(_transcripts(given.journals)), _naming(given.journals, title, given.path, given.namespace)
        )
    heard = _listened(given)
    for remark in heard.remarks:
        say(f"note: {remark}", err=True)
    naming = Naming(
        name=title, source=_shown(given.sources[0]), path=given.path or "/socket.io/",
        namespace=given.namespace, real=True,
    )  # fmt: skip
    return inferred(seen_in([heard.transcript]), naming)


def _shown(url: str) -> str:
    """An address without what may be secret in it."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0].partition('?')[0].rpartition('@')[2]}"


def _listened(given: Given) -> Listened:
    from conformance.commands.live import USUAL_S, listened

    return listened(
        given.sources[0], given.seconds or USUAL_S, given.emits or [], token=given.token, jwt_key=given.jwt_key,
        path=given.path, namespace=given.namespace, redis_url=given.redis_url, ca_file=given.ca_file,
        insecure=given.insecure,
    )  # fmt: skip


def _compared(out: Path, made: Inferred, *, write: bool, schema: bool) -> int:
    """Show what a recording has besides a bundle that is there, and write it where that is asked for."""
    from conformance.commands.inferred_bundles import form_of, update_of, write_inferred

    update = update_of(out, made)
    for one in update.differences:
        say(str(one))
    _tell_notes(made)
    if not update.differences:
        say(f"{out}: says all that was seen")
        return 0
    count = counted(len(update.differences), "difference")
    if not write:
        say(f"{out}: {count}; nothing was written: --write adds what is not written by hand")
        return 1
    form = form_of(out)
    if update.documents:
        write_inferred(out, update.documents, made, form, schema=schema and (out / "schema").is_dir())
    for name in update.documents:
        say(f"written: {out / f'{name}.{form}'}")
    for event in update.by_hand:
        say(f"left as it is, since it was written or changed by hand: {event}")
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
        real=run is None and _is_recording(journals),
        namespaces={one: {"id": schema.document, "source": journals[0].name} for one, schema in ids.items()},
    )


def _is_recording(journals: list[Path]) -> bool:
    """Whether all journals are those of recordings."""
    from conformance.journal.records import RECORD, Header, each

    headers = (next(iter(each(path))) for path in journals)
    return all(isinstance(one, Header) and one.command == RECORD for one in headers)


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
        say(f"{count}; nothing was written: --out DIR writes a bundle")
        return
    say(f"{out}: a bundle of {count}, in {form}; how often each was seen is in {out / SIDE_FILE}")
    say(f"next: roomcheck contracts validate {out}")


def _tell_notes(made: Inferred) -> None:
    for note in made.notes:
        say(f"note: {note}", err=True)


def _words(part: dict[str, Any]) -> str:
    """What a part of a contract says, in a few words."""
    effect, reply = part.get("effect", {}), part.get("reply", {})
    told = effect.get("broadcast", [])
    said = [
        "what comes of it was not seen" if "other" in effect else "",
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
