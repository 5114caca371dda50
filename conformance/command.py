"""What the commands do: from what a person asked for to a journal and an exit code."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from conformance import journal as journals
from conformance.aim import Aim, Wish, aim, of_embedded
from conformance.check import Order, Result, check, footer
from conformance.equipment import equip
from conformance.exits import Exit, exit_of
from conformance.journal import Footer, Header, Journal, Note, Record, Writer
from conformance.judge import judge, summary
from conformance.known import excused
from conformance.lines import printable
from conformance.loop import on_uvloop
from conformance.model import TRANSPORTS, Transport
from conformance.nearest import nearest
from conformance.outlets import outlets, report
from conformance.rule import rules
from conformance.select import Selection, selection
from conformance.target import Target, Unreachable, UsageError
from contracts.faults import ContractError
from contracts.load import DEFAULT_BUNDLE, load


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """The options of `check`, as they were given."""

    wish: Wish = field(default_factory=Wish)
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    transport: str = "websocket"
    reports: tuple[str, ...] = ()
    journal: Path | None = None
    history: Path | None = None
    fail_on: str = "fail"
    min_verified: float = 0.0
    seed: int = 0
    version: str = ""


def run(ask: Ask, talk: Console, *, quiet: bool) -> Journal:
    """Run a check and return its journal, which is also written where it was asked for, whatever happens.

    Raises:
        UsageError, ContractError, Unreachable: after the journal and the reports say so.
    """
    told = outlets(ask.reports, ask.journal, ask.history)
    _checked(ask)
    records: list[Record] = []
    file: IO[bytes] | None = None
    writer: Writer | None = None
    if ask.journal:
        writer, file = journals.open_writer(ask.journal)

    def write(record: Record) -> None:
        records.append(record)
        if writer:
            writer.write(record)

    began_s = time.monotonic()
    try:
        with _ended(write, records, ask, began_s):
            _run(ask, write, talk, quiet=quiet)
    finally:
        if file:
            file.close()
        made = journals.gather(records, str(ask.journal or "this run"))
        report(made, told, ask.history)
    return made


@contextmanager
def _ended(write: journals.Write, records: list[Record], ask: Ask, began_s: float) -> Iterator[None]:
    """See to it that a run that could not be finished still leaves a whole journal that says why."""
    try:
        yield
    except (UsageError, ContractError, Unreachable, KeyboardInterrupt, Exception) as error:
        match error:
            case UsageError() | ContractError():
                code = Exit.USAGE
            case Unreachable():
                code = Exit.UNREACHABLE
            case KeyboardInterrupt():
                code = Exit.INTERRUPTED
            case _:
                code = Exit.OUR_ERROR
        if not any(isinstance(record, Header) for record in records):
            write(_bare_header(ask))
        write(Note(text=str(error) or type(error).__name__))
        write(Footer(summary=summary([]), exit_code=int(code), took_s=time.monotonic() - began_s))
        raise


def _bare_header(ask: Ask) -> Header:
    return Header(
        version=ask.version,
        began="",
        target=ask.wish.url or ask.wish.target or "",
        api=ask.wish.api_url or "",
        bundle=ask.wish.contracts or DEFAULT_BUNDLE,
        bundle_version="",
        transports=(),
        rules=(),
        seed=ask.seed,
        nonce="",
    )


def _run(ask: Ask, write: journals.Write, talk: Console, *, quiet: bool) -> None:
    aimed = aim(ask.wish)
    chosen = selection(aimed.bundle, rules(), ask.select, ask.ignore)
    for warning in aimed.warnings:
        talk.print(f"roomcheck: warning: {warning}", style="yellow")

    async def whole() -> Result:
        if aimed.target is not None:
            return await _with_progress(ask, aimed, chosen, aimed.target, write, talk, quiet=quiet)
        from conformance.reference.host import embedded
        from conformance.selftest import KEY

        key = ask.wish.jwt_key or KEY
        async with embedded(key=key, dialect=aimed.bundle.name) as urls:
            return await _with_progress(ask, aimed, chosen, of_embedded(urls[0], key), write, talk, quiet=quiet)

    result = on_uvloop(whole(), quiet=True)
    code = exit_of(
        result.verdicts,
        result.not_exercised,
        lost=result.lost is not None,
        fail_on_warning=ask.fail_on == "warning",
        min_verified=ask.min_verified,
    )
    write(footer(result, int(code)))


async def _with_progress(
    ask: Ask, aimed: Aim, chosen: Selection, target: Target, write: journals.Write, talk: Console, *, quiet: bool
) -> Result:
    order = Order(
        bundle=aimed.bundle,
        target=target,
        rules=rules(),
        selection=chosen,
        transports=_transports(ask.transport),
        seed=ask.seed,
        timeout_s=aimed.timeout_s,
        version=ask.version,
        again=_again(ask),
        known=aimed.known,
        secrets=aimed.secrets,
    )
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=talk, transient=True, disable=quiet or not talk.is_terminal) as bar:
        task = bar.add_task(f"checking {target.url}", total=None)
        return await check(
            order,
            write,
            lambda act, ended, total: bar.update(task, completed=ended, total=total, description=f"played {act}"),
        )


def _again(ask: Ask) -> tuple[str, ...]:
    """The words of this command, without the patterns, the outlets and the secrets."""
    wish = ask.wish
    given = {
        "--target": wish.target,
        "--settings": wish.settings,
        "--api-url": wish.api_url,
        "--contracts": wish.contracts if wish.contracts != DEFAULT_BUNDLE else None,
        "--triggers": wish.triggers,
        "--timeout": f"{wish.timeout_s:g}" if wish.timeout_s else None,
        "--ca": wish.ca_file,
        "--seed": ask.seed or None,
        "--token": "$ROOMCHECK_TOKEN" if wish.token else None,
        "--jwt-key": "$ROOMCHECK_JWT_KEY" if wish.jwt_key else None,
    }
    words = ["roomcheck", "check", *([wish.url] if wish.url else [])]
    words += [word for option, value in given.items() if value is not None for word in (option, str(value))]
    words += ["--redis", "$ROOMCHECK_REDIS"] if wish.redis_url else []
    words += [option for option, given in (("--admin", wish.admin), ("--insecure", wish.insecure)) if given]
    return tuple(words)


def _checked(ask: Ask) -> None:
    """Refuse options whose values cannot be meant."""
    if ask.fail_on not in ("fail", "warning"):
        raise UsageError(f"--fail-on: expected fail or warning, got {ask.fail_on!r}")
    _transports(ask.transport)


def _transports(name: str) -> tuple[Transport, ...]:
    if name == "all":
        return TRANSPORTS
    if name not in TRANSPORTS:
        raise UsageError(f"--transport: expected {', '.join(TRANSPORTS)} or all, got {name!r}")
    return (name,)


def rejudge(path: Path, contracts: str | None, reports: tuple[str, ...]) -> Journal:
    """Judge the transcripts of a journal by the rules of today."""
    told = outlets(reports, path)
    old = journals.read(path)
    if old.header.command == "align":
        raise UsageError(
            f"{path}: the journal of an alignment has no transcripts to judge; run `roomcheck align` again"
        )
    place = Path(old.header.bundle)
    bundle = load(contracts or str(place.parent if place.name == "bundle.json" else place))
    equipped = equip(bundle, old.header.equipment)
    own = [rule for rule in rules() if rule.id in old.header.rules]
    verdicts, missing = judge(bundle, old.transcripts, own, equipped)
    chosen = Selection(subjects=old.header.subjects, no_subjects=old.header.no_subjects)
    verdicts = [verdict for verdict in verdicts if chosen.subject(verdict.subject)]
    missing = [one for one in missing if chosen.subject(one.subject)]
    whole = chosen == Selection() and len(own) == len(rules()) and old.footer is not None
    verdicts = excused(old.header.known, verdicts, missing, today=datetime.now(UTC).date(), whole=whole)
    if old.header.command == "load":  # Its ledger was judged when it ended, and cannot be judged from a sample.
        verdicts += [verdict for verdict in old.verdicts if verdict.rule not in {rule.id for rule in rules()}]
    lost = old.footer is not None and old.footer.exit_code == Exit.UNREACHABLE
    code = exit_of(verdicts, missing, lost=lost)
    ended = old.footer.exit_code if old.footer else Exit.CANNOT_TELL
    if code is Exit.HOLDS and (
        ended == Exit.INTERRUPTED or not old.footer or (old.header.command == "load" and ended != Exit.HOLDS)
    ):
        code = Exit.CANNOT_TELL  # What the run did not come to might not have held.
    notes = old.notes + (() if old.footer else ("the journal is truncated; what it has of the run is judged",))
    made = msgspec.structs.replace(
        old,
        verdicts=tuple(verdicts),
        not_exercised=tuple(missing),
        notes=notes,
        footer=Footer(summary=summary(verdicts), exit_code=int(code), took_s=old.footer.took_s if old.footer else 0.0),
    )
    report(made, told)
    return made


def doctor(wish: Wish, out: Console, *, verbose: bool) -> int:
    """Examine a target and print each step.

    Raises:
        UsageError: the target is not named, or its settings cannot be used.
    """
    from conformance.doctor import State, Step, examine

    aimed = None if wish.embedded else aim(wish)
    if aimed is None or aimed.target is None:
        raise UsageError("doctor: name a target with --target, or give the URL of a service")
    styles = {State.OK: "green", State.MISSING: "magenta", State.BROKEN: "bold red"}

    def say(step: Step) -> None:
        row = Table.grid(padding=(0, 1, 0, 0))
        row.add_column(width=7)
        row.add_column(width=14)
        row.add_column(overflow="fold")
        row.add_row(Text(step.state.value, style=styles[step.state]), step.what, Text(printable(step.found)))
        if step.add and (step.state is not State.OK or verbose):
            row.add_row("", "", Text(f"-> {printable(step.add)}", style="bold"))
        out.print(row)

    for warning in aimed.warnings:
        out.print(f"roomcheck: warning: {warning}", style="yellow")
    return int(on_uvloop(examine(aimed, aimed.target, say), quiet=True))


def listing(ask: Ask) -> list[tuple[str, list[str]]]:
    """(rule, subjects) of what a check would judge."""
    _checked(ask)
    bundle = aim(ask.wish).bundle
    chosen = selection(bundle, rules(), ask.select, ask.ignore)
    rows = [
        (rule.id, [subject for subject in rule.subjects(bundle) if chosen.subject(subject)])
        for rule in rules()
        if chosen.rule(rule.id)
    ]
    return [(rule, subjects) for rule, subjects in rows if subjects]


def explain(name: str) -> str:
    """What a rule requires, why, and a script on each side of it.

    Raises:
        UsageError: there is no such rule.
    """
    rule = next((rule for rule in rules() if rule.id == name), None)
    if rule is None:
        hint = nearest(name, [rule.id for rule in rules()], "`roomcheck rules list` names them")
        raise UsageError(f"there is no rule {name!r}; {hint}")
    return "\n".join(
        (
            f"{rule.id} ({rule.level.value})",
            "",
            rule.title,
            *(("", rule.why) if rule.why else ()),
            "",
            f"Clause: {rule.clause}",
            f"Acts:   {', '.join(planner.__name__.replace('_', '-') for planner in rule.acts)}",
            "",
            "Silent on (contracts: example):",
            *_script(rule.silent),
            "",
            "Speaks on:",
            *_script(rule.speaks),
        )
    )


def _script(text: str) -> list[str]:
    return [f"  {line}" for line in text.strip().splitlines() if line.strip()]


def selftest(names: tuple[str, ...], out: Console, talk: Console) -> int:
    """Run the lies and print the kill matrix.

    Raises:
        UsageError: there is no such lie.
    """
    from conformance.reference.host import make
    from conformance.reference.lie import lies
    from conformance.selftest import HONEST
    from conformance.selftest import selftest as run_lies

    for name in names:
        make(name).store.close()
    with talk.status(f"telling {len(names or lies())} lies"):
        matrix = run_lies(names or None)
    table = Table(box=None, padding=(0, 2, 0, 0), title="kill matrix: lie × rule", title_justify="left")
    table.add_column("lie")
    table.add_column("accused by", overflow="fold")
    for kill in matrix.kills:
        table.add_row(kill.lie, ", ".join(kill.rules) or ("nobody" if kill.lie == HONEST else "NOBODY"))
    out.print(table)
    faults = [fault for fault in matrix.faults() if not (names and "kills nothing" in fault)]
    for fault in faults:
        out.print(f"[bold red]{fault}[/]")
    told_lies = len(matrix.kills) - 1
    counted = ((told_lies, "lie"), (len(matrix.rules), "rule"), (len(faults), "fault"))
    out.print(", ".join(f"{count} {word}{'s' if count != 1 else ''}" for count, word in counted))
    return int(Exit.BROKEN if faults else Exit.HOLDS)
