"""What `roomcheck record` does: a proxy in front of a service, which writes down what passes."""

from __future__ import annotations

import contextlib
import ipaddress
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from rich.console import Console

from conformance.commands.shell import Verdict
from conformance.commands.watching import screen
from conformance.engine.record import Recorded, RecordRequest, header, record
from conformance.journal.records import Footer, Journal, Record, Writer, gather, open_writer
from conformance.model.exit_code import Exit
from conformance.recording.heads import Service
from conformance.support.errors import UsageError
from conformance.target import settings
from conformance.target.resolve import ResolvedTarget, TargetOptions, aim

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
    """Record until a signal.

    Raises:
        UsageError: the options cannot be used.
        ContractError: the contracts cannot.
    """
    aimed = aim(ask.wish)
    service = _service_of(aimed)
    bundle = aimed.bundle if _has_contracts(ask.wish, aimed) else None
    for warning in (*aimed.warnings, *_exposed(ask.host)):
        err.print(f"warning: {warning}", markup=False)
    order = RecordRequest(
        service=service,
        tls=aimed.target.tls if aimed.target and service.secure else None,
        host=ask.host,
        port=ask.port,
        most_bytes=int(ask.most_mb * MB),
        bundle=bundle,
        version=ask.version,
        again=_again(ask),
        secrets=aimed.secrets,
    )
    with contextlib.ExitStack() as opened:
        writer = opened.enter_context(_writer(ask.journal))
        first = header(order)
        writer.write(first)
        with screen(service.url, bundle, out) as shown:
            made = record(order, writer.write, shown)
        records = [*made.notes, *_judged(order, made)]
        writer.write(*records)
    return gather([first, *records], "recording")


def _judged(order: RecordRequest, made: Recorded) -> list[Record]:
    return [Footer(summary={}, exit_code=int(Exit.HOLDS), took_s=made.took_s)]


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


def _exposed(host: str) -> tuple[str, ...]:
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
def _writer(path: Path | None) -> Iterator[Writer]:
    if path is None:
        with tempfile.TemporaryFile() as file:
            yield Writer(file)
        return
    writer, opened = open_writer(path)
    with opened:
        yield writer


def finish(journal: Journal, *, quiet: bool, verbose: bool) -> NoReturn:
    """Show what came of a recording, and exit with its code."""
    raise Verdict(0)
