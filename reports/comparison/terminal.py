"""The comparison for people on a terminal."""

from __future__ import annotations

import io
import math

from rich.console import Console
from rich.table import Table
from rich.text import Text

from conformance.support.printable import printable
from reports.parts.compare import MEANING, Comparison, Figure, Turn

FILE_COLUMNS = 120
MOST_TOLD = 40
"""Changes of a kind that are told one by one."""

MOST_CHARACTERS = 300
STYLES = {
    "broke": "bold red",
    "new failure": "bold red",
    "unseen": "magenta",
    "went away": "magenta",
    "mended": "green",
}


def render(comparison: Comparison) -> str:
    """The comparison as plain text."""
    console = Console(file=io.StringIO(), width=FILE_COLUMNS, color_system=None, highlight=False)
    show(comparison, console)
    assert isinstance(console.file, io.StringIO)  # noqa: S101 - made above
    return console.file.getvalue()


def show(comparison: Comparison, console: Console) -> None:
    """Print it."""
    before, after = comparison.before.header, comparison.after.header
    console.print(Text(printable(f"Roomcheck {after.command}: {before.began} -> {after.began}"), style="bold"))
    for remark in comparison.remarks:
        console.print(Text(printable(remark), style="yellow"))
    for what in MEANING:
        _turns(what, [turn for turn in comparison.turns if turn.what == what], console)
    if comparison.figures:
        console.print()
        console.print(_table(comparison.figures))
    console.print()
    style = {"regressed": "bold red", "no regression": "green"}.get(comparison.word, "magenta")
    same = "" if comparison.word == "regressed" or comparison.turns or comparison.figures else "  nothing has changed"
    console.print(Text.assemble((comparison.word.upper(), style), same if comparison.told else ""))


def _turns(what: str, turns: list[Turn], console: Console) -> None:
    if not turns:
        return
    console.print(Text(f"\n{len(turns)} {what}", style=STYLES.get(what, "")))
    for turn in turns[:MOST_TOLD]:
        outcomes = f"{turn.before or 'not judged'} -> {turn.after or 'not judged'}"
        text = f"  {turn.rule}  {turn.subject}  ({turn.transport}): {outcomes}"
        if what in ("broke", "new failure", "unseen"):
            text += f": {turn.message}"
        cut = "" if len(text) <= MOST_CHARACTERS else f"… ({len(text)} characters)"
        console.print(Text(printable(text[:MOST_CHARACTERS]) + cut), soft_wrap=True)
    if len(turns) > MOST_TOLD:
        console.print(f"  and {len(turns) - MOST_TOLD} more (--format json has them)")


def _table(figures: tuple[Figure, ...]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head in ("figure", "before", "after", "change", "with 99 % confidence", ""):
        table.add_column(head, justify="left" if head in ("figure", "") else "right")
    for figure in figures:
        table.add_row(*cells(figure), Text(*said(figure)))
    return table


def said(figure: Figure) -> tuple[str, str]:
    """(the word for a change, its style)."""
    if not figure.comparable:
        return "not comparable", "magenta"
    return ("worse", "bold red") if figure.regressed else ("better", "green") if figure.improved else ("", "")


def cells(figure: Figure) -> tuple[str, str, str, str, str]:
    """A figure in words: name, before, after, change, its bounds."""
    change = figure.change
    percent = f"{change.share:+.1%}" if math.isfinite(change.share) else "new"
    bounds = f"{_bound(change.low)} to {_bound(change.high)} {figure.unit}".strip()
    return (
        figure.name,
        f"{change.before:.4g} {figure.unit}".strip(),
        f"{change.after:.4g} {figure.unit}".strip(),
        percent,
        bounds,
    )


def _bound(number: float) -> str:
    return f"{number:+.3g}" if math.isfinite(number) else "?"
