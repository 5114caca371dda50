"""Known failures: what is broken, who mends it, and until when nobody is stopped by it.

A known failure that fails is told, and stops nobody. One that passes, that is past its date, or that matches nothing
turns the run red: a list that nobody has to keep true is a way not to look.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from conformance.model.known_failure import Known
from conformance.model.verdict import NotExercised, Outcome, Verdict

RULE = "known-failures"
CLAUSE = "A known failure still fails, and is reviewed before it expires."

BROKEN = (Outcome.FAIL, Outcome.WARNING)


def living(known: Sequence[Known], today: date) -> list[Known]:
    """The entries that count today."""
    return [one for one in known if not one.expired(today)]


def as_known(known: Sequence[Known], verdicts: Iterable[Verdict], today: date) -> list[Verdict]:
    """The verdicts with known failures told as such."""
    counted = {(one.rule, one.subject): one for one in living(known, today)}
    return [_told(counted.get((verdict.rule, verdict.subject)), verdict) for verdict in verdicts]


def excused(
    known: Sequence[Known],
    verdicts: Sequence[Verdict],
    not_exercised: Sequence[NotExercised],
    *,
    today: date,
    whole: bool = True,
) -> list[Verdict]:
    """The verdicts with known failures told as such, and a failure for each entry that is not true any more.

    Args:
        whole: the run came to its end and nothing was left out by choice, so that an entry that matches nothing
            is wrong.
    """
    made = as_known(known, verdicts, today)
    for one in known:
        own = [verdict for verdict in verdicts if (verdict.rule, verdict.subject) == (one.rule, one.subject)]
        missing = any((other.rule, other.subject) == (one.rule, one.subject) for other in not_exercised)
        if one.expired(today) and any(verdict.outcome in BROKEN for verdict in own):
            made.append(_stale(one, f"an entry that is reviewed by {one.expires}", "a date that has passed"))
        elif own and all(verdict.outcome is Outcome.PASS for verdict in own):
            made.append(_stale(one, "a failure", "a pass: remove the entry from the file"))
        elif not own and not missing and whole:
            made.append(_stale(one, "a verdict that it matches", "none: no rule judged that subject"))
    return made


def _told(known: Known | None, verdict: Verdict) -> Verdict:
    if known is None or verdict.outcome not in BROKEN:
        return verdict
    until = f", until {known.expires}" if known.expires else ""
    reason = f"{known.reason} ({known.owner}{until})"
    return msgspec.structs.replace(verdict, outcome=Outcome.KNOWN, known=reason)


def _stale(known: Known, expected: str, got: str) -> Verdict:
    return Verdict(
        rule=RULE,
        subject=f"{known.rule} {known.subject}",
        transport="",
        outcome=Outcome.FAIL,
        message=f"expected {expected}, got {got}",
        clause=CLAUSE,
        source=known.place,
        expected=expected,
        got=got,
        evidence=(f"{known.reason} ({known.owner})",),
        act="-",
    )
