"""What `roomcheck history` does: keep journals, list runs, and write the page of their trends."""

from __future__ import annotations

import os
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from conformance.journal import records as journals
from conformance.support.errors import UsageError
from conformance.support.printable import printable
from reports.output import history, trend
from reports.output.destinations import write
from reports.parts.ending import worded

STYLES = {"good": "green", "bad": "bold red", "unsure": "magenta"}
MOST_CHARACTERS = 60
"""Characters of a target that are shown."""


def keep(path: Path, paths: tuple[Path, ...], html: Path | None, limit: int, out: Console) -> None:
    """Keep what is given, then list the latest runs.

    Raises:
        UsageError: a journal cannot be read, the history not be written, or the page.
    """
    if html and os.path.realpath(html) in {os.path.realpath(one) for one in (path, *paths)}:
        raise UsageError(f"--html: {html} is what the page is made from; name another file")
    if paths:
        new = history.add(path, [journals.read(one) for one in paths])
        out.print(f"{new} of {len(paths)} added" + (", the others were already there" if new < len(paths) else ""))
    runs = history.runs(path, limit)
    if html:
        write(trend.render(runs), html, "--html")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head in ("began", "command", "target", "ended", "verified", "fail", "took"):
        table.add_column(head, justify="right" if head in ("verified", "fail", "took") else "left", overflow="fold")
    for run in runs:
        word, tone = worded(run.exit_code)
        table.add_row(
            run.began[:19].replace("T", " "), run.command, Text(printable(run.target[:MOST_CHARACTERS])),
            Text(word, style=STYLES[tone]), f"{run.verified:.0f} %", str(run.counts.get("fail", 0)),
            f"{run.took_s:.1f} s",
        )  # fmt: skip
    out.print(table)
