"""The command `selftest --contracts`: what a check of one's own contracts notices, and what no clause of them does."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from conformance.lying.lie import Told, general_lies, told_of
from conformance.lying.spots import unseen_broadcasts
from conformance.model.exit_code import Exit
from conformance.support import pipes
from conformance.support.errors import UsageError
from conformance.support.suggest import nearest
from contracts.load import load
from contracts.model import Bundle

if TYPE_CHECKING:
    from conformance.engine.general_lies import Course, Trial

LISTED = 3
"""How many rules a row names: a lie that is noticed is noticed, whoever else noticed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of the command, as they were given."""

    contracts: str
    lies: tuple[str, ...] = ()
    """Names, by glob."""
    select: tuple[str, ...] = ()
    """What lies are about, by glob: an event, a call, a kind of room."""
    max_s: float | None = None
    fail_under: float | None = None
    """In percent."""
    timeout_s: float | None = None
    json: Path | None = None
    verbose: bool = False
    only_list: bool = False


def selftest_contracts(options: Options, out: Console, talk: Console) -> int:
    """Tell lies about a bundle, and print which of them a check of it notices.

    Raises:
        UsageError: nothing is selected, or the report cannot be written.
        ContractError: the contracts cannot be used.
    """
    bundle = load(options.contracts)
    told = chosen(told_of(bundle), options)
    if options.only_list:
        out.print(_listed(told))
        raise SystemExit(0)  # No verdict: where the list cannot be written, the command has failed.
    if options.json is not None:
        _writable(options.json)
    from conformance.engine.general_lies import Course

    course = Course(contracts=options.contracts, timeout_s=options.timeout_s)
    first, trials = _played(course, told, options, talk)
    found = Summary(bundle=bundle, told=told, trials=trials, honest=first)
    _show(found, options, out)
    if options.json is not None:
        _write(found, options.json)
    return int(found.code(options.fail_under))


def chosen(told: Sequence[Told], options: Options) -> list[Told]:
    """The lies that the options select.

    Raises:
        UsageError: a pattern matches nothing, or nothing is left.
    """
    names = [lie.id for lie in general_lies()]
    subjects = sorted({one.spot.name for one in told})
    for option, patterns, known in (("--lie", options.lies, names), ("--select", options.select, subjects)):
        for pattern in patterns:
            if not any(fnmatchcase(name, pattern) for name in known):
                hint = nearest(pattern, known, "`roomcheck selftest --contracts DIR --list` names them all")
                what = "no general lie" if option == "--lie" else "no lie is about an event, a call or a room that"
                raise UsageError(f"{option}: {what} matches {pattern!r}; {hint}")
    found = [
        one
        for one in told
        if (not options.lies or any(fnmatchcase(one.lie.id, pattern) for pattern in options.lies))
        and (not options.select or any(fnmatchcase(one.spot.name, pattern) for pattern in options.select))
    ]
    if not found:
        why = "these lies are about nothing in these contracts" if told else "the contracts have nothing to lie about"
        raise UsageError(f"--contracts: {why}; `roomcheck selftest --contracts DIR --list` names what can be told")
    return found


def _played(course: Course, told: Sequence[Told], options: Options, talk: Console) -> tuple[Trial, list[Trial]]:
    """The check of the honest service, and those of the lies."""
    from dataclasses import replace

    from conformance.engine.general_lies import honest, jobs_of, tell

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=talk, transient=True, disable=not talk.is_terminal) as bar:
        task = bar.add_task("checking the honest service", total=None)
        first = honest(course)
        excused = set(first.accused)
        if first.accused:
            # A machine that is too busy has made it look guilty where it is not accused of the same again.
            again = honest(course)
            excused |= set(again.accused)
            first = replace(again, accused=tuple(one for one in first.accused if one in again.accused))
        bar.update(task, description="telling lies", total=len(told), completed=0)
        course = replace(course, excused=frozenset(excused), doubted=bool(first.doubt))
        trials = tell(
            course, jobs_of(told), max_s=options.max_s, progress=lambda count: bar.update(task, completed=count)
        )
    return first, trials


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What came of all lies."""

    bundle: Bundle
    told: Sequence[Told]
    trials: Sequence[Trial]
    honest: Trial

    def pairs(self) -> list[tuple[Told, Trial]]:
        """Each lie that was told with what came of it, in the order of the folder."""
        by_key = {(trial.lie, trial.spot): trial for trial in self.trials}
        found = ((one, by_key.get((one.lie.id, one.spot))) for one in self.told)
        return [(one, trial) for one, trial in found if trial is not None]

    def survivors(self) -> list[tuple[Told, Trial]]:
        """Those that no clause noticed."""
        return [(one, trial) for one, trial in self.pairs() if not trial.is_noticed]

    @property
    def noticed(self) -> int:
        """How many were noticed."""
        return sum(trial.is_noticed for trial in self.trials)

    @property
    def percent(self) -> float:
        """How many of those that were told were noticed."""
        return 100 * self.noticed / len(self.trials) if self.trials else 0.0

    def errors(self) -> list[str]:
        """What went wrong in Roomcheck itself: the honest service was accused, or a rule failed."""
        found = [f"the honest service is accused by {one}" for one in self.honest.accused]
        found += [f"the honest service: {self.honest.error}"] if self.honest.error else []
        return found + [f"{trial.lie}, {trial.spot}: {trial.error}" for trial in self.trials if trial.error]

    def code(self, fail_under: float | None) -> Exit:
        """The exit code."""
        if fail_under is not None and self.trials and self.percent < fail_under:
            return Exit.BROKEN
        if self.errors():
            return Exit.OUR_ERROR
        return Exit.HOLDS if self.trials else Exit.CANNOT_TELL


