"""What `roomcheck contracts diff` does: from two versions of contracts to changes, a journal and an exit code."""

from __future__ import annotations

import os
import posixpath
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from textwrap import wrap

from rich.console import Console
from rich.text import Text

from conformance.diff.changelog import bump, changelog, raised
from conformance.diff.model import ORDER, Severity
from conformance.diff.pairing import Pair
from conformance.diff.rule import Found, judge, rules
from conformance.diff.verdicts import DIRECTIONS, READ, verdicts
from conformance.diff.versions import Version, is_folder, version
from conformance.journal.records import Footer, Header, Record
from conformance.judge.selection import matching
from conformance.model.exit_code import Exit
from conformance.model.verdict import summary
from conformance.support import pipes
from conformance.support.errors import UsageError
from conformance.support.git_files import Revision, revision
from conformance.support.printable import printable
from contracts.document_text import BadText, is_contract_file, parse, text_of
from contracts.faults import ContractError, Fault
from contracts.folder import bundled, heads
from contracts.schema import shown
from contracts.where import where
from reports.output.destinations import keep, outlets

STYLES = {Severity.BREAKING: "bold red", Severity.RISKY: "yellow", Severity.SAFE: "green"}
FAIL_ON = ("breaking", "risky", "never")
MOST_EXTENDED = 16
"""Bundles that extend each other and are read from a revision."""

INDENT = 10
"""Columns before the text of a change: the longest severity, and two blanks."""

LEAST_WIDTH = 40
"""Columns of the text where a terminal is narrower than any."""

