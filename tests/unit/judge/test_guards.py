"""Conditions under which a judgement says less: each has a test that fails without it."""

import dataclasses

import msgspec
import pytest

from conformance.analysis.script import script
from conformance.judge import recorded
from conformance.judge.recorded import judge_recorded
from conformance.judge.rule import record_rules
from conformance.judge.sufficiency import doubt
from conformance.judge.unserved import as_served
from conformance.model.verdict import NotExercised, Outcome, Verdict
from conformance.target.triggers import Equipped, Triggers, equipped
from contracts.load import load
from contracts.model import Bundle
from contracts.trigger import Trigger
from tests.unit.scripts import EXAMPLE, without_requests

MORE = load("example-more")
ENTER = 'ann opened a1\nann -> room:enter {"room": "r1"} #1\n'


def verdict(outcome: Outcome) -> Verdict:
    return Verdict(rule="r", subject="s", transport="websocket", outcome=outcome, message="m", clause="", source="")


def missing(reason: str, *, left_out: bool = False) -> NotExercised:
    return NotExercised(rule="r", subject="s", transport="websocket", reason=reason, left_out=left_out)


def said(text: str, bundle: Bundle = EXAMPLE) -> str:
    told = doubt(bundle, [script(bundle, text)], [verdict(Outcome.PASS)], (), least_percent=0, whole=True)
    return told.removeprefix("no socket became a member of a room: ")


