"""The command `selftest`."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from conformance.model.exit_code import Exit


def selftest(names: tuple[str, ...], out: Console, talk: Console) -> int:
    """Run the lies and print the kill matrix.

    Raises:
        UsageError: there is no such lie.
    """
    from conformance.engine.selftest import HONEST
    from conformance.engine.selftest import selftest as run_lies
    from conformance.reference.host import make
    from conformance.reference.lie import lies

    for name in names:
        make(name).store.close()
    with talk.status(f"telling {len(names or lies())} lies"):
        matrix = run_lies(names or None)
    table = Table(box=None, padding=(0, 2, 0, 0), title="lies and the rules that catch them", title_justify="left")
    table.add_column("lie")
    table.add_column("accused by", overflow="fold")
    for kill in matrix.kills:
        table.add_row(kill.lie, ", ".join(kill.rules) or ("nobody" if kill.lie == HONEST else "NOBODY"))
    out.print(table)
    faults = [fault for fault in matrix.faults() if not (names and "catches no lie" in fault)]
    for fault in faults:
        out.print(f"[bold red]{fault}[/]")
    told_lies = len(matrix.kills) - 1
    counted = ((told_lies, "lie"), (len(matrix.rules), "rule"), (len(faults), "fault"))
    out.print(", ".join(f"{count} {word}{'s' if count != 1 else ''}" for count, word in counted))
    return int(Exit.BROKEN if faults else Exit.HOLDS)
