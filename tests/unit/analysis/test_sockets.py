"""What is due since sockets connected and disconnected, and what nobody is owed for it."""

import dataclasses

import pytest

from conformance.analysis.reading import Reading, read
from conformance.analysis.script import script
from conformance.judge.rule import rules
from conformance.model.verdict import Outcome
from contracts.load import load

MORE = load("example-more")
RULES = {rule.id: rule for rule in rules()}
LATER = """
@9.0 bob -> who {"room": "r1"} #8
bob <= who #8 {"room": "r1", "sockets": [], "count": 0}
@9.1 bob -> who {"room": "r1"} #9
bob <= who #9 {"room": "r1", "sockets": [], "count": 0}
"""
GREETED = 'bob opened b1 user=ub token=own\nbob <- welcome {"version": "1"}\n'
BOARD = "ann opened a1 user=ua token=own\nbob opened b1 user=ub token=own\nann in r1\nbob in r1\n"


def reading_of(text: str) -> Reading:
    return read(MORE, script(MORE, text))


def outcomes(rule: str, subject: str, text: str) -> list[Outcome]:
    found = RULES[rule].judge(reading_of(text))
    return [finding.outcome for finding in found if finding.subject == subject]


def due(text: str, event: str) -> list[tuple[str | None, bool]]:
    return [(one.sender, one.maybe) for one in reading_of(text).provocations if one.event == event]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GREETED, [Outcome.PASS]),
        ("bob opened b1 user=ub token=own\n" + LATER, [Outcome.FAIL]),
        ("bob opened b1 user=ub token=own\n", [Outcome.INCONCLUSIVE]),
        ("bob opened b1 token=forged\n" + LATER, []),
        (
            GREETED + 'bob closed service\nben opened b1 resumes=bob offset=o\n@9 ben -> who {"room": "r1"} #1\n',
            [Outcome.PASS],
        ),
    ],
    ids=[
        "greeted",
        "not greeted, and it hears",
        "not greeted, and nothing shows it",
        "forged token",
        "resumed session",
    ],
)
def test_each_socket_that_connects_is_owed_its_greeting(text: str, expected: list[Outcome]) -> None:
    assert outcomes("broadcast-arrives", "welcome", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GREETED + "ann opened a1\n" + 'ann <- welcome {"version": "1"}\n', [Outcome.PASS, Outcome.PASS]),
        (GREETED + 'bob <- welcome {"version": "1"}\n', [Outcome.FAIL]),
    ],
    ids=["one each", "twice at one"],
)
def test_a_greeting_comes_once_to_each_socket(text: str, expected: list[Outcome]) -> None:
    assert outcomes("delivered-exactly-once", "welcome", text) == expected


GONE = 'ann closed us\nann out r1\nbob <- guest:left {"room": "r1", "user": "ua"}\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BOARD + GONE, [Outcome.PASS]),
        (BOARD + "ann closed us\nann out r1\n" + LATER, [Outcome.FAIL]),
        (BOARD + "ann closed service transport close\n" + LATER, []),
        (BOARD + 'ann -> board:leave {"room": "r1"}\nbob <- guest:left {"room": "r1", "user": "ua"}\n', [Outcome.PASS]),
        (
            BOARD
            + 'ann -> board:leave {"room": "r1"}\nann out r1\nbob <- guest:left {"room": "r1", "user": "ua"}\n'
            + "@1 ann closed us\n"
            + LATER,
            [Outcome.PASS],
        ),
    ],
    ids=["told", "not told", "lost without a goodbye", "left", "disconnected after it had left"],
)
def test_a_member_that_disconnects_is_told_of_to_who_stays(text: str, expected: list[Outcome]) -> None:
    assert outcomes("broadcast-arrives", "guest:left", text) == expected


def test_who_connects_while_another_does_need_not_hear_of_it() -> None:
    reading = reading_of("bob opened b1\nann opened a1\n")
    first, second = (one for one in reading.provocations if one.event == "guest:came")
    early = dataclasses.replace(second, since_s=0.005)
    assert list(reading.members(second)) == ["bob"]
    assert reading.is_owed(second, "bob")
    assert not reading.is_owed(early, "bob")
    assert list(reading.members(first)) == []


def test_what_follows_a_broadcast_is_due_once_that_was_heard() -> None:
    wiped = BOARD + 'ann -> board:wipe {"room": "r1", "by": "x"}\n'
    assert due(wiped, "board:logged") == []
    heard = wiped + '@1.5 bob <- board:wiped {"room": "r1", "by": "x"}\n'
    (one,) = (one for one in reading_of(heard).provocations if one.event == "board:logged")
    assert one.due_s == 1.5
    assert outcomes("broadcast-arrives", "board:logged", heard + LATER) == [Outcome.FAIL]


def test_of_several_broadcasts_of_a_cause_the_missing_one_is_told_once() -> None:
    text = BOARD + 'ann -> board:wipe {"room": "r1", "by": "x"}\nbob <- board:wiped {"room": "r1", "by": "x"}\n'
    text += LATER.replace("bob", "ann") + LATER.replace("#8", "#18").replace("#9", "#19").replace("@9", "@9.5")
    text = text.replace("@9.5.0", "@9.5").replace("@9.5.1", "@9.6")
    assert Outcome.FAIL in outcomes("broadcast-arrives", "board:state", text)
    assert Outcome.FAIL not in outcomes("request-has-its-effect", "board:wipe", text)


def test_a_scheduled_broadcast_is_no_repetition_and_nothing_that_a_bad_request_did() -> None:
    ticks = 'bob <- board:tick {"room": "r1", "tick": 1}\n' * 3
    assert outcomes("delivered-exactly-once", "board:tick", BOARD + ticks) == []
    assert outcomes("no-undocumented-event", "every name seen", BOARD + ticks) == [Outcome.PASS]


def test_causes_that_are_alike_are_told_apart_by_whom_their_broadcasts_name() -> None:
    twice = 'ann -> board:wipe {"room": "r1", "by": "x"}\nbob -> board:wipe {"room": "r1", "by": "x"}\n'
    both = twice + 'ann -> board:leave {"room": "r1"}\nbob -> board:leave {"room": "r1"}\n'
    heard = BOARD + both + 'bob <- board:wiped {"room": "r1", "by": "x"}\n'
    reading = reading_of(heard)
    distinct = {event: {reading.is_distinct(p) for p in reading.provocations if p.event == event} for event in EVENTS}
    assert distinct == {"board:wiped": {False}, "guest:left": {True}}


EVENTS = ("board:wiped", "guest:left")