UNJOINED = {
    "a bad token was refused, as it has to be": ("ann refused forged NOT_YOURS\n", EXAMPLE, "none could connect"),
    "a good one and a bad one": (
        "ann refused forged NOT_YOURS\nann refused forged NOT_YOURS\nbob refused own CLOSED\n", EXAMPLE,
        'none could connect (refused with "CLOSED")',
    ),
    "the commonest refusal": (
        "ann refused own FULL\nbob refused own CLOSED\neve refused own CLOSED\n", EXAMPLE, 'none could connect (refused with "CLOSED")',
    ),
    "no request enters a room": (
        "ann opened a1\n", without_requests("room:enter"),
        "the contracts have no request that enters one (`effect`: `membership`: `enter`)",
    ),
    "no join was sent": ("ann opened a1\n", EXAMPLE, "no join was sent"),
    "an ack": (
        ENTER + 'ann <= room:enter #1 {"ok": false}\nann <- problem {"code": "X"}\n', EXAMPLE,
        '1 of 1 joins (room:enter) were answered with {"ok": false}',
    ),
    "an ack of two arguments": (
        ENTER + 'ann <= room:enter #1 "no" 7\n', EXAMPLE, '1 of 1 joins (room:enter) were answered with ["no", 7]',
    ),
    "the ack of another's join": (
        ENTER + 'bob opened b1\nbob <= room:enter #1 {"ok": false}\n', EXAMPLE,
        "none of 1 joins (room:enter) was answered, and nothing was heard in their rooms",
    ),
    "the ack of another request": (
        ENTER + 'ann <= who #2 {"ok": false}\n', EXAMPLE,
        "none of 1 joins (room:enter) was answered, and nothing was heard in their rooms",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", UNJOINED)
def test_why_nobody_became_a_member(what: str) -> None:
    text, bundle, expected = UNJOINED[what]
    assert said(text, bundle) == expected


def test_one_of_several_that_were_assumed_is_enough() -> None:
    heard = 'bob <- pen:taken {"room": "r1", "pen": "red"}\n'
    text = ENTER + "ann in r1 assumed\n" + 'bob opened b1\nbob -> room:enter {"room": "r1"}\nbob in r1 assumed\n'
    assert said(text + heard) == ""
    assert said(text).startswith("none of 2 joins")


def test_what_was_left_out_is_no_reason_why_nothing_was_seen() -> None:
    reasons = [missing("left out", left_out=True), missing("left out", left_out=True), missing("it never came")]
    told = doubt(EXAMPLE, [script(EXAMPLE, "ann opened a1\n")], [], reasons, least_percent=0, whole=True)
    assert told == "nothing was verified; the commonest reason, 1 time: it never came"


def test_a_warning_and_a_known_failure_are_verified_too() -> None:
    for outcome in (Outcome.WARNING, Outcome.KNOWN):
        joined = [script(EXAMPLE, ENTER + "ann in r1\n")]
        assert doubt(EXAMPLE, joined, [verdict(outcome)], (), least_percent=0, whole=True) == ""
        both = [verdict(Outcome.PASS), verdict(outcome)]
        assert doubt(EXAMPLE, joined, both, (), least_percent=0, whole=True) == ""


CALLS = 'http list-notes {"room": "r1"} => 404 {}\n'


def served(bundle: Bundle, text: str = CALLS) -> Equipped:
    return as_served(Equipped(bundle=bundle, reasons={}), [script(bundle, text)])


def test_where_no_call_is_served_only_what_calls_cause_is_not_exercised() -> None:
    made = served(EXAMPLE)
    calls = {call.title for call in EXAMPLE.calls.values() if call.trigger is None}
    assert set(made.reasons) == {*calls, "note:added"}
    assert len({*made.reasons.values(), made.otherwise}) == 1
    assert made.bundle.calls == {}
    note, pen = made.bundle.broadcast("note:added"), made.bundle.broadcast("pen:taken")
    assert note is not None
    assert note.caused_by_call is None
    assert pen == EXAMPLE.broadcast("pen:taken")


def test_a_trigger_of_the_targets_own_is_still_exercised() -> None:
    hook = Trigger(event="note:added", method="POST", url="/hook", status=(202,), body={"text": "{text}"})
    own = equipped(EXAMPLE, Triggers(own={"note:added": hook}), (), "targets.it")
    made = as_served(own, [script(own.bundle, CALLS)])
    (left,) = made.bundle.calls.values()
    assert left.trigger is not None
    assert left.title not in made.reasons
    assert "note:added" not in made.reasons
    assert made.bundle.broadcast("note:added") == own.bundle.broadcast("note:added")


def test_what_an_event_causes_as_well_is_exercised_without_the_call() -> None:
    note = EXAMPLE.events["note:added"]
    assert note.broadcast is not None
    both = dataclasses.replace(note, broadcast=dataclasses.replace(note.broadcast, caused_by_event="pen:take"))
    made = served(dataclasses.replace(EXAMPLE, events={**EXAMPLE.events, "note:added": both}))
    assert "note:added" not in made.reasons
    assert made.bundle.broadcast("note:added").caused_by_call is None  # type: ignore[union-attr]


def test_a_target_to_which_no_call_was_made_is_as_it_was() -> None:
    whole = Equipped(bundle=EXAMPLE, reasons={})
    assert as_served(whole, [script(EXAMPLE, "ann opened a1\n")]) is whole
    assert as_served(whole, []) is whole


def test_a_rule_that_cannot_judge_a_recording_says_nothing_of_it() -> None:
    ack = next(rule for rule in record_rules() if rule.id == "reply-comes-once")
    text = ENTER + 'ann <= room:enter #1 {"room": "r1", "entered": true}\n' * 2
    transcript = msgspec.structs.replace(script(EXAMPLE, text), namespace="/")
    assert [one.outcome for one in judge_recorded(EXAMPLE, [transcript], [ack])[0]] == [Outcome.FAIL]
    assert judge_recorded(EXAMPLE, [transcript], [dataclasses.replace(ack, recorded=None)]) == ([], [])


def test_a_recording_that_was_cut_is_no_success_whatever_it_saw() -> None:
    assert recorded.doubt([verdict(Outcome.PASS)]) == ""
    assert recorded.doubt([verdict(Outcome.PASS)], cut="the disk is full") == "the disk is full"
    assert recorded.doubt([verdict(Outcome.FAIL)]) == "nothing was verified: no event and no call passed"


def test_a_namespace_of_which_nothing_was_recorded_is_not_named() -> None:
    empty = msgspec.structs.replace(script(EXAMPLE, ""), namespace="/other")
    assert recorded.unjudged(EXAMPLE, [empty]) == []


def test_the_commonest_refusal_is_told_alone() -> None:
    text = "ann refused own FULL\nbob refused own CLOSED\neve refused own FULL\n"
    assert said(text) == 'none could connect (refused with "FULL")'
