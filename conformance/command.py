"""What the commands `judge`, `doctor`, `rules explain` and `selftest` do; `check` has a file of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from conformance import journal as journals
from conformance.aim import Wish, aim
from conformance.equipment import equip
from conformance.exits import Exit, exit_of
from conformance.journal import Footer, Journal
from conformance.judge import judge, summary
from conformance.known import as_known, excused
from conformance.lines import printable
from conformance.loop import on_uvloop
from conformance.nearest import nearest
from conformance.outlets import outlets, report
from conformance.rule import rules
from conformance.select import Selection
from conformance.target import UsageError
from contracts.load import load


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
    interrupted = old.footer is not None and old.footer.exit_code == Exit.INTERRUPTED
    verdicts, missing = judge(
        bundle, old.transcripts, own, equipped, interrupted=old.header.transports if interrupted else ()
    )
    chosen = Selection(subjects=old.header.subjects, no_subjects=old.header.no_subjects)
    verdicts = [verdict for verdict in verdicts if chosen.subject(verdict.subject)]
    missing = [one for one in missing if chosen.subject(one.subject)]
    whole = chosen == Selection() and len(own) == len(rules()) and old.footer is not None
    today = datetime.now(UTC).date()
    if old.header.command == "load":  # Its ledger was judged when it ended, and cannot be judged from a sample.
        verdicts += [verdict for verdict in old.verdicts if verdict.rule not in {rule.id for rule in rules()}]
        verdicts = as_known(old.header.known, verdicts, today)
    else:
        verdicts = excused(old.header.known, verdicts, missing, today=today, whole=whole)
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


def doctor(wish: Wish, transport: str, out: Console, *, verbose: bool) -> int:
    """Examine a target and print each step.

    Raises:
        UsageError: the target is not named, or its settings cannot be used.
    """
    from conformance.checking import transports_named
    from conformance.doctor import State, Step, examine

    transports = transports_named(transport)
    aimed = None if wish.embedded else aim(wish)
    if aimed is None or aimed.target is None:
        raise UsageError("doctor: name a target with --target, or give the URL of a service")
    styles = {State.OK: "green", State.MISSING: "magenta", State.BROKEN: "bold red", State.SKIPPED: "dim"}

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
    return int(on_uvloop(examine(aimed, aimed.target, transports, say), quiet=True))


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
