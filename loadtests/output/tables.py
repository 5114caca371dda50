"""What a terminal shows of a run, while it goes on and at its end. Pure: accounts in, renderables out."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from conformance.journal.metrics import TRENDS
from loadtests.ledger.counts import DEFECTS
from loadtests.ledger.totals import Totals
from loadtests.verdict.verdict import BROKEN, HOLDS, Verdict

PERCENTS = (50, 95, 99)
COLOURS = {HOLDS: "green", BROKEN: "red"}


def headline(accounts: Totals, elapsed_s: float, rate: float) -> str:
    """The run in one line."""
    sockets, rooms = accounts.sockets, accounts.rooms
    counts, times = accounts.counts(), accounts.trend("delivery")
    defects = [f"{counts[name]} {name}" for name in DEFECTS if counts.get(name)]
    told = [f"{counts.get('ok', 0)} ok", f"{rate:.0f}/s", *defects]
    told += [f"p(99) {times.percentile(99):.1f} ms"] if times.count else []
    return f"{elapsed_s:4.0f} s  {sockets} sockets in {rooms} rooms: {', '.join(told)}"


def screen(accounts: Totals, elapsed_s: float, rate: float) -> RenderableType:
    """Everything, as it is now."""
    return Group(Text(headline(accounts, elapsed_s, rate)), *tables(accounts))


def tables(accounts: Totals) -> Iterator[Table]:
    """The ledger, the times, and the workers."""
    yield from (table for table in (_ledger(accounts), _times(accounts), _workers(accounts)) if table.row_count)


def end(accounts: Totals, verdict: Verdict) -> RenderableType:
    """A run that is over: the tables, what is worth knowing, the verdict last."""
    lines = [Text(line) for line in (*verdict.notes, *(f"gate {one}" for one in verdict.gates))]
    lines += [Text(f"generator: {limit}", style="yellow") for limit in verdict.limits]
    return Group(*tables(accounts), *lines, Text(verdict.summary, style=COLOURS.get(verdict.code, "yellow")))


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for index, column in enumerate(columns):
        table.add_column(column, justify="right" if index else "left", overflow="fold")
    return table


def _ledger(accounts: Totals) -> Table:
    """One row a count, one column a scenario: there are more counts than an 80-column terminal has room for."""
    scenarios = [name for name in accounts.scenarios() if name]
    table = _table("Ledger", "", *scenarios)
    of = {name: accounts.counts(name) for name in scenarios}
    for count in accounts.counts():
        style = "red" if count in DEFECTS else ""
        table.add_row(count, *(str(of[name].get(count, 0)) for name in scenarios), style=style)
    return table


def _times(accounts: Totals) -> Table:
    table = _table("Times in ms", "", *(f"p({percent})" for percent in PERCENTS), "max", "count")
    for name in TRENDS:
        times = accounts.trend(name)
        if times.count:
            shown = (f"{times.percentile(percent):.1f}" for percent in PERCENTS)
            table.add_row(name, *shown, f"{times.most:.1f}", str(times.count))
    return table


def _workers(accounts: Totals) -> Table:
    table = _table("Generator", "worker", "sockets", "CPU %", "lag ms", "backlog B", "RSS MB")
    for index, (worker, account) in enumerate(sorted(accounts.snapshots.items())):
        health = account.health
        gone = " (lost)" if worker in accounts.gone else ""
        table.add_row(
            f"{index}{gone}",
            str(account.sockets),
            f"{health.cpu_percent:.0f}",
            f"{health.lag_ms:.1f}",
            str(health.backlog_bytes),
            f"{health.rss_kb / 1024:.0f}",
        )
    return table
