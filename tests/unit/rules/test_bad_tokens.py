"""What is said of bad tokens where the good one is refused, too: that nothing is known."""

import pytest

from conformance.analysis.reading import read
from conformance.analysis.script import script
from conformance.judge.rule import rules
from conformance.model.verdict import Finding, Outcome
from contracts.load import load

EXAMPLE = load("example")


def judged(rule: str, text: str) -> list[Finding]:
    chosen = next(one for one in rules() if one.id == rule)
    return list(chosen.judge(read(EXAMPLE, script(EXAMPLE, text))))


LISTED = 'http list-notes {"room": "r1"} token=%s => %d {}\n'
SOCKETS, CALLS = "bad-token-is-refused", "bad-token-is-401"


@pytest.mark.parametrize(
    ("rule", "text", "outcome", "words"),
    [
        (
            SOCKETS,
            "ann refused own NO_TOKEN: not yours\ngil refused garbage NO_TOKEN: that is none",
            Outcome.INCONCLUSIVE,
            "the service refuses every token, the valid one too",
        ),
        (
            SOCKETS,
            "ann opened a1\ngil refused garbage NO_TOKEN: that is none",
            Outcome.SKIP,
            "no valid token was given",
        ),
        (
            CALLS,
            LISTED % ("own", 401) + LISTED % ("garbage", 401),
            Outcome.INCONCLUSIVE,
            "no call with the valid token succeeded",
        ),
        (
            CALLS,
            LISTED % ("none", 200) + LISTED % ("garbage", 200),
            Outcome.SKIP,
            "no valid token was given",
        ),
    ],
)
def test_nothing_is_known_without_a_good_token(rule: str, text: str, outcome: Outcome, words: str) -> None:
    found = judged(rule, text)
    assert {finding.outcome for finding in found} == {outcome}
    assert all(words in finding.message for finding in found)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ('null "no whole answer within 10 s"', Outcome.INCONCLUSIVE),
        ('null "the connection broke"', Outcome.FAIL),
        ("429 {}", Outcome.INCONCLUSIVE),
        ("200 {}", Outcome.FAIL),
    ],
)
def test_a_call_that_is_not_answered_in_time_shows_nothing(answer: str, outcome: Outcome) -> None:
    bad = 'http list-notes {"room": "r1"} token=garbage => ' + answer
    (found,) = judged(CALLS, LISTED.replace("token=%s => %d {}", "token=own => 200 {}") + bad)
    assert found.outcome is outcome
