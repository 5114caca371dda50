"""The terminal of a run that goes on: a table that changes, or, where that is no terminal, a line now and then."""

from __future__ import annotations

from rich.console import Console, RenderableType
from rich.live import Live

from loadtests.ledger.totals import Totals
from loadtests.output.series import Series
from loadtests.output.tables import course, headline, screen

EVERY_S = 5.0
"""How often a line is written where nothing can be overwritten."""


class Screen:
    """Shows accounts as they come."""

    def __init__(self, console: Console) -> None:
        self._console = console
        # Drawn by whoever has news: a thread of its own would be a greenlet that draws the same again.
        self._live = Live(console=console, auto_refresh=False, transient=True) if console.is_terminal else None
        self._told_s = 0.0
        self._last = (0.0, 0)
        if self._live:
            self._live.start()

    def show(self, accounts: Totals, elapsed_s: float, series: Series) -> None:
        """Show how it stands."""
        ok = accounts.trend("delivery").count + accounts.trend("delivery_in_ramp").count
        then_s, before = self._last
        rate = (ok - before) / max(elapsed_s - then_s, 1e-3)
        if self._live:
            self._last = (elapsed_s, ok)
            self._live.update(screen(accounts, elapsed_s, rate, self._course(series)), refresh=True)
        elif elapsed_s - self._told_s >= EVERY_S:
            self._last = (elapsed_s, ok)
            self._told_s = elapsed_s
            self._console.print(headline(accounts, elapsed_s, rate))

    def _course(self, series: Series) -> RenderableType:
        return course(series, self._console.width, ascii_only=not self._console.encoding.startswith("utf"))

    def stop(self) -> None:
        """Show nothing more."""
        if self._live:
            self._live.stop()
