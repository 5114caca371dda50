"""The commands that render what runs have written. Nothing heavy is imported before they are called."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from conformance.commands import options
from conformance.commands.shell import console, die, faults


def report(
    what: Annotated[str, typer.Argument(metavar="FORMAT|compare", help="html, junit, sarif ..., or compare.")],
    journal: Annotated[list[Path], typer.Argument(metavar="JOURNAL...", help="What a run wrote with --journal.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="PATH", help="By itself the standard output.")
    ] = None,
    form: Annotated[
        str | None, typer.Option("--format", help="Of a comparison: terminal, as it is, markdown, html or json.")
    ] = None,
    fail_on_regression: Annotated[
        bool,
        typer.Option("--fail-on-regression", help="A comparison that is worse ends with 1, one that cannot tell 4."),
    ] = False,
) -> None:
    """Render a report from journals of check, align and load, or hold the second of two against the first.

    Nothing is run, and nothing is judged anew.
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
    try:
        with os.fdopen(os.dup(1), "wb") as out:
            out.write(text.encode("utf-8", "backslashreplace"))
    except BrokenPipeError:
        return  # Whoever read from the pipe has seen enough.
    except OSError as error:
        die(f"the output cannot be written: {error.strerror}; --output names a file", 2)


def history(
    journal: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[JOURNAL...]", help="What is to be kept; without, it is only listed."),
    ] = None,
    history: options.History = None,
    html: Annotated[Path | None, typer.Option(metavar="PATH", help="Write a page of trends.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="The latest so many runs.")] = 50,
) -> None:
    """Keep runs in a file, list them, and render how they went over time."""
    with faults():
        from conformance.commands.history import keep

        if history is None:
            die("--history: in which file are runs kept? It is made where there is none", 2)
        keep(history, tuple(journal or ()), html, limit, console())
