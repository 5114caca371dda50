"""When a run without failures saw too little to be a success, and what it says then."""

from collections.abc import Sequence

import pytest

from conformance.analysis.script import script
from conformance.judge.judge import judge
from conformance.judge.rule import rules
from conformance.judge.sufficiency import ENOUGH_PERCENT, doubt
from conformance.model.transcript import Transcript
from conformance.model.verdict import NotExercised, Outcome, Verdict, verified_percent
from conformance.target.triggers import Triggers, equipped
from contracts.load import load

BUNDLE = load("example")
JOINED = script(BUNDLE, 'ann opened a1\nann -> room:enter {"room": "r1"} #1\nann in r1 roster')
TURNED_AWAY = script(
    BUNDLE, 'ann opened a1\nann -> room:enter {"room": "r1"} #1\nann <- problem {"code": "NO_SEAT"}\nann in r1 assumed'
)
IGNORED = script(BUNDLE, 'ann opened a1\nann -> room:enter {"room": "r1"}\nann in r1 assumed')
HEARD = script(
    BUNDLE,
    'ann opened a1\nann -> room:enter {"room": "r1"}\nann in r1 assumed\n'
    'ann -> pen:take {"room": "r1", "pen": "red"}\nann <- pen:taken {"room": "r1", "pen": "red"}',
)
REFUSED = script(BUNDLE, "ann refused none NO_TOKEN: a token is needed")


def verdict(outcome: Outcome) -> Verdict:
    return Verdict(rule="r", subject="s", transport="websocket", outcome=outcome, message="m", clause="", source="")


def missing(*, left_out: bool = False) -> NotExercised:
    return NotExercised(rule="r", subject="s", transport="websocket", reason="it never came", left_out=left_out)


PASS, FAIL, UNCLEAR, SKIP = map(verdict, (Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.SKIP))


def said(
    verdicts: Sequence[Verdict],
    not_exercised: Sequence[NotExercised] = (),
    *transcripts: Transcript,
    least: float = ENOUGH_PERCENT,
    whole: bool = True,
) -> str:
    return doubt(BUNDLE, transcripts, verdicts, not_exercised, least_percent=least, whole=whole)


def test_half_of_what_was_to_be_judged_is_enough() -> None:
    assert said([PASS, UNCLEAR], (), JOINED) == ""
    assert said([PASS, SKIP, SKIP], (), JOINED) == ""
    assert said([PASS], [missing()], JOINED) == ""


def test_under_half_is_not_and_the_commonest_reason_is_told() -> None:
    assert said([PASS, UNCLEAR], [missing(), missing()], JOINED) == (
        "25 % of what was to be judged was verified, under the 50 % that it takes; the commonest reason, 2 times: "
        "it never came"
    )


def test_what_is_left_out_was_not_to_be_judged() -> None:
    assert said([PASS], [missing(left_out=True)] * 9, JOINED) == ""
    assert verified_percent([PASS], [missing(left_out=True)]) == 100


def test_another_threshold_replaces_the_half() -> None:
    assert said([PASS, UNCLEAR, UNCLEAR], (), JOINED, least=0) == ""
    assert said([PASS, UNCLEAR], (), JOINED, least=51).startswith("50 % of what was to be judged was verified")


def test_nothing_verified_is_no_success_whatever_the_threshold() -> None:
    assert said([SKIP], (), JOINED, least=0) == "nothing was verified"
    turned = 'nothing was verified: none could connect (refused with "NO_TOKEN: a token is needed")'
    assert said([SKIP], [missing()], REFUSED, REFUSED, least=0) == turned
    assert said([SKIP], (), least=0) == "nothing was verified"
    assert said([], [missing()], JOINED, least=0).startswith("nothing was verified; the commonest reason, 1 time: it")


@pytest.mark.parametrize("transcript", [JOINED, HEARD])
def test_one_member_is_enough(transcript: Transcript) -> None:
    assert said([PASS], (), TURNED_AWAY, transcript) == ""


@pytest.mark.parametrize(
    ("transcript", "why"),
    [
        (TURNED_AWAY, '1 of 1 joins (room:enter) were answered with problem {"code": "NO_SEAT"}'),
        (IGNORED, "none of 1 joins (room:enter) was answered, and nothing was heard in their rooms"),
        (REFUSED, 'none could connect (refused with "NO_TOKEN: a token is needed")'),
    ],
)
def test_without_a_member_it_says_what_came_of_the_joins(transcript: Transcript, why: str) -> None:
    assert said([PASS], (), transcript) == f"no socket became a member of a room: {why}"


def test_of_selected_rules_only_acts_that_join_need_a_member() -> None:
    sounding = script(BUNDLE, 'ann opened a1\nann -> room:enter {"room": "r1"}').__class__(
        act="greeting", rooms=("r1",), entries=IGNORED.entries, began_s=0.0, ended_s=9.0
    )
    assert said([PASS], (), REFUSED, sounding, whole=False) == ""
    assert said([PASS], (), IGNORED, whole=False).startswith("no socket became a member")


def test_settings_leave_out_what_they_do_not_provoke_and_a_missing_api_does_not() -> None:
    own = equipped(BUNDLE, Triggers(base="none"), (), "targets.it")
    _, not_exercised = judge(BUNDLE, [JOINED], rules(), own)
    assert {one.left_out for one in not_exercised if one.subject == "note:added"} == {True}
    call = script(BUNDLE, 'ann opened a1\nhttp add-note {"room": "r1"} {"text": "x"} => 404 "none"')
    _, not_exercised = judge(BUNDLE, [call], rules())
    assert {one.left_out for one in not_exercised if one.subject == "note:added"} == {False}
