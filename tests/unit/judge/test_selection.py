"""Which rules and subjects a run is about."""

import pytest

from conformance.judge.selection import Selection, matching, selection
from conformance.support.errors import UsageError
from tests.unit.scripts import EXAMPLE, RULES

ALL = tuple(RULES.values())


@pytest.mark.parametrize(
    ("select", "ignore", "expected"),
    [
        ([], [], set(RULES)),
        (["nothing-after-*"], [], {"nothing-after-close", "nothing-after-leave", "nothing-after-removal"}),
        (["nothing-*", "order-is-kept"], ["nothing-after-*"], {"nothing-before-join", "order-is-kept"}),
        (["order-is-kept"], ["order-*"], set()),
    ],
)
def test_rules_are_selected_by_glob(select: list[str], ignore: list[str], expected: set[str]) -> None:
    assert {rule.id for rule in matching(ALL, select, ignore)} == expected


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_a_pattern_that_matches_no_rule_is_told_with_the_nearest(option: str) -> None:
    patterns = {"--select": ((["order-is-kpt"], [])), "--ignore": (([], ["order-is-kpt"]))}[option]
    with pytest.raises(UsageError, match=f"^{option}: no rule matches 'order-is-kpt'; did you mean 'order-is-kept'"):
        matching(ALL, *patterns)
    with pytest.raises(UsageError, match="there are answer-to-a-join-means-membership, bad-calls-are-refused"):
        matching(ALL, ["*zzzzzzzz"], [])


def test_patterns_are_sorted_into_those_of_rules_and_those_of_subjects() -> None:
    found = selection(EXAMPLE, ALL, ["order-*", "pen:*", "room:enter"], ["nothing-*", "who"])
    assert found == Selection(
        rules=("order-*",), subjects=("pen:*", "room:enter"), no_rules=("nothing-*",), no_subjects=("who",)
    )
    assert selection(EXAMPLE, ALL, ["junk: null"], []).subjects == ("junk: null",)
    assert selection(EXAMPLE, ALL, [], []) == Selection()


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_a_pattern_that_matches_nothing_is_told_with_the_nearest(option: str) -> None:
    patterns = {"--select": (["pen:tken"], []), "--ignore": ([], ["pen:tken"])}[option]
    with pytest.raises(UsageError, match=f"^{option}: no rule or event matches 'pen:tken'; did you mean 'pen:take"):
        selection(EXAMPLE, ALL, *patterns)
    with pytest.raises(UsageError, match="`roomcheck rules list` names the rules"):
        selection(EXAMPLE, ALL, ["*zzzzzzzz"], [])


def test_what_is_wanted_is_selected_and_not_ignored() -> None:
    made = Selection(rules=("order-*",), no_rules=("order-is-*",))
    assert [made.rule(name) for name in ("order-is-kept", "order-x", "other")] == [False, True, False]
    assert [Selection(no_rules=("order-*",)).rule(name) for name in ("order-is-kept", "other")] == [False, True]
    assert Selection().rule("anything")
    wanted = Selection(subjects=("who", "pen:*"), no_subjects=("pen:take",))
    subjects = ("who", "who (reply)", "pen:take", "pen:taken", "other")
    assert [wanted.subject(subject) for subject in subjects] == [True, True, False, True, False]
    unwanted = Selection(no_subjects=("who",))
    assert [unwanted.subject(subject) for subject in ("who", "who (reply)", "pen:take")] == [False, False, True]
    assert Selection(subjects=("* (reply)",)).subject("who (reply)")
