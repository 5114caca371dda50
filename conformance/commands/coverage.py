"""`contracts coverage`: how much of contracts recorded runs have exercised."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from conformance.commands.options import given
from conformance.commands.shell import Verdict, console, counted, faults, say
from conformance.support import pipes
from conformance.support.errors import UsageError

if TYPE_CHECKING:
    from conformance.coverage.measure import Coverage, Meter

SHOWN = 12
"""Items of one event that are named; all of them are in the JSON."""


def coverage(
    journals: Annotated[list[Path], typer.Argument(metavar="JOURNAL...", help="Journals of check, fuzz or record.")],
    contracts: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="Contracts to measure. Default: those of the first journal.", callback=given),
    ] = None,
    fail_under: Annotated[
        float | None, typer.Option(metavar="PERCENT", min=0, max=100, help="Exit with 1 if less was exercised.")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="PATH", help="Also write everything as JSON.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Name everything that was not exercised.")] = False,
) -> None:
    """Show which clauses, fields, listed values and examples of contracts recorded runs have exercised."""
    with faults():
        from conformance.coverage.measure import Meter
        from contracts.load import load

        meter = Meter(load(contracts or _contracts_of(journals[0])))
        for path in journals:
            _read(meter, path)
        found = meter.coverage
        if json_file is not None:
            _write(json_file, found)
        _tell(found, everything=verbose)
        if fail_under is not None:
            missed = found.percent < fail_under
            if missed:
                say(f"{found.percent:.1f} % is under the {fail_under:g} % of --fail-under", err=True)
            raise Verdict(int(missed))


def _contracts_of(path: Path) -> str:
    """The contracts of a recorded run."""
    from conformance.journal.records import Header, each
    from contracts.document_text import is_contract_file

    header = next(iter(each(path)))
    place = header.bundle if isinstance(header, Header) else ""
    if not place:
        raise UsageError(f"{path}: the run had no contracts: name them with --contracts")
    return str(Path(place).parent) if is_contract_file(Path(place)) else place


def _read(meter: Meter, path: Path) -> None:
    from conformance.journal.records import Played, each
    from conformance.model import verdict

    for record in each(path):
        if isinstance(record, Played):
            meter.played(record.transcript)
        elif isinstance(record, verdict.Verdict | verdict.NotExercised):
            meter.judged(record)


def _write(path: Path, found: Coverage) -> None:
    from conformance.coverage.measure import KINDS

    said = {
        "percent": round(found.percent, 2),
        "kinds": {kind: dict(zip(("exercised", "all"), found.of(kind), strict=True)) for kind in KINDS},
        "items": [
            {"kind": item.kind, "subject": item.subject, "name": item.name, "seen": count}
            for item, count in sorted(found.counts.items())
        ],
    }
    try:
        pipes.write(path, (json.dumps(said, indent=2) + "\n").encode())
    except OSError as error:
        raise UsageError(f"--json: {path} cannot be written: {error.strerror}") from error


def _tell(found: Coverage, *, everything: bool) -> None:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    from conformance.coverage.measure import KINDS

    screen = console()
    table = Table("", "exercised", "of", "percent", box=None, pad_edge=False)
    for kind in KINDS:
        some, every = found.of(kind)
        table.add_row(kind, str(some), str(every), f"{100 * some / every:.1f}" if every else "-")
    screen.print(table)
    missing = found.missing()
    if missing:
        screen.print("\nnot exercised")
    for kind, items in groupby(missing, key=lambda item: item.kind):
        screen.print(f"  {kind}")
        for subject, some_items in groupby(items, key=lambda item: item.subject):
            names = [item.name for item in some_items]
            rest = len(names) - SHOWN
            named = names if everything or rest <= 0 else [*names[:SHOWN], f"{rest} more (--verbose names them)"]
            screen.print(Padding(Text(f"{subject}: {', '.join(named)}"), (0, 0, 0, 4)))
    count = counted(sum(map(bool, found.counts.values())), "item")
    screen.print(f"\n{found.percent:.1f} % exercised: {count} of {len(found.counts)}", highlight=False)
