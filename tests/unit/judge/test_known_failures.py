"""Known failures are told, and stop nobody as long as they are true."""

from datetime import date

import pytest

from conformance.judge.known_failures import CLAUSE, RULE, as_known, excused, living
from conformance.model.known_failure import Known
from conformance.model.verdict import NotExercised, Outcome, Verdict

TODAY = date(2026, 11, 24)


def known(subject: str = "who", expires: str | None = None) -> Known:
    return Known(
        rule="a-rule", subject=subject, reason="mended soon", owner="ann", expires=expires, place="known.toml:1"
    )


def verdict(outcome: str = "fail", subject: str = "who", rule: str = "a-rule") -> Verdict:
    return Verdict(
        rule=rule, subject=subject, transport="websocket", outcome=Outcome(outcome), message="m", clause="c", source="s"
    )


MISSING = NotExercised(rule="a-rule", subject="who", transport="websocket", reason="r")

EXCUSED = {
    "a failure": ([known()], [verdict()], [("who", "known", "mended soon (ann)")]),
    "a warning": ([known()], [verdict("warning")], [("who", "known", "mended soon (ann)")]),
    "with a date": (
        [known(expires="2026-11-24")], [verdict()], [("who", "known", "mended soon (ann, until 2026-11-24)")],
    ),
    "past its date": (
        [known(expires="2026-11-23")], [verdict()], [("who", "fail", ""), ("a-rule who", "fail", "a date that has passed")],
    ),
    "past its date, and it passes": (
        [known(expires="2026-11-23")], [verdict("pass")],
        [("who", "pass", ""), ("a-rule who", "fail", "a pass: remove the entry from the file")],
    ),
    "past its date, and not seen": ([known(expires="2026-11-23")], [verdict("skip")], [("who", "skip", "")]),
    "a pass": (
        [known()], [verdict("pass")],
        [("who", "pass", ""), ("a-rule who", "fail", "a pass: remove the entry from the file")],
    ),
    "a pass over one transport": (
        [known()], [verdict("pass"), verdict()], [("who", "pass", ""), ("who", "known", "mended soon (ann)")],
    ),
    "an error": ([known()], [verdict("error")], [("who", "error", "")]),
    "another subject": (
        [known("pen:take")], [verdict()],
        [("who", "fail", ""), ("a-rule pen:take", "fail", "none: no rule judged that subject")],
    ),
    "another rule": (
        [known()], [verdict(rule="b-rule")],
        [("who", "fail", ""), ("a-rule who", "fail", "none: no rule judged that subject")],
    ),
    "two, of which one is true": (
        [known(), known("pen:take")], [verdict(), verdict("pass", "pen:take")],
        [("who", "known", "mended soon (ann)"), ("pen:take", "pass", ""),
         ("a-rule pen:take", "fail", "a pass: remove the entry from the file")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", EXCUSED)
def test_a_known_failure_counts_as_long_as_it_is_true(what: str) -> None:
    entries, verdicts, expected = EXCUSED[what]
    made = excused(entries, verdicts, [], today=TODAY)
    assert [(one.subject, one.outcome.value, one.got or one.known) for one in made] == expected


def test_an_entry_that_matches_nothing_is_wrong_only_in_a_whole_run_that_came_to_it() -> None:
    assert len(excused([known()], [], [], today=TODAY)) == 1
    assert excused([known()], [], [], today=TODAY, whole=False) == []
    assert excused([known()], [], [MISSING], today=TODAY) == []
    other = NotExercised(rule="a-rule", subject="pen:take", transport="websocket", reason="r")
    assert len(excused([known()], [], [other], today=TODAY)) == 1


def test_what_is_not_true_any_more_is_a_failure_of_its_own() -> None:
    (_, stale) = excused([known(expires="2026-11-23")], [verdict()], [], today=TODAY)
    assert stale == Verdict(
        rule=RULE, subject="a-rule who", transport="", outcome=Outcome.FAIL, clause=CLAUSE, source="known.toml:1", act="-",
        message="expected an entry that is reviewed by 2026-11-23, got a date that has passed",
        expected="an entry that is reviewed by 2026-11-23", got="a date that has passed", evidence=("mended soon (ann)",),
    )  # fmt: skip
    (_, passing) = excused([known()], [verdict("pass")], [], today=TODAY)
    assert passing.expected == "a failure"
    (nothing,) = excused([known()], [], [], today=TODAY)
    assert nothing.expected == "a verdict that it matches"


def test_only_entries_that_count_today_take_the_place_of_failures() -> None:
    entries = [known(), known(expires="2026-11-24"), known(expires="2026-11-23")]
    assert living(entries, TODAY) == entries[:2]
    assert [one.outcome.value for one in as_known(entries[2:], [verdict()], TODAY)] == ["fail"]
    assert [one.outcome.value for one in as_known(entries[:1], [verdict(), verdict("pass")], TODAY)] == [
        "known",
        "pass",
    ]