def _listed(told: Sequence[Told]) -> Table:
    table = _table("lie", "about", "what is wrong")
    for one in told:
        table.add_row(one.lie.id, str(one.spot), one.lie.title)
    return table


def _table(*columns: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _show(found: Summary, options: Options, out: Console) -> None:
    out.print(_all(found) if options.verbose else _by_lie(found))
    survivors = found.survivors()
    if survivors:
        out.print()
        out.print(Text("not noticed", style="bold"))
    for one, trial in survivors:
        out.print(Text(f"  {one.lie.id}: {one.spot}", style="yellow"))
        out.print(Text(f"      {one.lie.title}"))
        out.print(Text(f"      To do: {one.lie.advice(found.bundle, one.spot)}."))
        if trial.unclear:
            out.print(Text(f"      Not concluded: {trial.unclear}"))
    for broadcast in unseen_broadcasts(found.bundle):
        why = "nothing that a check can do causes it, so that no lie about it can be told; see `caused_by`"
        out.print(Text(f"  {broadcast.event}: {why}", style="yellow"))
    for error in found.errors():
        out.print(Text(f"internal error, please report it: {error}", style="bold red"))
    if found.honest.doubt:
        out.print(Text(f"the check of the honest service concludes nothing: {found.honest.doubt}", style="yellow"))
    out.print()
    out.print(_total(found))


def _total(found: Summary) -> str:
    left = len(found.told) - len(found.trials)
    cut = f"; {left} were not told within the time" if left else ""
    if not found.trials:
        return f"no lie was told{cut}"
    return f"{found.noticed} of {len(found.trials)} lies are noticed ({found.percent:.0f} %){cut}"


def _by_lie(found: Summary) -> Table:
    table = _table("lie", "noticed", "by")
    rows: dict[str, list[Trial]] = defaultdict(list)
    for one, trial in found.pairs():
        rows[one.lie.id].append(trial)
    for name, trials in rows.items():
        noticed = sum(trial.is_noticed for trial in trials)
        style = "" if noticed == len(trials) else "yellow"
        rules = dict.fromkeys(one.partition(":")[0] for trial in trials for one in trial.accused)
        table.add_row(name, f"{noticed} of {len(trials)}", _some(list(rules)), style=style)
    return table


def _all(found: Summary) -> Table:
    table = _table("lie", "about", "noticed by")
    for one, trial in found.pairs():
        by = _some(list(trial.accused)) or trial.doubt or "NOTHING"
        table.add_row(one.lie.id, str(one.spot), by, style="" if trial.is_noticed else "yellow")
    return table


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more


def _write(found: Summary, path: Path) -> None:
    """Write what came of each lie as JSON."""
    rows = [
        {
            "lie": one.lie.id,
            "title": one.lie.title,
            "about": one.spot.name,
            "field": one.spot.field,
            "noticed": trial.is_noticed,
            "by": list(trial.accused) or ([trial.doubt] if trial.doubt else []),
            "advice": "" if trial.is_noticed else one.lie.advice(found.bundle, one.spot),
            "not_concluded": trial.unclear,
        }
        for one, trial in found.pairs()
    ]
    document = {
        "bundle": found.bundle.name,
        "version": found.bundle.version,
        "noticed": found.noticed,
        "told": len(found.trials),
        "not_told": len(found.told) - len(found.trials),
        "unseen": [broadcast.event for broadcast in unseen_broadcasts(found.bundle)],
        "errors": found.errors(),
        "lies": rows,
    }
    try:
        pipes.write(path, (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode())
    except OSError as error:
        raise UsageError(f"--json: {str(path)!r} cannot be written: {error.strerror}") from error


def _writable(path: Path) -> None:
    """Refuse a file that cannot be written before anything is played.

    Raises:
        UsageError: it cannot.
    """
    if pipes.is_pipe(path):  # To open and close it would end what reads from it.
        return
    try:
        path.open("a").close()
    except OSError as error:
        raise UsageError(f"--json: {str(path)!r} cannot be written: {error.strerror}") from error
