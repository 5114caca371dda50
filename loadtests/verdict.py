"""The verdict on a run, from its account. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from loadtests.accounts import Accounts
from loadtests.ledger import defects

HOLDS, BROKEN, CANNOT_TELL = 0, 1, 4
"""Exit codes, as of every command of Roomcheck."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is said of a run."""

    code: int
    lines: tuple[str, ...]


def judged(accounts: Accounts) -> Verdict:
    """Judge a run that has been drained."""
    counts = accounts.counts()
    lines = [accounts.line()]
    if defects(counts):
        return Verdict(code=BROKEN, lines=tuple(lines))
    if not counts.get("ok"):
        lines.append("cannot tell: no delivery was seen, so nothing was verified")
        return Verdict(code=CANNOT_TELL, lines=tuple(lines))
    return Verdict(code=HOLDS, lines=tuple(lines))
