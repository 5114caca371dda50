"""An API that is elsewhere is one hint; an API that is there, and serves a call badly, fails."""

import pytest

from conformance.analysis.script import script
from conformance.journal.records import Journal
from conformance.judge.judge import judge
from conformance.judge.rule import rules
from conformance.model.verdict import NotExercised, Outcome, Verdict
from conformance.target.triggers import Triggers, equipped
from contracts.load import load
from contracts.trigger import Trigger
from reports.terminal import render
from tests.records import header

EXAMPLE = load("example")
ANN = "ann opened a1 user=ua token=own\nann in r1\n"
ADD = 'http add-note {"room": "r1"} {"text": "hello"} => %s\n'
LIST = 'http list-notes {"room": "r1"} => %s\n'
READ = 'http read-note {"id": "nowhere"} => %s\n'
HINT = (
    "no call of the HTTP API is served there: all %d were answered with %s; if it is elsewhere, name its address with"
)


def judged(*lines: str) -> tuple[list[Verdict], list[NotExercised]]:
    return judge(EXAMPLE, [script(EXAMPLE, ANN + "".join(lines))], rules())


def failed(verdicts: list[Verdict]) -> set[tuple[str, str]]:
    return {(verdict.rule, verdict.subject) for verdict in verdicts if verdict.outcome is Outcome.FAIL}


ELSEWHERE = {
    "not found": (("404 {}", "404 {}", "404 {}"), "404"),
    "a page of a framework": (('404 "Cannot POST /notes"', "404 {}", "404 {}"), "404"),
    "the error body of the same people's services": (('404 {"error": "no such route"}',) * 3, "404"),
    "no such method": (("405 {}", "404 {}", "405 {}"), "404 or 405"),
    "websockets alone": (("426 {}", "426 {}", "426 {}"), "426"),
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_where_no_call_is_served_that_is_one_reason_and_no_failure(name: str) -> None:
    answers, statuses = ELSEWHERE[name]
    verdicts, missing = judged(*(line % answer for line, answer in zip((ADD, LIST, READ), answers, strict=True)))
    assert failed(verdicts) == set()
    assert "unknown-id-is-not-found" not in {verdict.rule for verdict in verdicts}, "its 404 shows nothing"
    why = {one.reason for one in missing if one.rule == "calls-answer-as-documented"}
    assert len(why) == 1
    assert why.pop().startswith(HINT % (3, statuses))
    caused = {one.reason for one in missing if (one.rule, one.subject) == ("broadcast-arrives", "note:added")}
    assert all(reason.startswith(HINT % (3, statuses)) for reason in caused)
    assert caused


THERE = {
    "a call that works": ("404 {}", '200 {"notes": [], "total": 0}', "404 {}"),
    "a call that is refused": ("404 {}", "401 {}", "404 {}"),
    "a call that fails": ("404 {}", "500 {}", "404 {}"),
}


@pytest.mark.parametrize("name", THERE)
def test_one_call_that_gets_another_answer_makes_every_status_count(name: str) -> None:
    verdicts, missing = judged(*(line % answer for line, answer in zip((ADD, LIST, READ), THERE[name], strict=True)))
    assert ("calls-answer-as-documented", EXAMPLE.calls["add-note"].title) in failed(verdicts)
    assert not [one for one in missing if "no call of the HTTP API" in one.reason]


def test_unknown_ids_that_are_not_found_are_as_documented() -> None:
    verdicts, _ = judged(READ % '404 {"error": "no such note"}')
    assert [v.outcome for v in verdicts if v.rule == "unknown-id-is-not-found"] == [Outcome.PASS]


def test_triggers_of_the_targets_own_are_judged_whatever_the_api_answers() -> None:
    hook = Trigger(event="note:added", method="POST", url="/hook", status=(202,), body={"text": "{text}"})
    made = equipped(EXAMPLE, Triggers(own={"note:added": hook}), (), "targets.it")
    verdicts, missing = judge(EXAMPLE, [script(EXAMPLE, ANN + LIST % "404 {}")], rules(), made)
    assert failed(verdicts) == set()
    reasons = {one.reason for one in missing if (one.rule, one.subject) == ("broadcast-arrives", "note:added")}
    assert not any("no call of the HTTP API" in reason for reason in reasons)


def test_the_terminal_tells_the_reason_once() -> None:
    verdicts, missing = judged(ADD % "404 {}", LIST % "404 {}")
    made = Journal(header=header(), transcripts=(), verdicts=tuple(verdicts), not_exercised=tuple(missing),
                   notes=(), remarks=(), footer=None)  # fmt: skip
    told = " ".join(render([made]).split())
    assert told.count("no call of the HTTP API is served there") == 1
    assert told.count("calls-answer-as-documented: ") == 1
