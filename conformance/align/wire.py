"""What the running service does, for the column `wire`: of a check made now, or of the journal of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from conformance.journal import records as journals
from conformance.journal.records import Journal
from conformance.model.exit_code import Exit
from conformance.model.verdict import Outcome, Verdict
from conformance.support.errors import UsageError
from contracts.model import Bundle


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """What a check found, and what it left unseen."""

    verdicts: tuple[Verdict, ...]
    faults: tuple[str, ...] = ()

    @property
    def broken(self) -> tuple[Verdict, ...]:
        """What the service does not do as documented."""
        return tuple(verdict for verdict in self.verdicts if verdict.outcome is Outcome.FAIL)


def of_journal(path: Path, bundle: Bundle) -> Wire:
    """Take what a check, or a load, wrote down.

    Raises:
        UsageError: it cannot be read, is no check's, or one of other contracts.
    """
    made = journals.read(path)
    if made.header.command == "align":
        raise UsageError(f"--wire: {path} is the journal of an alignment, which asks no service; give that of a check")
    if made.header.command == "diff":
        raise UsageError(f"--wire: {path} is the journal of two versions of contracts; give that of a check")
    if set(made.header.events) != set(bundle.events):
        theirs = f"{made.header.bundle_name} {made.header.bundle_version}".strip() or made.header.bundle
        raise UsageError(
            f"--wire: {path} was checked against the contracts {theirs}, these are {bundle.name} {bundle.version}; "
            "check the service with the same ones"
        )
    return seen(made, str(path))


def seen(made: Journal, name: str) -> Wire:
    """What a journal tells, with what keeps it from telling all."""
    return Wire(verdicts=made.verdicts, faults=tuple(_faults(made, name)))


def _faults(made: Journal, name: str) -> Iterator[str]:
    if made.footer is None:
        yield f"{name}: the journal of the wire is truncated: what the check did not come to is not seen"
    elif made.footer.exit_code not in (Exit.HOLDS, Exit.BROKEN):
        why = "; ".join(made.notes) or "it came to no verdict"
        yield f"{name}: the check of the wire ended with {made.footer.exit_code}: {why}"
