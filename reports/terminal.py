"""The report for people: a row an event, each failure with what shows it, then what could not be told."""

from __future__ import annotations

import io
import shlex
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from conformance.journal.records import Header, Journal
from conformance.model.exit_code import Exit
from conformance.model.subject import Subject
from conformance.model.verdict import Outcome, Verdict, summary, verified_percent
from conformance.support.printable import printable
from reports.parts.ending import cut

MOST_CHARACTERS = 2000
"""Characters of a fact that are shown: a screen of 80 columns."""

MOST_ROWS = 500
"""Rows of the table; ten times as many where everything is asked for."""

MOST_OF_A_NAME = 300
"""Characters of a name that are shown."""

INDENT = 12
"""Columns before the text of a fact: two blanks and its name."""

FILE_COLUMNS = 120
"""Width of the report where it goes into a file."""

ACROSS = "broadcast-reaches-every-node"
"""The rule whose subjects are pairs of nodes."""

MOST_SHOWN = 12
"""Failures that are told in full; the others are told in a line each, unless everything is asked for."""

STYLE = {
    Outcome.PASS: "green",
    Outcome.FAIL: "bold red",
    Outcome.WARNING: "yellow",
    Outcome.KNOWN: "yellow",
    Outcome.INCONCLUSIVE: "magenta",
    Outcome.SKIP: "dim",
    Outcome.ERROR: "bold red reverse",
}
COLUMNS = (
    Outcome.PASS,
    Outcome.FAIL,
    Outcome.WARNING,
    Outcome.KNOWN,
    Outcome.INCONCLUSIVE,
    Outcome.SKIP,
    Outcome.ERROR,
)
HEADS = {Outcome.WARNING: "warn", Outcome.INCONCLUSIVE: "unclear"}
SAID = {
    Exit.HOLDS: ("HOLDS", "green"),
    Exit.BROKEN: ("BROKEN", "bold red"),
    Exit.UNREACHABLE: ("SERVICE LOST", "bold red"),
    Exit.CANNOT_TELL: ("CANNOT TELL", "magenta"),
    Exit.USAGE: ("COULD NOT BE RUN", "bold red"),
    Exit.INTERRUPTED: ("INTERRUPTED", "magenta"),
    Exit.OUR_ERROR: ("OUR ERROR", "bold red reverse"),
}


def render(journals: Sequence[Journal]) -> str:
    """The reports as plain text, one below the other."""
    console = Console(file=io.StringIO(), width=FILE_COLUMNS, color_system=None, highlight=False)
    for journal in journals:
        show(journal, console)
    text = console.file
    assert isinstance(text, io.StringIO)  # noqa: S101 - made above
    return text.getvalue()


def show(journal: Journal, console: Console, *, everything: bool = False) -> None:
    """Print the report."""
    header = journal.header
    transports = ", ".join(header.transports)
    bundle = printable(f"{header.bundle_name or header.bundle} {header.bundle_version}")
    aim = printable(_aim(header))
    if journal.footer is not None and journal.footer.why:
        console.print(f"[magenta]CANNOT TELL: {escape(cut(journal.footer.why, MOST_CHARACTERS))}[/]")
    version, over = escape(_brief(header.version)), escape(_brief(transports))
    console.print(f"[bold]Roomcheck {version}[/] {escape(aim)} against {escape(bundle)} over {over}")
    if everything and header.ids:
        console.print(f"ids of its rooms begin with {escape(printable(', '.join(header.ids)))}")
    console.print(_table(journal, everything=everything))
    _nodes(journal, console)
    _failures(journal, console, everything=everything)
    _unseen(journal, console, everything=everything)
    _last_line(journal, console)


def _aim(header: Header) -> str:
    """What was checked, in words."""
    where = f"{len(header.nodes)} nodes from {header.nodes[0]}" if header.nodes else header.target
    if header.target_name:
        return f"{header.target_name} ({where})"
    return where if header.target in header.again else "the embedded service"


def _table(journal: Journal, *, everything: bool) -> Table:
    counts: dict[str, Counter[Outcome]] = defaultdict(Counter)
    counts.update({event: Counter() for event in journal.header.events if journal.verdicts})
    for verdict in journal.verdicts:
        if verdict.rule == ACROSS:
            continue  # They have a table of their own.
        counts[_row(verdict.subject)][verdict.outcome] += 1
    if not everything:
        _gather_the_quiet(counts, set(journal.header.events))
    shown = [outcome for outcome in COLUMNS if outcome is Outcome.PASS or any(c[outcome] for c in counts.values())]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("")
    table.add_column("event, call or clause", overflow="fold", ratio=1)
    for outcome in shown:
        table.add_column(HEADS.get(outcome, outcome.value), justify="right")
    events = set(journal.header.events)
    most = MOST_ROWS * 10 if everything else MOST_ROWS
    kept = _worst(counts, most)
    for subject in sorted(kept, key=lambda name: (name not in events, name.startswith("("), name)):
        found = counts[subject]
        if not found and not everything:
            continue
        worst = min(found, key=tuple(Outcome).index, default=Outcome.SKIP)
        mark = Text("ok" if worst is Outcome.PASS else HEADS.get(worst, worst.value), style=STYLE[worst])
        cells = [Text(str(found[o]) if found[o] else "·", style=STYLE[o] if found[o] else "dim") for o in shown]
        table.add_row(mark, Text(_brief(subject)), *cells)
    if len(counts) > len(kept):
        table.caption = f"{len(counts) - len(kept)} more rows are left out, the best first: the journal has them"
        table.caption_justify = "left"
    return table


