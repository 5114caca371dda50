"""What keeps a rule from accusing an honest service: each guard with a script that is accused without it."""

import pytest

from conformance.judge.judge import judge
from conformance.model.verdict import Outcome
from tests.unit.scripts import EXAMPLE, PAIR, RULES, heard_s, messages, outcomes, reading_of, transcript_of

RED = '{"room": "r1", "pen": "red"}'
NOTE = '{"id": "n1", "room": "r1", "text": "hello", "at": 1}'


def test_a_connection_that_fails_while_the_event_loop_was_stalled_is_no_failure() -> None:
    text = "@0.1 ann opened a1\n@3.0 bob missed could not connect: timed out\n"
    rule = "socket-connects"
    assert outcomes(rule, text) == ["pass", "fail"]
    assert outcomes(rule, text, stalls=((1.0, 0.9),)) == ["pass", "fail"]
    assert outcomes(rule, text, stalls=((1.0, 1.0),)) == ["pass", "inconclusive"]
    assert outcomes(rule, text, stalls=((3.1, 5.0),)) == ["pass", "fail"]


def test_a_stall_does_not_count_as_time_in_which_an_answer_was_due() -> None:
    """The act goes on for 2.5 s: longer than the deadline, but for the stall."""
    text = "@0.1 ann opened a1\n@0.2 ann in r1\n@1.0 bob opened b1\n"
    reading = reading_of(text, ended_s=3.5)
    assert reading.watched(1.0, 2500)
    assert not reading.watched(1.0, 2501)
    stalled = reading_of(text, ended_s=3.5, stalls=((2.0, 0.75),))
    assert not stalled.watched(1.0, 2000)
    assert stalled.watched(1.0, 1750)


JOINS_LATER = """
ann opened a1
bob opened b1
bob in r1
@1.0 http add-note {"room": "r1"} {"text": "hello"} => 201 {}
@1.1 bob <- note:added NOTE
@2.0 ann -> room:enter {"room": "r1"}
""".replace("NOTE", NOTE)


def told(at_s: float) -> str:
    return f"@{at_s} ann <- note:added {NOTE}\n"


FENCED = f"""
@4.0 http add-note {{"room": "r1"}} {{"text": "again"}} => 201 {{}}
@4.1 ann <- note:added {NOTE.replace("hello", "again")}
"""


@pytest.mark.parametrize(
    ("heard", "outcome"),
    [
        (told(2.1) + "@2.2 ann in r1\n", "pass"),  # It had asked: the room's state may be told again.
        ("@2.2 ann in r1\n" + told(2.3), "pass"),
        (told(1.9) + "@2.2 ann in r1\n", "fail"),
    ],
    ids=["asked", "inside", "before it asked"],
)
def test_what_a_member_is_told_again_on_joining_is_no_leak(heard: str, outcome: str) -> None:
    assert outcomes("nothing-before-join", JOINS_LATER + heard + FENCED) == [outcome]


def test_what_a_cause_of_equal_values_explains_is_no_leak() -> None:
    """Both notes have the same text: what ann hears is of the first, given while she was a member."""
    text = f"""
    ann opened a1
    bob opened b1
    ann in r1
    bob in r1
    @1.0 http add-note {{"room": "r1"}} {{"text": "hello"}} => 201 {{}}
    @2.0 ann -> room:exit {{"room": "r1"}}
    @2.1 ann out r1
    @3.0 http add-note {{"room": "r1"}} {{"text": "TEXT"}} => 201 {{}}
    @3.1 bob <- note:added {NOTE}
    @3.2 ann <- note:added {NOTE}
    """
    rule = "nothing-after-leave"
    same = text.replace("TEXT", "hello")
    assert "fail" not in outcomes(rule, same)
    alone = same.replace('@1.0 http add-note {"room": "r1"} {"text": "hello"} => 201 {}', "")
    assert outcomes(rule, alone) == ["fail"]