MOST_TEXT = 300
"""Characters of a payload that is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffOptions:
    """The options of `contracts diff`, as they were given."""

    old: str
    new: str
    fail_on: str = "breaking"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    journal: Path | None = None
    history: Path | None = None
    changelog: Path | None = None
    version: str = ""


def run(ask: DiffOptions, out: Console, *, quiet: bool) -> int:
    """Read both versions, compare them and tell; the exit code.

    Raises:
        UsageError: a revision, a path or an option is wrong.
        ContractError: the contracts of a version cannot be used.
    """
    began_s = time.monotonic()
    if ask.fail_on not in FAIL_ON:
        raise UsageError(f"--fail-on: expected {', '.join(FAIL_ON[:-1])} or {FAIL_ON[-1]}, got {ask.fail_on!r}")
    told = outlets(ask.reports, ask.journal, ask.history)
    outputs = (*(path for _, path in told), ask.journal, ask.history)
    others = [os.path.realpath(path) for path in outputs if path is not None]
    if ask.changelog is not None and os.path.realpath(ask.changelog) in others:
        raise UsageError(f"--changelog: {ask.changelog} is another output, too; give each a file of its own")
    chosen = matching(rules(), ask.select, ask.ignore)
    with tempfile.TemporaryDirectory(prefix="roomcheck-") as folder:
        pair = Pair(old=_read(ask.old, Path(folder) / "old"), new=_read(ask.new, Path(folder) / "new"))
        found = judge(pair, chosen)
        made = verdicts(pair, found, chosen)
        header = _header(ask, pair, [rule.id for rule in chosen])
    code = _code(found, ask.fail_on)
    entry = changelog(found, raised(pair.old.bundle.version, bump(found)) or pair.new.bundle.version)
    if ask.changelog is not None and str(ask.changelog) != "-":
        _write(ask.changelog, entry)
    if ask.changelog is not None and str(ask.changelog) == "-":
        out.file.write(entry)
    elif not (quiet and code is Exit.HOLDS):
        _tell(pair, found, out)
    records: list[Record] = [header, *made]
    records.append(Footer(summary=summary(made), exit_code=int(code), took_s=time.monotonic() - began_s))
    keep(records, ask.journal, told, ask.history)
    return int(code)


def _code(found: Sequence[Found], fail_on: str) -> Exit:
    """1 where a change is as bad as `--fail-on` says, or worse."""
    failing = {"breaking": ORDER[:1], "risky": ORDER[:2], "never": ()}[fail_on]
    return Exit.BROKEN if any(one.change.severity in failing for one in found) else Exit.HOLDS


# --- reading -------------------------------------------------------------------------------------------------------


def _read(name: str, folder: Path) -> Version:
    """A version by its name: a bundled name, a folder, or `REVISION:PATH` of the git repository here.

    Raises:
        UsageError: there is no such revision or path.
        ContractError: the contracts cannot be used.
    """
    if is_folder(name) or ":" not in name or Path(name).exists():
        return version(name, name)
    ref, _, path = name.partition(":")
    if not ref:
        raise UsageError(f"{name!r}: expected REVISION:PATH, such as main:contracts/sos, or a folder of contracts")
    try:
        found = revision(ref)
    except UsageError as error:
        raise UsageError(f"{name}: is no folder of contracts, and as REVISION:PATH of git: {error}") from None
    place = found.path(path)
    with _named(folder, name.removesuffix(path)):
        _extract(name, found, place, folder)
        return version(name, str(folder / place), folder)


@contextmanager
def _named(folder: Path, prefix: str) -> Iterator[None]:
    """Faults of files that stand for those of a revision are told of these."""
    try:
        yield
    except ContractError as error:
        raise ContractError([
            Fault(
                file=Path(prefix + fault.file.relative_to(folder).as_posix())
                if fault.file.is_relative_to(folder) else fault.file,
                line=fault.line,
                message=fault.message.replace(f"{folder}/", prefix),
            )
            for fault in error.faults
        ]) from None  # fmt: skip


def _extract(name: str, found: Revision, place: str, folder: Path) -> None:
    """Write the contract files of a folder of a revision, and of the folders that its bundle extends."""
    if not found.has(place):
        own = f"{found.prefix}{place}"
        hint = f"; did you mean {found.name}:{own}?" if found.prefix and found.has(own) else ""
        raise UsageError(
            f"{name}: there is no {place!r} in that revision; paths begin at the root of the repository{hint}"
        )
    todo, seen = [place], set[str]()
    while todo and len(seen) < MOST_EXTENDED:
        one = todo.pop()
        if one in seen:
            continue
        seen.add(one)
        (folder / one).mkdir(parents=True, exist_ok=True)
        found.write(one, folder, lambda path, one=one: _is_wanted(path, one))  # type: ignore[misc]
        todo += [
            found.path(posixpath.join(one, parent)) for parent in _extended(folder / one) if parent not in bundled()
        ]


def _is_wanted(path: str, folder: str) -> bool:
    """Whether a file is one of the contracts of a folder."""
    inside = PurePosixPath(path).relative_to(folder) if folder else PurePosixPath(path)
    return len(inside.parts) <= 2 and is_contract_file(Path(path))


def _extended(folder: Path) -> Iterator[str]:
    """The bundle that the one of a folder extends, as it is written; what cannot be read is told when it is loaded."""
    for path in heads(folder):
        try:
            document = parse(path, text_of(path))
        except (OSError, UnicodeDecodeError, BadText):
            continue
        parent = document.get("extends") if isinstance(document, dict) else None
        if isinstance(parent, str):
            yield parent


# --- telling -------------------------------------------------------------------------------------------------------


def _header(ask: DiffOptions, pair: Pair, chosen: Sequence[str]) -> Header:
    places = where(pair.new.bundle)
    files = {name: file.shown for name, file in (*pair.new.events.items(), *pair.new.calls.items())}
    return Header(
        version=ask.version,
        began=datetime.now(UTC).isoformat(timespec="milliseconds"),
        target=f"{ask.old} -> {ask.new}",
        api="",
        bundle=pair.new.head.shown,
        bundle_name=pair.new.bundle.name,
        bundle_version=pair.new.bundle.version,
        transports=(READ,),
        rules=tuple(chosen),
        seed=0,
        nonce="",
        events=tuple(pair.new.bundle.events),
        again=("roomcheck", "contracts", "diff", ask.old, ask.new),
        places={name: f"{files[name]}:{place.rpartition(':')[2]}" for name, place in places.items() if name in files},
        command="diff",
    )


def _write(path: Path, text: str) -> None:
    try:
        pipes.write(path, text.encode())
    except OSError as error:
        raise UsageError(f"--changelog: {path} cannot be written: {error.strerror}") from error


def _tell(pair: Pair, found: Sequence[Found], out: Console) -> None:
    """The changes, the worst first, and the last line."""
    groups: dict[tuple[str, ...], list[Found]] = {}
    for one in found:
        groups.setdefault((one.change.severity, one.change.subject, one.change.way or "", one.rule.id), []).append(one)
    for group in groups.values():
        _tell_of(group, out)
    counts = {severity: sum(one.change.severity is severity for one in found) for severity in ORDER}
    worst = next((severity for severity in ORDER if counts[severity]), None)
    word = {Severity.BREAKING: "BREAKS", Severity.RISKY: "MAY BREAK", None: "SAME"}.get(worst, "COMPATIBLE")
    listed = ", ".join(f"{count} {severity}" for severity, count in counts.items())
    out.print(Text(word, style=STYLES[worst or Severity.SAFE]), Text(listed if found else "no change of the contracts"))
    out.print(Text(_advice(pair, found, counts[Severity.RISKY])), soft_wrap=True)


def _tell_of(group: Sequence[Found], out: Console) -> None:
    """What a rule has found of one message or call; what is safe in a line each."""
    first, rule = group[0].change, group[0].rule
    head = Text(f"{first.severity.upper():{INDENT}}", style=STYLES[first.severity])
    way = f"  ({DIRECTIONS[first.way]})" if first.way else ""
    out.print(head.append(printable(first.subject), style="bold").append(way, style="dim"), soft_wrap=True)
    for message in dict.fromkeys(one.change.message for one in group):
        _indented(message, out)
    if first.severity is not Severity.SAFE:
        for why in dict.fromkeys(one.change.why for one in group):
            _indented(why, out)
        shows = next((one.change.witness for one in group if one.change.witness is not None), None)
        if shows is not None:
            _indented(f"as in {shown(shows, MOST_TEXT)}", out)
        lines: dict[str, list[str]] = {}
        for file, _, line in dict.fromkeys(one.change.place.rpartition(":") for one in group):
            lines.setdefault(file, []).append(line)
        places = ", ".join(f"{file}:{','.join(numbers)}" for file, numbers in lines.items())
        out.print(Text(f"{'':{INDENT}}{printable(places)} [{rule.id}]", style="dim"), soft_wrap=True)


def _indented(text: str, out: Console) -> None:
    for part in wrap(printable(text), max(LEAST_WIDTH, out.width - INDENT), break_on_hyphens=False):
        out.print(Text(" " * INDENT + part), soft_wrap=True)


def _advice(pair: Pair, found: Sequence[Found], risky: int) -> str:
    """The version number that the changes ask for."""
    part, old, new = bump(found), pair.old.bundle.version, pair.new.bundle.version
    if part == "none":
        return f"version: {old} can stay"
    wanted = raised(old, part)
    number = f", {old} -> {wanted}" if wanted else ""
    doubt = "; major if what is risky breaks somebody" if risky and part == "minor" else ""
    return printable(f"version: {part}{number}{doubt} (the new contracts say {new})")
