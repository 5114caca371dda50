"""The command `contracts diff`. Nothing heavy is imported before it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from conformance.commands import options
from conformance.commands.shell import VERSION, Verdict, console, faults


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A folder, a bundled name, or REVISION:PATH of git.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same of the new version.")],
    fail_on: Annotated[str, typer.Option(help="Exit with 1 on such a change: breaking, risky or never.")] = "breaking",
    changelog: Annotated[
        Path | None, typer.Option(metavar="PATH", help="Write a changelog entry in Markdown; - prints it instead.")
    ] = None,
    select: options.SelectRules = None,
    ignore: options.IgnoreRules = None,
    report: options.Report = None,
    journal: options.Journal = None,
    history: options.History = None,
    quiet: options.Quiet = False,
) -> None:
    """Compare two versions of contracts: what breaks clients, what may, what is safe.

    Exit codes: 0 nothing as bad as --fail-on, 1 something is, 2 usage or contracts are wrong.
    """
    with faults():
        from conformance.commands.diff import DiffOptions, run

        ask = DiffOptions(
            old=old, new=new, fail_on=fail_on, changelog=changelog, select=tuple(select or ()),
            ignore=tuple(ignore or ()), reports=tuple(report or ()), journal=journal, history=history, version=VERSION,
        )  # fmt: skip
        raise Verdict(run(ask, console(), quiet=quiet))