QUEUED = f"""
ann opened a1
bob opened b1
bob in r1
@1.0 ann -> pen:take {RED}
@1.1 ann -> pen:take {{"room": "r1", "pen": "blue"}}
@2.9 bob <- pen:taken {RED}
@3.5 bob <- pen:taken {{"room": "r1", "pen": "blue"}}
"""


def test_the_deadline_of_an_event_runs_from_the_effect_of_the_event_before_it() -> None:
    """The second took 2.4 s from when it was sent, and 0.6 s from when the service could take it."""
    assert outcomes("delivered-within-deadline", QUEUED) == ["pass", "pass"]
    reading = reading_of(QUEUED)
    assert [one.due_s for one in reading.provocations] == [1.0, 2.9]


def test_what_waited_for_an_event_that_was_late_itself_is_not_called_prompt() -> None:
    """Each comes 2.8 s after its cause, and the second 0.1 s after the first."""
    late = QUEUED.replace("@2.9", "@3.8").replace("@3.5", "@3.9")
    assert outcomes("delivered-within-deadline", late) == ["inconclusive", "inconclusive"]
    assert messages("delivered-within-deadline", late)[-1].startswith("it came soon after the one before")


def test_the_deadline_of_an_event_of_another_socket_runs_from_when_it_was_sent() -> None:
    text = QUEUED.replace("@1.1 ann ->", "@1.1 bob ->")
    assert [one.due_s for one in reading_of(text).provocations] == [1.0, 1.1]
    assert "pass" in outcomes("delivered-within-deadline", text)
    assert outcomes("delivered-within-deadline", text) == ["pass", "inconclusive"]


def test_causes_of_equal_values_are_paired_by_the_sender_that_a_delivery_names() -> None:
    text = """
    ann opened a1 user=ua
    bob opened b1 user=ub
    oda opened o1 user=uo
    oda in r1
    @1.0 ann -> cursor:move {"room": "r1", "x": 1}
    @1.1 bob -> cursor:move {"room": "r1", "x": 1}
    @1.2 oda <- cursor:moved {"room": "r1", "x": 1, "user": "ub"}
    @1.3 oda <- cursor:moved {"room": "r1", "x": 1, "user": "ua"}
    """
    reading = reading_of(text)
    assert heard_s(reading, 1.0, "oda") == [1.3]
    assert heard_s(reading, 1.1, "oda") == [1.2]
    assert outcomes("sender-is-named-truly", text) == ["pass", "pass"]


def test_a_member_whose_connection_broke_is_owed_nothing() -> None:
    text = f"""
    {PAIR}
    @1.0 bob closed service
    @1.1 ann -> pen:take {RED}
    @1.2 ann <- pen:taken {RED}
    @1.3 ann -> who {{"room": "r1"}} #1
    @1.4 ann <= who #1 {{"room": "r1", "sockets": [], "count": 0}}
    """
    reading = reading_of(text)
    assert [reading.inside("bob", "r1", at_s) for at_s in (0.99, 1.0, 5.0)] == ["yes", "unsure", "unsure"]
    assert reading.inside("ann", "r1", 5.0) == "yes"
    assert outcomes("everyone-in-the-room-receives", text) == []
    assert outcomes("roster-is-true", text) == ["fail"]  # Of ann, who is a member, and not of bob.
    assert messages("roster-is-true", text) == ["expected ann, a member, listed once, got 0 times"]


def test_a_warning_of_a_rule_is_no_failure_of_the_run() -> None:
    rule = RULES["no-undocumented-event"]
    assert rule.level is Outcome.WARNING
    verdicts, _ = judge(EXAMPLE, [transcript_of(PAIR + "bob <- pen:dropped {}\n")], [rule])
    assert [(one.subject, one.outcome) for one in verdicts] == [("pen:dropped", Outcome.WARNING)]
    other = RULES["retired-name-is-absent"]
    verdicts, _ = judge(EXAMPLE, [transcript_of(PAIR + "bob <- note:new {}\n")], [other])
    assert [(one.subject, one.outcome) for one in verdicts] == [("note:new", Outcome.FAIL)]
