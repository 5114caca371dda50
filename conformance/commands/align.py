"""What `roomcheck align` does: from paths to findings, a matrix, a journal and an exit code."""

from __future__ import annotations

import codecs
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from conformance.align import blocks, fix
from conformance.align.gather import Gathered, gather
from conformance.align.matrix import OWN_COLUMNS, Matrix, Word, matrix
from conformance.align.rule import Found, Rule, judge, rules
from conformance.align.verdicts import READ, verdicts
from conformance.align.wire import Wire, of_journal, seen
from conformance.commands import check
from conformance.journal.records import Aligned, Footer, Header, Note, Record
from conformance.judge.selection import matching
from conformance.model.exit_code import Exit
from conformance.model.verdict import Outcome, Verdict, summary
from conformance.support import whole_file
from conformance.support.errors import UsageError
from conformance.support.printable import printable
from conformance.support.suggest import nearest
from conformance.target.resolve import TargetOptions, aim
from contracts.load import DEFAULT_BUNDLE, load
from contracts.model import Bundle
from contracts.where import where
from reports.output.destinations import keep, outlets

MARKS: dict[Word, tuple[str, str]] = {
    "ok": ("ok", "green"),
    "wrong": ("WRONG", "bold red"),
    "missing": ("MISSING", "bold red"),
    "not seen": ("·", "dim"),
}
COVERAGE = "contract-event-is-in-documents"
"""The rule that is judged only where the documentation is named as a whole."""
IN_SOURCE = "documented-event-is-in-source"
"""The rule that is judged only where the source is."""
GAP = 2
"""Blanks between two columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignOptions:
    """The options of `align`, as they were given."""

    documents: tuple[Path, ...]
    sources: tuple[Path, ...] = ()
    clients: tuple[Path, ...] = ()
    """Source of clients."""
    contracts: str | None = None
    wire: Path | None = None
    """The journal of a check of the running service."""
    target: str | None = None
    """The running service itself: its URL, or its name in the settings."""
    settings: Path | None = None
    token: str | None = field(default=None, repr=False)
    jwt_key: str | None = field(default=None, repr=False)
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    journal: Path | None = None
    history: Path | None = None
    only_wrong: bool = False
    links: bool = True
    change: bool = False
    show_change: bool = False
    update_blocks: bool = False
    version: str = ""


def run(ask: AlignOptions, out: Console, talk: Console, *, quiet: bool) -> int:
    """Read, judge and tell; the exit code.

    Raises:
        UsageError: a path, a pattern or a journal is wrong.
        ContractError: the contracts cannot be used.
    """
    began_s = time.monotonic()
    told = outlets(ask.reports, ask.journal, ask.history)
    if not ask.documents and not ask.sources and not ask.clients:
        raise UsageError(
            "DOCS: which documents? Name Markdown files or folders, --source for the service's code, --client-source "
            "for a client's, or several of them"
        )
    chosen = matching(rules(), ask.select, ask.ignore)
    if not _is_whole(ask):
        chosen = tuple(rule for rule in chosen if rule.id != COVERAGE)
    wish = _wish(ask)
    bundle = aim(wish).bundle if wish else load(ask.contracts or DEFAULT_BUNDLE)
    gathered = _gathered(ask, bundle)
    if ask.update_blocks:
        _update(gathered, bundle, talk)
        gathered = _gathered(ask, bundle)
    wire = _wire(ask, wish, bundle, talk, quiet=quiet)
    gathered = replace(gathered, faults=(*gathered.faults, *_slips(gathered), *(wire.faults if wire else ())))
    found = judge(gathered.evidence, chosen)
    remarks = tuple(_unlooked(ask, gathered, chosen))
    for fault in gathered.faults:
        talk.print(f"roomcheck: {printable(fault)}", style="yellow", soft_wrap=True)
    for remark in () if quiet else remarks:
        talk.print(f"roomcheck: {printable(remark)}", soft_wrap=True)
    if ask.change or ask.show_change:
        found = _changed(ask, gathered, found, chosen, out)
    made = verdicts(gathered.evidence, found, chosen)
    broken = wire.broken if wire else ()
    made += broken
    code = _code(gathered, made)
    whole = matrix(gathered.evidence, found, wire.verdicts if wire else None)
    if not (quiet and code is Exit.HOLDS):
        _tell(gathered, found, broken, whole.wrong() if ask.only_wrong else whole, code, out)
    records: list[Record] = [_header(ask, bundle, chosen), *made, *(Note(text=fault) for fault in gathered.faults)]
    records += (Note(text=remark, remark=True) for remark in remarks)
    records.append(_aligned(whole))
    records.append(Footer(summary=summary(made), exit_code=int(code), took_s=time.monotonic() - began_s))
    keep(records, ask.journal, told, ask.history)
    return int(code)


def _is_whole(ask: AlignOptions) -> bool:
    """Whether the documentation is named as a whole: a folder of it is, or the rule of its coverage is selected.

    A guide to one part of a service, or a file that a hook was given, need not name the other events.
    """
    return any(path.is_dir() for path in ask.documents) or any(pattern.strip("*?") for pattern in ask.select)


def _gathered(ask: AlignOptions, bundle: Bundle) -> Gathered:
    gathered = gather(bundle, ask.documents, ask.sources, ask.clients, links=ask.links)
    if any(fnmatchcase(IN_SOURCE, pattern) and pattern.strip("*?") for pattern in ask.select):
        return replace(gathered, evidence=replace(gathered.evidence, partly=""))
    return gathered


def _unlooked(ask: AlignOptions, gathered: Gathered, chosen: Sequence[Rule]) -> Iterator[str]:
    """What was not looked for, as only a part of the service was named."""
    absent = gathered.evidence.unseen() if gathered.evidence.partly else []
    if absent and any(rule.id == IN_SOURCE for rule in chosen):
        some = f"{len(absent)} events of the contracts are" if len(absent) > 1 else f"`{absent[0]}` is"
        yield (
            f"{', '.join(map(str, ask.sources))}: this is a part of a service, as {gathered.evidence.partly}; "
            f"{some} not in it, which was not judged (--select {IN_SOURCE} does)"
        )


def _slips(gathered: Gathered) -> Iterator[str]:
    """Comments that ask to ignore a rule that there is not: they would leave out nothing, and nobody would know."""
    known = [rule.id for rule in rules()]
    for text in gathered.evidence.texts:
        for name, line, _ in text.ignored:
            if name != "*" and name not in known:
                hint = nearest(name, known, "`roomcheck rules manual` names them")
                yield f"{text.file}:{line}: there is no rule {name!r} to ignore; {hint}"


def _wish(ask: AlignOptions) -> TargetOptions | None:
    """What is to be checked now; None where nothing is."""
    if ask.target is None:
        if ask.settings is not None:
            raise UsageError("--settings: name the target, too, with --target")
        return None
    if ask.wire is not None:
        raise UsageError("--target and --wire: give one of them; the wire is checked now, or was before")
    return replace(wish_of(ask.target, ask.settings, ask.contracts), token=ask.token, jwt_key=ask.jwt_key)


def _wire(ask: AlignOptions, wish: TargetOptions | None, bundle: Bundle, talk: Console, *, quiet: bool) -> Wire | None:
    if wish:
        return of_target(wish, ask.version, talk, quiet=quiet)
    return of_journal(ask.wire, bundle) if ask.wire else None


def _code(gathered: Gathered, made: Sequence[Verdict]) -> Exit:
    """What the run earns: a drift is broken, what could not be read or says nothing is no success."""
    counts = summary(made)
    if counts[Outcome.FAIL]:
        return Exit.BROKEN
    if gathered.faults or not counts[Outcome.PASS]:
        return Exit.CANNOT_TELL
    return Exit.HOLDS


def _update(gathered: Gathered, bundle: Bundle, talk: Console) -> None:
    for text in gathered.evidence.texts:
        made = blocks.updated(text.written, bundle) if text.origin == "document" else text.written
        if made != text.written:
            _write(text.file, made)
            talk.print(f"roomcheck: {printable(text.file)}: updated", soft_wrap=True)


def _write(file: str, text: str) -> None:
    try:
        path = Path(file)
        with path.open("rb") as old:
            mark = old.read(len(codecs.BOM_UTF8))
        whole_file.replace(path, (mark if mark == codecs.BOM_UTF8 else b"") + text.encode("utf-8"))
    except OSError as error:
        raise UsageError(f"{file}: cannot be written: {error.strerror}") from error


def _changed(
    ask: AlignOptions, gathered: Gathered, found: list[Found], chosen: Sequence[Rule], out: Console
) -> list[Found]:  # fmt: skip
    """Rewrite what can only mean one thing, or show how; what is left."""
    texts = {text.file: text.written for text in gathered.evidence.texts}
    changed = fix.harmless(gathered.evidence, found, chosen)
    if ask.change:
        for file, text in changed.items():
            _write(file, text)
    # Not rich's: it would make blanks of tabs, and no tool would apply the difference.
    out.file.write("".join(map(_safe, fix.difference(texts, changed).splitlines(keepends=True))))
    if not ask.change:
        return found
    return judge(_gathered(ask, gathered.evidence.bundle).evidence, chosen)


def _safe(line: str) -> str:
    return "\t".join(map(printable, line.rstrip("\r\n").split("\t"))) + "\n"


def _aligned(whole: Matrix) -> Aligned:
    rows: dict[str, tuple[tuple[str, str, str], ...]] = {
        name: tuple((cell.word, cell.place, cell.text) for cell in cells) for name, cells in whole.rows.items()
    }
    return Aligned(columns=whole.columns, rows=rows)


def _header(ask: AlignOptions, bundle: Bundle, chosen: Sequence[Rule]) -> Header:
    texts = (*map(str, ask.documents), *map(str, ask.sources), *map(str, ask.clients))
    return Header(
        version=ask.version,
        began=datetime.now(UTC).isoformat(timespec="milliseconds"),
        target=", ".join(texts),
        api="",
        bundle=bundle.place,
        bundle_name=bundle.name,
        bundle_version=bundle.version,
        transports=(READ,),
        rules=tuple(rule.id for rule in chosen),
        seed=0,
        nonce="",
        events=tuple(bundle.events),
        again=_again(ask),
        places=where(bundle),
        command="align",
    )


def _again(ask: AlignOptions) -> tuple[str, ...]:
    """The words of this command, without the outlets and the secrets."""
    words = ["roomcheck", "align", *map(str, ask.documents)]
    words += [word for path in ask.sources for word in ("--source", str(path))]
    words += [word for path in ask.clients for word in ("--client-source", str(path))]
    given = {
        "--contracts": ask.contracts,
        "--target": ask.target,
        "--settings": ask.settings,
        "--wire": ask.wire,
        "--token": "$ROOMCHECK_TOKEN" if ask.token else None,
        "--jwt-key": "$ROOMCHECK_JWT_KEY" if ask.jwt_key else None,
    }
    words += [word for option, value in given.items() if value is not None for word in (option, str(value))]
    return (*words, *(() if ask.links else ("--no-links",)))


def _tell(
    gathered: Gathered, found: Sequence[Found], broken: Sequence[Verdict], shown: Matrix, code: Exit, out: Console
) -> None:
    """The findings as editors read them, the matrix, and the last line."""
    for one in found:
        out.print(Text(printable(one.line)), soft_wrap=True)
        if one.drift.replacement:
            out.print(Text(f"    write {printable(one.drift.replacement)}", style="dim"), soft_wrap=True)
    for verdict in broken:
        line = f"wire: {verdict.subject}: {verdict.message} [{verdict.rule}]"
        out.print(Text(printable(line)), soft_wrap=True)
    if shown.rows:
        out.print(_table(shown, out.width))
    files = len(gathered.evidence.texts)
    claims = sum(len(text.claims) for text in gathered.evidence.texts)
    words = {Exit.HOLDS: ("ALIGNED", "green"), Exit.BROKEN: ("DRIFTED", "bold red")}
    word, style = words.get(code, ("CANNOT TELL", "magenta"))
    last = f"{len(found) + len(broken)} findings, {claims} claims in {files} files"
    out.print(
        Text(word, style=style), Text(last if claims else f"{last}: nothing here names an event, a room or a call")
    )


def _table(shown: Matrix, width: int) -> Table:
    """The matrix, as wide as the terminal is: of more documents those that say most."""
    heads = [Path(column).name for column in shown.columns]
    room = width - max(map(len, (*shown.rows, "event")))
    said = [sum(cells[at].word != "not seen" for cells in shown.rows.values()) for at in range(len(heads))]
    own = {at for at, column in enumerate(shown.columns) if column in OWN_COLUMNS}
    kept = []
    for at in sorted(range(len(heads)), key=lambda at: (at not in own, -said[at])):
        if not said[at] and at not in own:
            continue
        room -= max(len(heads[at]), len("MISSING")) + GAP
        if room >= 0 or at in own:
            kept.append(at)
    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0))
    table.add_column("event", no_wrap=True)
    for at in sorted(kept):
        table.add_column(heads[at], overflow="fold")
    for name, cells in shown.rows.items():
        marks = (MARKS[cells[at].word] for at in sorted(kept))
        table.add_row(printable(name), *(Text(word, style=style) for word, style in marks))
    hidden = len(heads) - len(kept)
    if hidden and any(shown.columns[at] not in OWN_COLUMNS for at in kept):
        table.caption = f"{hidden} more documents name fewer events, or none"
        table.caption_justify = "left"
    return table


def wish_of(target: str, settings: Path | None, contracts: str | None) -> TargetOptions:
    """What `--target` means: the URL of a service, or the name of one in the settings."""
    if "://" in target:
        return TargetOptions(url=target, settings=settings, contracts=contracts)
    return TargetOptions(target=target, settings=settings, contracts=contracts)


def of_target(wish: TargetOptions, version: str, talk: Console, *, quiet: bool) -> Wire:
    """Check the service now.

    Raises:
        UsageError, ContractError, Unreachable: as a check does.
    """
    made = check.run(check.CheckOptions(wish=wish, version=version), talk, quiet=quiet)
    return seen(made, made.header.target)
