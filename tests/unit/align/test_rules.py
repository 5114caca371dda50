"""Every rule of documents and source is silent on its honest texts and speaks on its drifting ones."""

import pytest

from conformance.align.gather import of_texts
from conformance.align.rule import Rule, judge, rules
from contracts.load import load

EXAMPLE = load("example")


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_a_rule_is_silent_on_its_honest_texts(rule: Rule) -> None:
    assert [one.line for one in judge(of_texts(EXAMPLE, rule.silent), [rule])] == []


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_a_rule_speaks_on_its_drifting_texts_and_says_where(rule: Rule) -> None:
    found = judge(of_texts(EXAMPLE, rule.speaks), [rule])
    assert found
    for one in found:
        assert one.drift.expected
        assert one.drift.got
        assert one.drift.place.line > 0


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_a_rule_says_what_it_wants_and_why(rule: Rule) -> None:
    assert rule.title.endswith(".")
    assert rule.why
    assert rule.clause.endswith(".")
