"""Every rule is silent on its honest script and speaks on its lying one, and says what it is."""

import ast
import json

import pytest

from conformance.analysis.reading import read
from conformance.analysis.script import script
from conformance.judge.rule import Rule, rules
from conformance.model.verdict import Outcome
from contracts.load import load
from tests.running import ROOT

EXAMPLE = load("example")
NOT_OF_EXAMPLE = ("clock-fields-tell-now", "broadcast-reaches-every-node", "missed-events-are-replayed")
"""Rules about what the example promises nothing of."""


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_a_rule_is_silent_on_its_honest_script_and_passes(rule: Rule) -> None:
    bundle = load(rule.bundle)
    outcomes = {finding.outcome for finding in rule.judge(read(bundle, script(bundle, rule.silent)))}
    assert Outcome.PASS in outcomes
    assert not outcomes & {Outcome.FAIL, Outcome.ERROR, Outcome.WARNING}


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_a_rule_speaks_on_its_lying_script_and_shows_what_it_saw(rule: Rule) -> None:
    bundle = load(rule.bundle)
    transcript = script(bundle, rule.speaks)
    failures = [f for f in rule.judge(read(bundle, transcript)) if f.outcome is Outcome.FAIL]
    assert failures
    for finding in failures:
        assert finding.evidence
        assert all(0 <= index < len(transcript.entries) for index in finding.evidence)
        assert finding.expected
        assert finding.got


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_a_rule_has_a_title_a_reason_a_clause_and_subjects(rule: Rule) -> None:
    assert rule.title.endswith((".", ":"))
    assert rule.why
    assert rule.clause.endswith(".")
    assert rule.acts
    assert list(rule.subjects(load(rule.bundle))) or rule.id in NOT_OF_EXAMPLE


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_a_rule_is_silent_where_nothing_happened(rule: Rule) -> None:
    assert list(rule.judge(read(EXAMPLE, script(EXAMPLE, "")))) == []


def test_no_rule_and_no_planner_knows_an_event_of_a_bundled_service() -> None:
    names = set(load("sos").events) | {call.path for call in load("sos").calls.values()}
    names -= {"error"}  # A word of its own; also an outcome.
    packages = ("support", "model", "target", "plan", "analysis", "rules", "judge", "journal", "stage", "engine")
    files = [path for package in packages for path in (ROOT / "conformance" / package).rglob("*.py")]
    assert files
    for path in files:
        text = path.read_text()
        if not any(name in text for name in names):
            continue
        strings = {
            node.value
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        assert not strings & names, path


def test_rule_files_hold_only_rules() -> None:
    files = {path.stem for path in (ROOT / "conformance" / "rules").glob("*.py")}
    assert files - {"__init__"} == {rule.id.replace("-", "_") for rule in rules()}


def test_a_late_answer_to_an_earlier_request_is_not_taken_for_a_false_roster() -> None:
    """Seen once in hundreds of runs: the answer to `ann`'s first question overtaken by `cyd`'s leave."""
    text = """
    ann opened a1 user=ua
    cyd opened c1 user=uc
    ann in r1
    cyd in r1
    ann -> who {"room": "r1"}
    cyd -> room:exit {"room": "r1"}
    cyd out r1
    ann -> who {"room": "r1"} #1
    ann <- who:list {"room": "r1", "sockets": BOTH, "count": 2}
    """.replace("BOTH", '[{"socket": "a1", "user": "ua"}, {"socket": "c1", "user": "uc"}]')
    rule = next(rule for rule in rules() if rule.id == "roster-is-true")
    assert {finding.outcome for finding in rule.judge(read(EXAMPLE, script(EXAMPLE, text)))} <= {Outcome.PASS}


@pytest.mark.parametrize(
    ("query", "outcome"), [({"skip": 6}, Outcome.INCONCLUSIVE), ({"skip": 0}, Outcome.FAIL), ({}, Outcome.FAIL)]
)
def test_an_empty_page_beyond_the_end_does_not_show_that_nothing_is_stored(
    query: dict[str, int], outcome: Outcome
) -> None:
    """Where the calls for the other pages were turned away, this is the only one that came."""
    text = f"""
    http add-note {{"room": "r1"}} {{"text": "hello"}} => 201 {{"id": "n1", "room": "r1", "text": "hello", "at": 1}}
    http list-notes {{"room": "r1"}} {f"?{json.dumps(query)}" if query else ""} => 200 {{"notes": [], "total": 1}}
    """
    rule = next(rule for rule in rules() if rule.id == "created-is-stored-and-read-back")
    assert [finding.outcome for finding in rule.judge(read(EXAMPLE, script(EXAMPLE, text)))] == [outcome]