def _worst(counts: dict[str, Counter[Outcome]], most: int) -> list[str]:
    """So many of the subjects, those with the worst outcomes."""
    if len(counts) <= most:
        return list(counts)
    order = {outcome: number for number, outcome in enumerate(Outcome)}
    return sorted(counts, key=lambda name: min((order[one] for one in counts[name]), default=len(order)))[:most]


def _gather_the_quiet(counts: dict[str, Counter[Outcome]], events: set[str]) -> None:
    """Put what is no event and holds into one row: a row an event is what people look for."""
    quiet = [name for name, found in counts.items() if name not in events and set(found) == {Outcome.PASS}]
    gathered: Counter[Outcome] = Counter()
    for name in quiet:
        gathered += counts.pop(name)
    if quiet:
        counts[f"({len(quiet)} calls, ids, tokens and other clauses; --verbose lists them)"] = gathered


def _row(subject: str) -> str:
    """Replies stand in the row of their request."""
    return Subject.read(subject).name


def _nodes(journal: Journal, console: Console) -> None:
    """Which node's broadcasts reach which other's sockets."""
    found = [verdict for verdict in journal.verdicts if verdict.rule == ACROSS]
    if not found:
        return
    worst = {verdict.subject: verdict for verdict in sorted(found, key=lambda one: -tuple(Outcome).index(one.outcome))}
    names = [node.partition("://")[2] or node for node in journal.header.nodes]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("caused at \\ received at", overflow="fold")
    for name in names:
        table.add_column(printable(name), overflow="fold")
    for node, name in zip(journal.header.nodes, names, strict=True):
        cells = [worst.get(f"{node} -> {other}") for other in journal.header.nodes]
        table.add_row(printable(name), *(_cell(verdict) for verdict in cells))
    console.print()
    console.print(table)


def _cell(verdict: Verdict | None) -> Text:
    if verdict is None:
        return Text("·", style="dim")
    word = {Outcome.PASS: "ok", Outcome.FAIL: "LOST"}.get(verdict.outcome, verdict.outcome.value)
    return Text(word, style=STYLE[verdict.outcome])


def _failures(journal: Journal, console: Console, *, everything: bool) -> None:
    told = [
        v
        for o in (Outcome.ERROR, Outcome.FAIL, Outcome.WARNING, Outcome.KNOWN)
        for v in journal.verdicts
        if v.outcome is o
    ]
    # Nodes that are apart tear every room: what follows from it is told after it.
    told.sort(key=lambda verdict: verdict.rule != ACROSS)
    most = len(told) if everything else MOST_SHOWN
    for verdict in told[:most]:
        console.print()
        title = Text.assemble((verdict.outcome.value.upper(), STYLE[verdict.outcome]), f"  {_brief(verdict.rule)}  ")
        title.append(_brief(verdict.subject), style="bold")
        title.append(f"  ({_brief(verdict.transport)}, act {_brief(verdict.act)})", style="dim")
        console.print(title)
        for name, text in _facts(journal, verdict):
            _fact(console, name, text)
    if len(told) > most:
        console.print(f"\nand {len(told) - most} more (--verbose shows them in full):")
        for verdict in told[most : most + MOST_ROWS]:
            console.print(Text(f"  {verdict.outcome.value}  {_brief(verdict.rule)}  {_brief(verdict.subject)}"))
        if len(told) > most + MOST_ROWS:
            console.print(f"  and {len(told) - most - MOST_ROWS} more (--verbose)")


def _facts(journal: Journal, verdict: Verdict) -> Iterable[tuple[str, str]]:
    yield "clause", f"{verdict.clause} [{verdict.source}]"
    if verdict.expected:
        yield "expected", verdict.expected
        yield "got", verdict.got
    else:
        yield "because", verdict.message
    for number, line in enumerate(verdict.evidence):
        yield "seen" if number == 0 else "", line
    if verdict.known:
        yield "known", verdict.known
    if verdict.hint:
        yield "hint", verdict.hint
    if journal.header.command == "check" and verdict.rule in journal.header.rules:
        # What no rule of a check judged, such as an entry of the known failures, cannot be selected.
        yield "again", again(journal, verdict)


