"""What `roomcheck record` shows while it records: a table that is kept up to date, or lines where nobody watches."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from rich.console import Console
from rich.live import Live as Display
from rich.table import Table
from rich.text import Text

from conformance.model.transcript import AnyEntry
from conformance.recording.live import Live, Row
from conformance.support.printable import printable
from contracts.model import Bundle

SHOWN_NAME = 60
"""Characters of a name that a row has; a service or a client may make them as long as it likes."""

SHOWN_ROWS = 30
"""Rows of the table; those with violations come first."""


class _Screen:
    def __init__(self, service: str, bundle: Bundle | None, console: Console) -> None:
        self.service = service
        self.live = Live(bundle=bundle)
        self.console = console
        self.display: Display | None = None

    def began(self, url: str) -> None:
        """Say where to point clients."""
        self.console.print(f"recording {self.service} on {url}; stop with Ctrl-C", markup=False, soft_wrap=True)
        if self.console.is_terminal:
            self.display = Display(self.table(), console=self.console, auto_refresh=False, transient=True)
            self.display.start(refresh=True)

    def saw(self, namespace: str, entry: AnyEntry) -> None:
        """Count an entry; where nobody watches a table, a line for the first of each name and of each violation."""
        row = self.live.see(namespace, entry)
        if row is None or self.display is not None:
            return
        if row.violations == 1 and row.latest:
            self.line(f"{_cut(row.name)} ({row.direction}): {row.latest}")
            row.violations, row.latest = 1, ""
        elif row.count == 1:
            self.line(f"{_cut(row.name)} ({row.direction})")

    def tick(self) -> None:
        """Draw anew."""
        if self.display is not None:
            self.display.update(self.table(), refresh=True)

    def stopped(self, why: str) -> None:
        """Say that nothing more is recorded."""
        self.line(f"recording stopped, and what passes goes on passing: {why}")

    def line(self, text: str) -> None:
        """Print a line."""
        self.console.print(printable(text), markup=False, soft_wrap=True)

    def table(self) -> Table:
        """The rows that fit."""
        return table_of(list(self.live.rows.values()), judged=self.live.bundle is not None)


def table_of(rows: list[Row], *, judged: bool) -> Table:
    """Event, direction, count and violations."""
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    made.add_column("event", overflow="ellipsis", no_wrap=True)
    made.add_column("direction", no_wrap=True)
    made.add_column("count", justify="right")
    if judged:
        made.add_column("violations", justify="right")
        made.add_column("latest violation", overflow="ellipsis", no_wrap=True)
    ordered = sorted(rows, key=lambda row: (-row.violations, -row.count, row.name))
    for row in ordered[:SHOWN_ROWS]:
        cells = [Text(_cut(row.name)), Text(row.direction), Text(str(row.count))]
        if judged:
            cells += [Text(str(row.violations), style="red" if row.violations else ""), Text(printable(row.latest))]
        made.add_row(*cells)
    if len(ordered) > SHOWN_ROWS:
        made.add_row(Text(f"... {len(ordered) - SHOWN_ROWS} more names ..."))
    return made


def _cut(name: str) -> str:
    text = printable(name[: SHOWN_NAME + 1])
    return text if len(text) <= SHOWN_NAME else text[: SHOWN_NAME - 3] + "..."


@contextlib.contextmanager
def screen(service: str, bundle: Bundle | None, console: Console) -> Iterator[_Screen]:
    """What shows a recording, until the context ends."""
    made = _Screen(service, bundle, console)
    try:
        yield made
    finally:
        if made.display is not None:
            made.display.stop()
        if made.live.rows:
            console.print(table_of(list(made.live.rows.values()), judged=bundle is not None))
