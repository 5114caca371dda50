"""Every rule of two versions is silent on its harmless edits, and speaks on those that matter."""

from pathlib import Path

import pytest

from conformance.diff.model import Severity
from conformance.diff.rule import Rule, judge, rules
from tests.edits import edited

SPEAKING = [rule for rule in rules() if rule.speaks]


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_a_rule_finds_nothing_that_matters_in_its_harmless_edits(rule: Rule, tmp_path: Path) -> None:
    found = judge(edited(rule.bundle, rule.silent, tmp_path), rules())
    assert [one.change.message for one in found if one.change.severity is not Severity.SAFE] == []


@pytest.mark.parametrize("rule", SPEAKING, ids=lambda rule: rule.id)
def test_a_rule_finds_what_matters_in_its_other_edits_and_says_where(rule: Rule, tmp_path: Path) -> None:
    found = judge(edited(rule.bundle, rule.speaks, tmp_path), [rule])
    told = [one.change for one in found if one.change.severity is not Severity.SAFE]
    assert told
    for change in told:
        file, _, line = change.place.rpartition(":")
        assert Path(file).is_file()
        assert 0 < int(line) <= len(Path(file).read_text().splitlines())
        assert change.was != change.now


def test_only_words_have_nothing_that_could_matter() -> None:
    assert [rule.id for rule in rules() if not rule.speaks] == ["words-are-for-people"]


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_a_rule_says_what_it_wants_and_why(rule: Rule) -> None:
    assert rule.title.endswith(".")
    assert rule.why
    assert rule.clause.endswith(".")


@pytest.mark.parametrize("bundle", ["example", "example-more", "sos", "sos-built"])
def test_a_bundle_and_itself_have_no_change(bundle: str, tmp_path: Path) -> None:
    assert judge(edited(bundle, "", tmp_path), rules()) == []