def _brief(text: str) -> str:
    """A name of anybody's, printable and with an end."""
    cut = printable(text[:MOST_OF_A_NAME])
    return cut if len(text) <= MOST_OF_A_NAME else f"{cut}… ({len(text)} characters)"


def _fact(console: Console, name: str, text: str) -> None:
    room = max(20, console.width - INDENT)
    if len(text) > MOST_CHARACTERS:
        text = f"{text[:MOST_CHARACTERS]}… ({len(text)} characters; the journal has them all)"
    for number, part in enumerate(Text(printable(text)).wrap(console, room, overflow="fold")):
        part.rstrip()
        head = Text(f"  {name if number == 0 else '':<{INDENT - 2}}", style="dim")
        console.print(Text.assemble(head, part), soft_wrap=True)


def _hang(console: Console, text: str, indent: int = 2) -> None:
    """A paragraph whose lines after the first are indented by two more blanks."""
    room = max(20, console.width - indent - 2)
    for number, part in enumerate(Text(text).wrap(console, room, overflow="fold")):
        part.rstrip()
        console.print(Text.assemble(" " * (indent if number == 0 else indent + 2), part), soft_wrap=True)


def again(journal: Journal, verdict: Verdict) -> str:
    """The command that checks just this again."""
    words = list(journal.header.again)
    if verdict.transport != "websocket":
        words += ["--transport", verdict.transport]
    words += ["--select", verdict.rule]
    if verdict.outcome is Outcome.FAIL and verdict.rule != ACROSS:
        # A name that no contract has cannot be selected.
        words += ["--select", Subject.read(verdict.subject).name]
    return " ".join(_shell(word) for word in words)


def _shell(word: str) -> str:
    # The names of variables are for the shell to fill in.
    return f'"{word}"' if word.startswith("$ROOMCHECK_") else shlex.quote(word)


def _unseen(journal: Journal, console: Console, *, everything: bool) -> None:
    unclear = [verdict for verdict in journal.verdicts if verdict.outcome is Outcome.INCONCLUSIVE]
    skipped = [verdict for verdict in journal.verdicts if verdict.outcome is Outcome.SKIP]
    for title, verdicts, style in (("could not be verified", unclear, "magenta"), ("does not apply", skipped, "dim")):
        if verdicts:
            console.print(f"\n[{style}]{title}[/]")
        for verdict in verdicts if everything else verdicts[:MOST_SHOWN]:
            hint = f" ({verdict.hint})" if verdict.hint else ""
            _hang(
                console,
                f"{_brief(verdict.rule)}  {_brief(verdict.subject)}: {_brief(verdict.message)}{printable(hint)}",
            )
        if not everything and len(verdicts) > MOST_SHOWN:
            console.print(f"  and {len(verdicts) - MOST_SHOWN} more (--verbose)")
    if journal.not_exercised:
        console.print("\n[magenta]not exercised[/]")
        _not_exercised(journal, console)


def _not_exercised(journal: Journal, console: Console) -> None:
    """Each reason once, with the rules and their subjects that it holds for."""
    by_reason: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one in journal.not_exercised:
        by_reason[one.reason][one.rule].append(one.subject)
    for reason, by_rule in by_reason.items():
        if len(by_rule) > 1:
            _hang(console, f"{_brief(reason)}:")
        for rule, subjects in by_rule.items():
            head = _brief(rule) if len(by_rule) > 1 else _brief(f"{rule}: {reason}")
            told = ", ".join(map(_brief, dict.fromkeys(subjects)))
            _hang(console, f"{head}: {told}", indent=4 if len(by_rule) > 1 else 2)


def _last_line(journal: Journal, console: Console) -> None:
    counts = summary(journal.verdicts)
    console.print()
    for remark in journal.remarks:
        console.print(Text(printable(remark), style="yellow"))
    for note in journal.notes:
        console.print(Text(printable(note), style="bold red"))
    if journal.footer is None:
        console.print("[bold red]the journal is truncated: the run was cut off before its end[/]")
        return
    known = {int(code): said for code, said in SAID.items()}
    code = journal.footer.exit_code
    words, style = known.get(code, (f"ENDED WITH {code}", "bold red"))
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count or name in ("pass", "fail"))
    percent = verified_percent(journal.verdicts, journal.not_exercised)
    acts = len(journal.transcripts)
    entries = sum(len(transcript.entries) for transcript in journal.transcripts)
    console.print(
        f"[{style}]{words}[/]  {told}; {percent:.0f} % verified, "
        f"{acts} act{'s' if acts != 1 else ''}, {entries} entries, {journal.footer.took_s:.1f} s"
    )
