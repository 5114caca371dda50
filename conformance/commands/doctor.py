"""The command `doctor`."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from conformance.support.descriptors import raise_limit
from conformance.support.errors import UsageError
from conformance.support.event_loop import on_uvloop
from conformance.support.printable import printable
from conformance.target.resolve import TargetOptions, aim


def doctor(wish: TargetOptions, transport: str, out: Console, *, verbose: bool) -> int:
    """Examine a target and print each step.

    Raises:
        UsageError: the target is not named, or its settings cannot be used.
    """
    from conformance.commands.check import transports_named
    from conformance.engine.doctor import State, Step, examine

    raise_limit()
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
        row.add_row(Text(step.state.value, style=styles[step.state]), step.what, Text(printable(step.detail)))
        if step.add and (step.state is not State.OK or verbose):
            row.add_row("", "", Text(f"-> {printable(step.add)}", style="bold"))
        out.print(row)

    for warning in aimed.warnings:
        out.print(f"roomcheck: warning: {warning}", style="yellow")
    return int(on_uvloop(examine(aimed, aimed.target, transports, say), quiet=True))
