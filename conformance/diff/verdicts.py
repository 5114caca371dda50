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
    """A verdict for each line that has changed, and a pass for each rule that found none that matters."""
    lines: dict[tuple[str, str, str, Severity], list[Found]] = {}
    for one in found:
        key = one.rule.id, one.change.subject, one.change.place, one.change.severity
        lines.setdefault(key, []).append(one)
    made = [_of(pair, some) for some in lines.values()]
    broken = {one.rule.id for one in found if one.change.severity is not Severity.SAFE}
    made += (_pass(pair, rule) for rule in rules if rule.id not in broken)
    return made


def _of(pair: Pair, some: Sequence[Found]) -> Verdict:
    """The verdict of what a rule found on one line."""
    changes, rule = [one.change for one in some], some[0].rule
    first = changes[0]
    return Verdict(
        rule=rule.id,
        subject=f"{first.subject} ({first.place})",
        transport=READ,
        outcome=OUTCOMES[first.severity],
        message=f"{first.severity}: " + "; ".join(change.message for change in changes),
        clause=rule.clause,
        source=pair.new.bundle.source_of(first.subject),
        expected="; ".join(f"{one.what}: {one.was}" if one.what else one.was for one in changes),
        got="; ".join(one.now for one in changes),
        evidence=tuple(dict.fromkeys(line for one in changes for line in _evidence(one))),
        hint="; ".join(dict.fromkeys(one.why for one in changes)),
        seen=len(changes),
        place=first.place,
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
