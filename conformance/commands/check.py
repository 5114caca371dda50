"""What the command `check` does: from what a person asked for to a journal, reports and an exit code.

What plays and judges is imported only once the journal is open: an interrupt is then written down, too.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeAlias

from conformance.journal import records as journals
from conformance.journal.records import Footer, Header, Journal, Note, Record, Writer
from conformance.model.act import TRANSPORTS, Transport
from conformance.model.exit_code import Exit, exit_of
from conformance.model.verdict import summary
from conformance.support.descriptors import raise_limit
from conformance.support.errors import Unreachable, UsageError
from conformance.support.interrupt import current
from conformance.target.resolve import ResolvedTarget, TargetOptions, aim, of_embedded
from conformance.target.target import Target
from contracts.faults import ContractError
from contracts.load import DEFAULT_BUNDLE
from reports.output.destinations import outlets, report

if TYPE_CHECKING:
    from rich.console import Console

    from conformance.engine.check import CheckRequest, Course
    from conformance.judge.selection import Selection

BEFORE_IT_BEGAN = "interrupted before the check began: no act was played"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """The options of `check`, as they were given."""

    wish: TargetOptions = field(default_factory=TargetOptions)
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    transport: str = "websocket"
    reports: tuple[str, ...] = ()
    journal: Path | None = None
    history: Path | None = None
    fail_on: str = "fail"
    min_verified: float | None = None
    """In percent; None for the usual half."""
    max_s: float | None = None
    """Seconds; None for the usual ten minutes."""
    seed: int = 0
    version: str = ""


Body: TypeAlias = Callable[["CheckOptions", journals.Write, "Console"], None]
"""What is done between header and footer, writing both."""


def run(ask: CheckOptions, talk: Console, *, quiet: bool, body: Body | None = None) -> Journal:
    """Run a check and return its journal, which is also written where it was asked for, whatever happens.

    An interrupt ends the playing of acts; what is written is written whole.

    Args:
        body: what is done in place of a check.

    Raises:
        UsageError, ContractError, Unreachable: after the journal and the reports say so.
        KeyboardInterrupt: there was an interrupt before the check began; journal and reports say so, too.
    """
    raise_limit()
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
            (body or partial(_run, quiet=quiet))(ask, write, talk)
    finally:
        if file:
            file.close()
        made = journals.gather(records, str(ask.journal or "this run"))
        report(made, told, ask.history)
    return made


@contextmanager
def _ended(write: journals.Write, records: list[Record], ask: CheckOptions, began_s: float) -> Iterator[None]:
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
        interrupted = isinstance(error, KeyboardInterrupt)
        write(Note(text=BEFORE_IT_BEGAN if interrupted else str(error) or type(error).__name__))
        write(Footer(summary=summary([]), exit_code=int(code), took_s=time.monotonic() - began_s))
        raise


def _bare_header(ask: CheckOptions) -> Header:
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


def _run(ask: CheckOptions, write: journals.Write, talk: Console, *, quiet: bool) -> None:
    with current().raising():
        aimed, chosen = prepared(ask, talk)
    from conformance.engine.check import conclude, footer

    course = _observed(ask, aimed, chosen, write, talk, quiet=quiet)
    result = conclude(course, write)
    code = exit_of(
        result.verdicts,
        doubt=result.doubt,
        lost=result.lost is not None,
        fail_on_warning=ask.fail_on == "warning",
    )
    if course.broke_off:
        code = Exit.USAGE
    write(footer(result, Exit.INTERRUPTED if result.interrupted else code))


def prepared(ask: CheckOptions, talk: Console) -> tuple[ResolvedTarget, Selection]:
    """What is checked, and by which rules. Everything heavy is imported meanwhile."""
    from conformance.judge.rule import rules
    from conformance.judge.selection import selection

    aimed = aim(ask.wish)
    chosen = selection(aimed.bundle, rules(), ask.select, ask.ignore)
    for warning in aimed.warnings:
        talk.print(f"roomcheck: warning: {warning}", style="yellow")
    import conformance.engine.check

    if aimed.target is None:
        import conformance.reference.host  # noqa: F401
    return aimed, chosen


def _observed(
    ask: CheckOptions, aimed: ResolvedTarget, chosen: Selection, write: journals.Write, talk: Console, *, quiet: bool
) -> Course:
    """Play the check until it is over or interrupted.

    Raises:
        KeyboardInterrupt: it was interrupted before it began.
    """
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    from conformance.engine.check import begin, observe
    from conformance.support.event_loop import on_uvloop

    begun: list[Course] = []
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=talk, transient=True, disable=quiet or not talk.is_terminal) as bar:

        async def played(target: Target) -> None:
            task = bar.add_task(f"checking {target.url}", total=None)
            begun.append(begin(order_of(ask, aimed, chosen, target), write))
            await observe(
                begun[0],
                write,
                lambda act, ended, total: bar.update(task, completed=ended, total=total, description=f"played {act}"),
            )

        try:
            on_uvloop(on_target(ask, aimed, played), quiet=True)
        except KeyboardInterrupt:
            if not begun:
                raise
        except journals.Unwritten:
            if not (begun and begun[0].broke_off):
                raise
    return begun[0]


async def on_target(ask: CheckOptions, aimed: ResolvedTarget, played: Callable[[Target], Awaitable[None]]) -> None:
    """Play on the target that was named, or on the embedded service where none was."""
    if aimed.target is not None:
        return await played(aimed.target)
    from conformance.engine.selftest import KEY
    from conformance.reference.host import embedded

    key = ask.wish.jwt_key or KEY
    async with embedded(key=key, dialect=aimed.bundle.name) as urls:
        return await played(of_embedded(urls[0], key))


def order_of(ask: CheckOptions, aimed: ResolvedTarget, chosen: Selection, target: Target) -> CheckRequest:
    """What is checked, and how."""
    from conformance.engine.check import MOST_S, CheckRequest
    from conformance.judge.rule import rules

    return CheckRequest(
        bundle=aimed.bundle,
        target=target,
        rules=rules(),
        selection=chosen,
        transports=transports_named(ask.transport),
        seed=ask.seed,
        timeout_s=aimed.timeout_s,
        max_s=MOST_S if ask.max_s is None else ask.max_s,
        min_verified=ask.min_verified,
        version=ask.version,
        again=again_words(ask),
        known=aimed.known,
        secrets=aimed.secrets,
    )


def again_words(ask: CheckOptions, command: str = "check") -> tuple[str, ...]:
    """The words of this command, without the patterns, the outlets and the secrets."""
    wish = ask.wish
    given = {
        "--target": wish.target,
        "--settings": wish.settings,
        "--api-url": wish.api_url,
        "--contracts": wish.contracts if wish.contracts != DEFAULT_BUNDLE else None,
        "--triggers": wish.triggers,
        "--timeout": f"{wish.timeout_s:g}" if wish.timeout_s else None,
        "--max-time": f"{ask.max_s:g}" if ask.max_s is not None else None,
        "--ca": wish.ca_file,
        "--seed": ask.seed or None,
        "--token": "$ROOMCHECK_TOKEN" if wish.token else None,
        "--jwt-key": "$ROOMCHECK_JWT_KEY" if wish.jwt_key else None,
    }
    words = ["roomcheck", command, *([wish.url] if wish.url else [])]
    words += [word for option, value in given.items() if value is not None for word in (option, str(value))]
    words += ["--redis", "$ROOMCHECK_REDIS"] if wish.redis_url else []
    words += [option for option, given in (("--admin", wish.admin), ("--insecure", wish.insecure)) if given]
    return tuple(words)


def listing(ask: CheckOptions) -> list[tuple[str, list[str]]]:
    """(rule, subjects) of what a check would judge."""
    from conformance.judge.rule import rules, subjects_of
    from conformance.judge.selection import selection

    _checked(ask)
    bundle = aim(ask.wish).bundle
    chosen = selection(bundle, rules(), ask.select, ask.ignore)
    rows = [
        (rule.id, [subject for subject in subjects_of(rule, bundle) if chosen.subject(subject)])
        for rule in rules()
        if chosen.rule(rule.id)
    ]
    return [(rule, subjects) for rule, subjects in rows if subjects]


def _checked(ask: CheckOptions) -> None:
    """Refuse options whose values cannot be meant."""
    if ask.fail_on not in ("fail", "warning"):
        raise UsageError(f"--fail-on: expected fail or warning, got {ask.fail_on!r}")
    transports_named(ask.transport)


def transports_named(name: str) -> tuple[Transport, ...]:
    """What the option --transport means.

    Raises:
        UsageError: there is no such transport.
    """
    if name == "all":
        return TRANSPORTS
    if name not in TRANSPORTS:
        raise UsageError(f"--transport: expected {', '.join(TRANSPORTS)} or all, got {name!r}")
    return (name,)
