"""Judges what was recorded: by the rules that need no act, and with what a recording cannot show in mind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import msgspec

from conformance.analysis.reading import Reading
from conformance.analysis.recorded import holds_secret, prepared
from conformance.judge.judge import judge
from conformance.judge.rule import Rule
from conformance.model.transcript import Transcript
from conformance.model.verdict import Finding, NotExercised, Outcome, Verdict, unclear
from conformance.target.triggers import Equipped
from contracts.model import Bundle

UNSEEN = "nothing that it is judged by passed"
"""Why nothing is said of a subject."""


def judge_recorded(
    bundle: Bundle, transcripts: Sequence[Transcript], rules: Iterable[Rule], equipped: Equipped | None = None
) -> tuple[list[Verdict], list[NotExercised]]:
    """Judge recorded transcripts. What did not pass is not exercised, and never passes."""
    ready = [made for transcript in transcripts for made in prepared(bundle, transcript)]
    doubting = [replace(rule, judge=partial(findings_of, rule)) for rule in rules if rule.recorded is not None]
    verdicts, missing = judge(bundle, ready, doubting, equipped)
    return verdicts, [one if one.left_out else msgspec.structs.replace(one, reason=UNSEEN) for one in missing]


def unjudged(bundle: Bundle, transcripts: Sequence[Transcript]) -> list[str]:
    """What to say of each namespace that was recorded and that no contract has."""
    return [
        f"no contract has the namespace {one.namespace!r}: {len(one.entries)} entries of it were not judged"
        for one in transcripts
        if one.entries and not prepared(bundle, one)
    ]


def doubt(verdicts: Sequence[Verdict], *, cut: str = "") -> str:
    """Why a recording without failures is no success; empty where it is one.

    Args:
        cut: why it ended before what passed did; empty where it did not.
    """
    if cut:
        return cut
    seen = (Outcome.PASS, Outcome.WARNING, Outcome.KNOWN)
    return "" if any(one.outcome in seen for one in verdicts) else "nothing was verified: no event and no call passed"


def findings_of(rule: Rule, reading: Reading) -> Iterator[Finding]:
    """What a rule finds in a recording: a failure that may be none is inconclusive."""
    for finding in rule.judge(reading):
        yield _certain(rule, reading, finding) if finding.outcome is Outcome.FAIL else finding


def _certain(rule: Rule, reading: Reading, finding: Finding) -> Finding:
    """A failure, or what makes it none."""
    why = rule.recorded(reading, finding) if rule.recorded is not None else ""
    if not why and holds_secret(reading, finding):
        why = "what was sent holds a secret, which is covered in what was recorded"
    return unclear(finding.subject, why, *finding.evidence) if why else finding
