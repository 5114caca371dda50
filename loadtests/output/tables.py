"""What a terminal shows of a run, while it goes on and at its end. Pure: accounts in, renderables out."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from conformance.journal.metrics import TRENDS
from loadtests.ledger.counts import DEFECTS
from loadtests.ledger.totals import Totals
from loadtests.output.series import Series, sparkline
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


def screen(accounts: Totals, elapsed_s: float, rate: float, course: RenderableType) -> RenderableType:
    """Everything, as it is now; what changes most comes first, since a low terminal cuts off the rest."""
    return Group(Text(headline(accounts, elapsed_s, rate)), course, *tables(accounts))


def tables(accounts: Totals) -> Iterator[Table]:
    """The ledger, the times, and the workers."""
    found = (_ledger(accounts), _times(accounts), _sizes(accounts), _workers(accounts))
    yield from (table for table in found if table.row_count)


COURSE = {
    "per_s": ("deliveries/s", ",.0f"),
    "p50": ("p50 ms", ",.1f"),
    "p95": ("p95 ms", ",.1f"),
    "p99": ("p99 ms", ",.1f"),
    "defects": ("defects", ",.0f"),
    "sockets": ("sockets", ",.0f"),
}
"""What the course of a run shows, and how its numbers are written."""

COURSE_COLUMNS = 42
"""Columns of a terminal that the names and numbers beside the lines take."""


BAR_COLUMNS = 20
"""Columns of the longest bar."""


def course(series: Series, width: int, *, ascii_only: bool) -> RenderableType:
    """How the run went until now, a line of bars for each figure: each is from 0 to its own maximum."""
    table = _table("Course", "", "now", "max")
    table.add_column(no_wrap=True)
    columns = series.columns()
    for name, (title, written) in COURSE.items():
        values = columns[name]
        told = [value for value in values if value is not None]
        if not told:
            continue
        now = "" if values[-1] is None else format(values[-1], written)
        style = "red" if name == "defects" and told[-1] else ""
        line = sparkline(values, max(0, width - COURSE_COLUMNS), ascii_only=ascii_only)
        table.add_row(title, now, format(max(told), written), Text(line, style="cyan"), style=style)
    return table


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


def _sizes(accounts: Totals) -> Table:
    """Latency by the size of rooms, where there are several, with a bar as long as its 99th percentile."""
    table = _table("Latency in ms by room size", "up to", *(f"p({percent})" for percent in PERCENTS), "count")
    table.add_column()
    sizes = {dict(tags).get("room_size", "") for name, tags in accounts.trends() if name == "delivery"}
    found = {int(size): accounts.trend("delivery", {"room_size": size}) for size in sizes if size.isdecimal()}
    found = {size: times for size, times in sorted(found.items()) if times.count}
    top = max((times.percentile(99) for times in found.values()), default=0.0)
    for size, times in found.items() if len(found) > 1 else ():
        shown = (f"{times.percentile(percent):.1f}" for percent in PERCENTS)
        bar = ProgressBar(total=top or 1.0, completed=times.percentile(99), width=BAR_COLUMNS)
        table.add_row(str(size), *shown, str(times.count), bar)
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
