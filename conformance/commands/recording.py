"""What `roomcheck record` does: a proxy in front of a service, which writes down what passes."""

from __future__ import annotations

import contextlib
import ipaddress
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NoReturn, cast
from urllib.parse import urlsplit

from rich.console import Console

from conformance.commands import shell
from conformance.commands.shell import Verdict, counted
from conformance.commands.watching import screen
from conformance.engine.record import Recorded, RecordRequest, header, record
from conformance.journal.records import Footer, Journal, Note, Record, Writer, decode, gather
from conformance.judge.recorded import doubt, judge_recorded, unjudged
from conformance.judge.rule import record_rules
from conformance.model.exit_code import Exit, exit_of
from conformance.model.transcript import Called, Opened
from conformance.model.verdict import NotExercised, summary
from conformance.model.verdict import Verdict as Judgement
from conformance.recording.heads import Service
from conformance.support import one_writer
from conformance.support.descriptors import raise_limit
from conformance.support.errors import UsageError
from conformance.support.printable import printable
from conformance.target import settings
from conformance.target.resolve import ResolvedTarget, TargetOptions, aim
from reports.output.destinations import outlets, report

MB = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOptions:
    """The options of the command, as they were given."""

    wish: TargetOptions
    host: str
    port: int
    journal: Path | None = None
    most_mb: float = 200.0
    reports: tuple[str, ...] = ()
    history: Path | None = None
    fail_on: str = "fail"
    version: str = ""


def run(ask: RecordOptions, out: Console, err: Console) -> Journal:
    """Record until a signal, and judge what passed.

    Raises:
        UsageError: the options cannot be used.
        ContractError: the contracts cannot.
    """
    if ask.fail_on not in ("fail", "warning"):
        raise UsageError(f"--fail-on: expected fail or warning, got {ask.fail_on!r}")
    raise_limit()
    told = outlets(ask.reports, ask.journal, ask.history)
    order = _order(ask, aim(ask.wish), err)
    with contextlib.ExitStack() as opened:
        file = opened.enter_context(_file(ask.journal))
        writer = Writer(file)
        writer.write(header(order))
        with screen(order.service.url, order.bundle, out) as shown:
            made = record(order, writer.write, shown)
        if writer.failed:
            raise UsageError(made.notes[0].text)
        for one in [*made.notes, *_judged(ask, order, made, file)]:
            writer.write(one)
        file.flush()
        journal = _read(file)
    report(journal, told, ask.history)
    return journal


def _order(ask: RecordOptions, aimed: ResolvedTarget, err: Console) -> RecordRequest:
    service = _service_of(aimed)
    bundle = aimed.bundle if _has_contracts(ask.wish, aimed) else None
    for warning in (*aimed.warnings, *exposed(ask.host)):
        err.print(f"roomcheck: warning: {warning}", style="yellow", markup=False)
    return RecordRequest(
        service=service,
        tls=aimed.target.tls if aimed.target and service.secure else None,
        host=ask.host,
        port=ask.port,
        most_bytes=int(ask.most_mb * MB),
        bundle=bundle,
        rules=record_rules() if bundle else (),
        version=ask.version,
        again=_again(ask),
        secrets=aimed.secrets,
    )


def _judged(ask: RecordOptions, order: RecordRequest, made: Recorded, file: BinaryIO) -> list[Record]:
    """The verdicts and the footer. Judged is what was written down, so that judging it again says the same."""
    cut = made.notes[0].text if made.cut else ""
    verdicts: list[Judgement] = []
    missing: list[NotExercised] = []
    remarks: list[Note] = []
    why = cut
    if order.bundle is not None:
        file.flush()
        transcripts = _read(file).transcripts
        remarks = [Note(text=text, remark=True) for text in unjudged(order.bundle, transcripts)]
        verdicts, missing = judge_recorded(order.bundle, transcripts, order.rules)
        why = doubt(verdicts, cut=cut)
    code = exit_of(verdicts, doubt=why, fail_on_warning=ask.fail_on == "warning")
    why = why if code is Exit.CANNOT_TELL else ""
    return [
        *remarks,
        *verdicts,
        *missing,
        Footer(summary=summary(verdicts), exit_code=int(code), took_s=made.took_s, why=why),
    ]


def _read(file: BinaryIO) -> Journal:
    """The journal that is being written, as far as it is."""
    end = file.tell()
    file.seek(0)
    try:
        return gather((decode(line) for line in file), "the recording")
    finally:
        file.seek(end)


def _service_of(aimed: ResolvedTarget) -> Service:
    if aimed.target is None:
        raise UsageError("record: give the URL of the service, or --target")
    url = aimed.target.urls[0]
    parts = urlsplit(url)
    if parts.path not in ("", "/"):
        raise UsageError(
            f"URL: give {url!r} without {parts.path!r}: the paths of requests are passed on as clients ask for them"
        )
    secure = parts.scheme == "https"
    return Service(host=parts.hostname or "", port=parts.port or (443 if secure else 80), secure=secure)


def _has_contracts(wish: TargetOptions, aimed: ResolvedTarget) -> bool:
    if wish.contracts is not None:
        return True
    chosen = settings.chosen(wish.target, wish.settings, aimed.secrets) if wish.target is not None else None
    return chosen is not None and settings.contracts_of(chosen) is not None


def exposed(host: str) -> tuple[str, ...]:
    """A warning where others than this machine can connect."""
    try:
        local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = host == "localhost"
    if local:
        return ()
    return (f"--host {host}: whoever reaches this address reaches the service through it, and is recorded",)


def _again(ask: RecordOptions) -> tuple[str, ...]:
    wish = ask.wish
    words = ["roomcheck", "record", *([wish.url] if wish.url else []), "--port", str(ask.port)]
    for option, value in (("--target", wish.target), ("--settings", wish.settings), ("--contracts", wish.contracts)):
        words += [option, str(value)] if value is not None else []
    return tuple(words)


@contextlib.contextmanager
def _file(path: Path | None) -> Iterator[BinaryIO]:
    """Where the recording is written: the journal, or a file that is gone afterwards."""
    if path is None:
        with tempfile.TemporaryFile() as file:
            yield cast("BinaryIO", file)
        return
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise UsageError(f"--journal: {path} is no regular file, and the recording is read from it again; name a file")
    try:
        opened = one_writer.opened(path, "a+b")
    except OSError as error:
        raise UsageError(f"--journal: {path} cannot be written: {error.strerror}") from error
    with opened:
        yield cast("BinaryIO", opened)


def finish(journal: Journal, *, quiet: bool, verbose: bool) -> NoReturn:
    """Show what came of a recording, and exit with its code."""
    if journal.header.bundle:
        shell.finish(journal, quiet=quiet, verbose=verbose)
    code = journal.footer.exit_code if journal.footer else int(Exit.CANNOT_TELL)
    out = shell.console()
    entries = [entry for transcript in journal.transcripts for entry in transcript.entries]
    connections = len({entry.actor for entry in entries if isinstance(entry, Opened)})
    calls = sum(isinstance(entry, Called) for entry in entries)
    text = f"recorded {counted(connections, 'connection')}, {counted(calls, 'call')}, "
    if not quiet:
        out.print(text + f"{counted(len(entries), 'entry').replace('entrys', 'entries')} in all", markup=False)
    for note in (*journal.notes, *journal.remarks):
        out.print(f"note: {printable(note)}", markup=False)
    raise Verdict(code)
