"""What rules found in documents and source, as the verdicts of a journal. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from conformance.align.model import Claim, Evidence
from conformance.align.rule import Found, Rule
from conformance.model.verdict import Outcome, Verdict

READ = "read"
"""In place of a transport: nothing was asked, it was read."""


def verdicts(evidence: Evidence, found: Sequence[Found], rules: Sequence[Rule]) -> list[Verdict]:
    """A failure for each drift; a pass for each rule and file that had something for it to judge."""
    made = [_failure(evidence, one) for one in found]
    broken = {(one.rule.id, one.drift.place.file) for one in found}
    for rule in rules:
        made += (verdict for verdict in _passes(evidence, rule) if (rule.id, verdict.subject) not in broken)
    return sorted(made, key=lambda verdict: (verdict.rule, verdict.subject, verdict.evidence))


def _failure(evidence: Evidence, one: Found) -> Verdict:
    drift = one.drift
    related = tuple(f"see also {place}" for place in drift.related)
    return Verdict(
        rule=one.rule.id,
        subject=f"{drift.subject} ({drift.place})",
        transport=READ,
        outcome=one.rule.level,
        message=f"{drift.place}: expected {drift.expected}, got {drift.got}",
        clause=one.rule.clause,
        source=evidence.bundle.source_of(drift.subject),
        expected=drift.expected,
        got=drift.got,
        evidence=(str(drift.place), *related),
        place=str(drift.place),
        hint=f"write {drift.replacement}" if drift.replacement else "",
    )


def _passes(evidence: Evidence, rule: Rule) -> Iterator[Verdict]:
    counts: dict[str, int] = defaultdict(int)
    for text in evidence.texts:
        counts[text.file] += sum(_judged(claim, rule.judges) for claim in text.claims)
    for file, count in counts.items():
        if count:
            yield Verdict(
                rule=rule.id,
                subject=file,
                transport=READ,
                outcome=Outcome.PASS,
                message=f"{count} claims agree",
                clause=rule.clause,
                source=evidence.bundle.source,
                seen=count,
            )


def _judged(claim: Claim, kind: str) -> bool:
    match kind:
        case "payload":
            return claim.payload is not None
        case "direction":
            return claim.kind == "event" and claim.direction is not None
        case "receivers":
            return claim.audience is not None
        case _:
            return claim.kind == kind
