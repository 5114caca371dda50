"""The rules of recordings: silent on their honest scripts, speaking on their lying ones, and silent for each guard."""

import pytest

from conformance.analysis.reading import read
from conformance.analysis.script import script
from conformance.judge.rule import Rule, record_rules, rules
from conformance.model.verdict import Finding, Outcome
from contracts.load import load

EXAMPLE = load("example")
ALONE = [rule for rule in record_rules() if rule not in rules()]
BY_ID = {rule.id: rule for rule in record_rules()}


def findings(rule: Rule, lines: str) -> list[Finding]:
    bundle = load(rule.bundle)
    return list(rule.judge(read(bundle, script(bundle, lines))))


@pytest.mark.parametrize("rule", ALONE, ids=lambda rule: rule.id)
def test_a_rule_of_recordings_passes_its_honest_script_and_speaks_on_its_lying_one(rule: Rule) -> None:
    assert {finding.outcome for finding in findings(rule, rule.silent)} == {Outcome.PASS}
    failures = [one for one in findings(rule, rule.speaks) if one.outcome is Outcome.FAIL]
    assert len(failures) == 1
    assert failures[0].evidence
    assert rule.why
