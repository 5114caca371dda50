"""The judgement's types: outcomes, what a rule finds in a transcript, and the verdicts of a whole run."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence

import msgspec


class Outcome(enum.StrEnum):
    """The outcomes of a verdict, worst first."""

    ERROR = "error"
    FAIL = "fail"
    WARNING = "warning"
    KNOWN = "known"
    """A failure or a warning that a file of known failures names, with a reason and an owner."""
    PASS = "pass"
    INCONCLUSIVE = "inconclusive"
    SKIP = "skip"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule says of one subject in one transcript."""

    subject: str
    outcome: Outcome
    message: str
    expected: str = ""
    got: str = ""
    evidence: tuple[int, ...] = ()
    """Indices of the transcript entries that show it."""
    hint: str = ""
    """What would make it visible, or text to paste."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="verdict"):
    """The judgement of one rule on one subject over a whole run."""

    rule: str
    subject: str
    transport: str
    outcome: Outcome
    message: str
    clause: str
    source: str
    expected: str = ""
    got: str = ""
    evidence: tuple[str, ...] = ()
    """Transcript lines that show it."""
    act: str = ""
    hint: str = ""
    seen: int = 1
    """How many findings of this outcome stand behind it."""
    known: str = ""
    """Why it is a known failure, and whose."""
    place: str = ""
    """`file:line:column` of what drifted, which the subject has in brackets; empty for what was not read in a file."""


class NotExercised(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="not_exercised"):
    """A clause that no act came to test, and why."""

    rule: str
    subject: str
    transport: str
    reason: str
    left_out: bool = False
    """It was not to be judged in this run: the settings of the target or the contracts themselves leave it out."""


def passed(subject: str, message: str, *evidence: int) -> Finding:
    """The clause was seen to hold."""
    return Finding(subject=subject, outcome=Outcome.PASS, message=message, evidence=evidence)


def failed(subject: str, expected: str, got: str, *evidence: int, hint: str = "") -> Finding:
    """The service broke the clause."""
    return Finding(
        subject=subject,
        outcome=Outcome.FAIL,
        message=f"expected {expected}, got {got}",
        expected=expected,
        got=got,
        evidence=evidence,
        hint=hint,
    )


def unclear(subject: str, why: str, *evidence: int, hint: str = "") -> Finding:
    """The clause could not be seen."""
    return Finding(subject=subject, outcome=Outcome.INCONCLUSIVE, message=why, evidence=evidence, hint=hint)


def skipped(subject: str, why: str) -> Finding:
    """The clause does not apply."""
    return Finding(subject=subject, outcome=Outcome.SKIP, message=why)


def verified_percent(verdicts: Sequence[Verdict], not_exercised: Sequence[NotExercised]) -> float:
    """How much of what was to be judged was seen to hold or to be broken, in percent; 0 where nothing was.

    What does not apply, and what settings or contracts leave out, was not to be judged.
    """
    counts = summary(verdicts)
    seen = counts["pass"] + counts["fail"] + counts["warning"] + counts["known"]
    whole = seen + counts["inconclusive"] + counts["error"] + sum(not one.left_out for one in not_exercised)
    return 100 * seen / whole if whole else 0.0


ENGINE = "roomcheck"
"""The rule under which our own faults are reported when no rule was at fault."""


def summary(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """How many verdicts of each outcome, in the order of the reports."""
    order = ("pass", "fail", "warning", "known", "inconclusive", "skip", "error")
    counts = dict.fromkeys(order, 0)
    for verdict in verdicts:
        counts[verdict.outcome.value] += 1
    return counts
