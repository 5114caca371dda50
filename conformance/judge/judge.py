"""Transcripts and rules to verdicts. Pure: the same transcripts give the same verdicts, any day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext

import msgspec

from conformance.analysis.reading import EFFECT_RULE, Reading, read
from conformance.judge.reasons import left_out, reason
from conformance.judge.rule import Rule, subjects_of
from conformance.judge.unserved import as_served
from conformance.model.subject import Subject
from conformance.model.text import line
from conformance.model.transcript import Acked, Called, Got, Transcript
from conformance.model.verdict import ENGINE, Finding, NotExercised, Outcome, Verdict, unclear
from conformance.plan.alone import ALONE
from conformance.plan.requests import PROBE
from conformance.target.triggers import Equipped
from contracts.model import Bundle
from contracts.parts import parts_of

WORST_FIRST = tuple(Outcome)
"""Of several findings on one subject the worst is the verdict; a pass outweighs what could not be seen."""


FRAMES = "frames-can-be-parsed"
CALLS = "calls-answer-as-documented"
"""The rules that tell of what cannot be parsed: frames, and the bodies of answers."""

MOST_EVIDENCE = 12
"""Transcript lines that a verdict carries; the journal has the whole act."""


def judge(
    bundle: Bundle,
    transcripts: Sequence[Transcript],
    rules: Iterable[Rule],
    equipped: Equipped | None = None,
    *,
    interrupted: Sequence[str] = (),
    limit: AbstractContextManager[None] | None = None,
) -> tuple[list[Verdict], list[NotExercised]]:
    """Judge transcripts by rules.

    Args:
        bundle: the contracts as documented, of which every clause is accounted for.
        equipped: the contracts as the target could be made to keep them, where that is less or otherwise.
        interrupted: where a run was interrupted, the transports that it was to play; the transcripts are then of the
            acts that were over.
        limit: breaks the judging off where there is no more time for it, as `Interruption.limited` does. A rule that
            did not come to its end has judged nothing.

    Returns:
        verdicts, one for each rule, subject and transport that something was found on; and what no act
        exercised.
    """
    asked_for = equipped or Equipped(bundle=bundle, reasons={})
    equipped = as_served(asked_for, transcripts)
    parts = {part.part: part for part in parts_of(equipped.bundle)}
    transports = tuple(dict.fromkeys([*(transcript.transport for transcript in transcripts), *interrupted]))
    asked = [(rule, transport) for rule in rules for transport in transports]
    judged: list[list[Verdict]] = []
    readings: list[Reading] = []
    with limit or nullcontext():
        readings += [
            read(parts.get(transcript.part, equipped.bundle), transcript)
            for transcript in transcripts
            if transcript.broke is None
        ]
        for rule, transport in asked:
            own = [reading for reading in readings if reading.transcript.transport == transport]
            judged.append(_judged(bundle, rule, own, transport))
    verdicts = [_broken(transcript) for transcript in transcripts if transcript.broke is not None]
    verdicts += _renamed_once([verdict for made in judged for verdict in made])
    missing: list[NotExercised] = []
    for place, (rule, transport) in enumerate(asked):
        seen = {verdict.subject for verdict in judged[place]} if place < len(judged) else set()
        own = [reading for reading in readings if reading.transcript.transport == transport]
        cut_short = bool(interrupted) or place >= len(judged)
        missing += [
            NotExercised(
                rule=rule.id,
                subject=subject,
                transport=transport,
                reason=reason(rule, subject, bundle, equipped, own, cut_short=cut_short),
                left_out=left_out(rule, subject, bundle, asked_for),
            )
            for subject in subjects_of(rule, bundle)
            if subject not in seen
        ]
    verdicts.sort(key=lambda verdict: (verdict.rule, verdict.subject, verdict.transport))
    return verdicts, missing


def _renamed_once(verdicts: list[Verdict]) -> list[Verdict]:
    """Let what fails for a request that the service knows by another name refer to the verdict that tells this name."""
    named = {
        (verdict.subject, verdict.transport): verdict.hint
        for verdict in verdicts
        if verdict.rule == EFFECT_RULE
        and verdict.outcome is Outcome.FAIL
        and verdict.act == f"{PROBE}{verdict.subject}"
    }

    def referring(verdict: Verdict) -> Verdict:
        other = named.get((verdict.subject, verdict.transport))
        if other is None or verdict.rule == EFFECT_RULE or verdict.outcome not in (Outcome.FAIL, Outcome.WARNING):
            return verdict
        return msgspec.structs.replace(
            verdict, outcome=Outcome.INCONCLUSIVE, message=f"{other}: see {EFFECT_RULE}", expected="", got="", hint=""
        )

    return [referring(verdict) for verdict in verdicts]


def _judged(bundle: Bundle, rule: Rule, readings: list[Reading], transport: str) -> list[Verdict]:
    found: dict[str, list[tuple[Finding, Reading]]] = defaultdict(list)
    for reading in readings:
        alone = ALONE.get(reading.transcript.act)
        if alone is not None and alone not in rule.acts:
            continue
        try:
            for finding in rule.judge(reading):
                found[finding.subject].append((_told_once(rule, reading, finding), reading))
        except Exception as error:  # noqa: BLE001
            # A rule that raises is our fault, never the service's.
            message = f"this rule failed on the act {reading.transcript.act}: {type(error).__name__}: {error}"
            finding = Finding(subject=rule.id, outcome=Outcome.ERROR, message=message)
            found[finding.subject].append((finding, reading))
    return [_verdict(bundle, rule, subject, findings, transport) for subject, findings in found.items()]


def _told_once(rule: Rule, reading: Reading, finding: Finding) -> Finding:
    """A failure that rests on what no client can parse is told by the rule that names this; the others refer to it."""
    for index in finding.evidence if finding.outcome is Outcome.FAIL else ():
        entry = reading.entries[index]
        cause = CALLS if isinstance(entry, Called) else FRAMES
        if isinstance(entry, Called | Got | Acked) and entry.fault and rule.id != cause:
            return unclear(
                finding.subject, f"it depends on what no client can parse ({entry.fault}): see {cause}", index
            )
    return finding


def _verdict(
    bundle: Bundle, rule: Rule, subject: str, findings: list[tuple[Finding, Reading]], transport: str
) -> Verdict:
    worst = min((finding.outcome for finding, _ in findings), key=WORST_FIRST.index)
    # A finding with a hint, or with more to show, says more than its equals: it is the one to tell.
    chosen = sorted(
        ((finding, reading) for finding, reading in findings if finding.outcome is worst),
        key=lambda one: (not one[0].hint, -len(one[0].evidence), one[1].transcript.began_s),
    )
    finding, reading = chosen[0]
    outcome = rule.level if worst is Outcome.FAIL else worst
    return Verdict(
        rule=rule.id,
        subject=subject,
        transport=transport,
        outcome=outcome,
        message=finding.message,
        clause=rule.clause,
        source=bundle.source_of(Subject.read(subject).name),
        expected=finding.expected,
        got=finding.got,
        evidence=tuple(line(reading.entries[index]) for index in sorted(set(finding.evidence))[:MOST_EVIDENCE]),
        act=reading.transcript.act,
        hint=finding.hint,
        seen=len(chosen),
    )


def _broken(transcript: Transcript) -> Verdict:
    return Verdict(
        rule=ENGINE,
        subject=transcript.act,
        transport=transcript.transport,
        outcome=Outcome.ERROR,
        message=f"the act could not be completed: {transcript.broke}",
        clause="Every act is completed.",
        source="Roomcheck",
        act=transcript.act,
    )
