"""What the comparison of two versions found, as the verdicts of a journal. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.diff.model import Change, Severity
from conformance.diff.pairing import Pair
from conformance.diff.rule import Found, Rule
from conformance.model.verdict import Outcome, Verdict
from contracts.schema import shown

READ = "read"
"""In place of a transport: nothing was asked, it was read."""

OUTCOMES = {Severity.BREAKING: Outcome.FAIL, Severity.RISKY: Outcome.WARNING, Severity.SAFE: Outcome.PASS}
DIRECTIONS = {"client_to_server": "client to server", "server_to_client": "server to client"}
MOST_SHOWN = 400
"""Characters of a payload that shows a change."""


def verdicts(pair: Pair, found: Sequence[Found], rules: Sequence[Rule]) -> list[Verdict]:
    """A verdict for each change, and a pass for each rule that found none that matters."""
    made = [_of(pair, one) for one in found]
    broken = {one.rule.id for one in found if one.change.severity is not Severity.SAFE}
    made += (_pass(pair, rule) for rule in rules if rule.id not in broken)
    return made


def _of(pair: Pair, one: Found) -> Verdict:
    change = one.change
    return Verdict(
        rule=one.rule.id,
        subject=f"{change.subject} ({change.place})",
        transport=READ,
        outcome=OUTCOMES[change.severity],
        message=f"{change.severity}: {change.message}",
        clause=one.rule.clause,
        source=pair.new.bundle.source_of(change.subject),
        expected=f"{change.what}: {change.was}" if change.what else change.was,
        got=change.now,
        evidence=tuple(_evidence(change)),
        place=change.place,
    )


def _evidence(change: Change) -> Iterator[str]:
    yield change.place
    if change.way is not None:
        yield f"direction: {DIRECTIONS[change.way]}"
    if change.witness is not None:
        yield f"shown by: {shown(change.witness, MOST_SHOWN)}"


def _pass(pair: Pair, rule: Rule) -> Verdict:
    count = len(pair.messages) + len(pair.calls)
    return Verdict(
        rule=rule.id,
        subject=pair.new.bundle.name,
        transport=READ,
        outcome=Outcome.PASS,
        message=f"{count} messages and calls compared: nothing that breaks",
        clause=rule.clause,
        source=pair.new.bundle.source,
        seen=count,
        place=pair.new.head.place(),
    )
