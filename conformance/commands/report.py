"""The commands that render what runs have written. Nothing heavy is imported before they are called."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from conformance.commands import options
from conformance.commands.shell import console, die, faults


def report(
    what: Annotated[str, typer.Argument(metavar="FORMAT|compare", help="html, junit, sarif ..., or compare.")],
    journal: Annotated[list[Path], typer.Argument(metavar="JOURNAL...", help="Files that runs wrote with --journal.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="PATH", help="File to write. Default: stdout.")
    ] = None,
    form: Annotated[
        str | None, typer.Option("--format", help="Format of a comparison: terminal, markdown, html or json. Default: terminal.")
    ] = None,
    fail_on_regression: Annotated[
        bool,
        typer.Option("--fail-on-regression", help="Exit with 1 if the comparison is worse, with 4 if it cannot tell."),
    ] = False,
) -> None:
    """Render a report from journals, or compare two runs.

    The journals are those of check, align and load. Nothing is run, and nothing is judged again.
    """
    with faults():
        from reports.output import destinations

        if what == "compare":
            text, code = destinations.compared(form or "terminal", journal, fail_on_regression=fail_on_regression)
        elif form or fail_on_regression:
            die("--format, --fail-on-regression: these are for `roomcheck report compare BEFORE AFTER`", 2)
        else:
            text, code = destinations.rendered(what, journal), 0
        if output:
            destinations.write(text, output, "--output", journal)
        else:
            _printed(text)
        raise SystemExit(code)


def _printed(text: str) -> None:
    """Put a report on the standard output, as it is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def history(
    journal: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[JOURNAL...]", help="Runs to add. Default: only list what is kept."),
    ] = None,
    history: options.History = None,
    html: Annotated[Path | None, typer.Option(metavar="PATH", help="Write a page of trends.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="Number of runs to show, latest first.")] = 50,
) -> None:
    """Keep runs in a file, list them, and render trends."""
    with faults():
        from conformance.commands.history import keep

        if history is None:
            die("--history: in which file are runs kept? It is made where there is none", 2)
        keep(history, tuple(journal or ()), html, limit, console())
