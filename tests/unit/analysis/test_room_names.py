"""Where a broadcast was sent and which rooms its members are in, as observers saw it."""

import pytest

from conformance.analysis.room_names import elsewhere, names_for, refers, speaks_of, template_of, unheard, unseen
from conformance.model.transcript import Watcher
from conformance.model.verdict import Outcome
from tests.unit.scripts import EXAMPLE, PAIR, reading_of

RED = '{"room": "r1", "pen": "red"}'
TAKE = f"@1 ann -> pen:take {RED}\n"
RIGHT, WRONG = f"redis saw pen:taken r1 board:r1 {RED}\n", f"redis saw pen:taken r1 board-r1 {RED}\n"
JOINED, JOINED_WRONG = "admin saw socket=b1 board:r1\n", "admin saw socket=b1 board-r1\n"

ELSEWHERE = {
    "nothing was seen": ("", None),
    "sent right": (RIGHT, None),
    "sent wrong": (WRONG, ("board-{room} (seen by redis)", "it was sent to board-{room} (seen by redis)", (5,))),
    "sent to single sockets": (f"redis saw pen:taken r1 b1 {RED}\n", None),
    "sent wrong, and right": (WRONG + RIGHT, None),
    "sent to no room": (f"redis saw pen:taken r1 {RED}\n", None),
    "joined right": (JOINED, None),
    "joined wrong": (
        JOINED_WRONG, ("members in board-{room} (seen by admin)", "its members are in board-{room} (seen by admin)", (5,)),
    ),
    "joined both": ("admin saw socket=b1 board-r1 board:r1\n", None),
    "joined a room that is no subject's": ("admin saw socket=b1 lobby\n", None),
    "joined the room of another subject": ("oda in r2\nadmin saw socket=b1 board-r2\n", None),
    "joined wrong, sent right": (
        JOINED_WRONG + RIGHT,
        ("members in board-{room} (seen by admin), while it was sent to board:{room} (seen by redis)",
         "its members are in board-{room} (seen by admin), while it was sent to board:{room} (seen by redis)", (5, 6)),
    ),
    "joined wrong, sent to single sockets": (
        JOINED_WRONG + f"redis saw pen:taken r1 b1 {RED}\n",
        ("members in board-{room} (seen by admin)", "its members are in board-{room} (seen by admin)", (5,)),
    ),
    "joined wrong, sent wrong": (
        JOINED_WRONG + WRONG.replace("board-r1", "desk-r1"),
        ("members in board-{room} (seen by admin), while it was sent to desk-{room} (seen by redis)",
         "its members are in board-{room} (seen by admin), while it was sent to desk-{room} (seen by redis)", (5, 6)),
    ),
    "joined wrong, and heard": (JOINED_WRONG + f"bob <- pen:taken {RED}\n", None),
    "joined wrong, and heard under another name": (JOINED_WRONG + f"bob <- pen-taken {RED}\n", None),
    "sent wrong, and heard under another name": (WRONG + f"bob <- pen-taken {RED}\n", None),
    "nothing was seen, and heard under another name": (f"bob <- pen-taken {RED}\n", None),
    "the socket of another actor": ("eve opened e1\nadmin saw socket=e1 board-r1\n", None),
    "after it left": ("bob out r1\nadmin saw socket=b1 board-r1\n", None),
}  # fmt: skip


@pytest.mark.parametrize("what", ELSEWHERE)
def test_a_broadcast_that_nobody_received_may_have_gone_elsewhere(what: str) -> None:
    text, expected = ELSEWHERE[what]
    reading = reading_of(PAIR + TAKE + text)
    found = elsewhere(reading, reading.provocations[0])
    assert (found and (found.got, found.what, found.evidence)) == expected
    told = refers(reading, reading.provocations[0], "pen:taken")
    if expected is None:
        assert told is None
    else:
        assert told is not None
        assert told.outcome is Outcome.INCONCLUSIVE
        assert told.message == f"nobody received pen:taken: {expected[1]}; see room-is-named-as-documented"
        assert told.evidence == (4, *expected[2])


UNHEARD = {
    "it was sent": (RIGHT, "nothing at its members, though it was sent to board:{room} (seen by redis)", (4, 5, 9)),
    "it was sent elsewhere first": (WRONG + RIGHT, "nothing at its members, though it was sent to board:{room} (seen by redis)", (4, 6, 9)),
    "another was seen sent": (
        f"ann -> pen:take {RED.replace('red', 'blue')}\nredis saw pen:taken r1 board:r1 {RED.replace('red', 'blue')}\n",
        "silence (no observer saw it sent)", (4, 9),
    ),
    "nothing was seen": ("", "silence, or sent to another room than board:{room}", (4, 9)),
}  # fmt: skip


@pytest.mark.parametrize("what", UNHEARD)
def test_what_observers_saw_of_a_lost_broadcast_is_told(what: str) -> None:
    text, got, evidence = UNHEARD[what]
    reading = reading_of(PAIR + TAKE + text)
    found = unheard(reading, reading.provocations[0], "pen:taken", "expected", "silence", 9)
    assert (found.outcome, found.subject, found.expected, found.got, found.evidence) == (
        Outcome.FAIL, "pen:taken", "expected", got, evidence,
    )  # fmt: skip
    assert bool(found.hint) is (what == "nothing was seen")


@pytest.mark.parametrize(
    ("room", "template"),
    [
        ("board-r1", "board-{room}"), ("board-R1", "board-{room in other letters}"), ("lobby", "lobby (one name for every room)"),
        ("r1", "{room}"), ("r1/x", "{room}/x"),
    ],
)  # fmt: skip
def test_a_name_is_shown_with_the_place_of_its_subject(room: str, template: str) -> None:
    assert template_of(EXAMPLE, room, "r1") == template


def test_letters_of_another_case_are_told() -> None:
    assert template_of(EXAMPLE, "board-ab", "AB") == "board-{room in lower case}"
    assert template_of(EXAMPLE, "board-Ab", "AB") == "board-{room in other letters}"
    assert template_of(EXAMPLE, "board-AB", "AB") == "board-{room}"


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("board:r1", "r1"),
        ("board:r12", "r12"),
        ("board:R1", "r1"),
        ("r1", None),
        ("lobby", None),
        ("R12", "r12"),
        ("r12r1", "r12"),
    ],
)
def test_a_name_speaks_of_the_longest_subject_in_it(name: str, subject: str | None) -> None:
    assert speaks_of(("r1", "r12"), name) == subject
    assert speaks_of(("r12", "r1"), name) == subject
    assert speaks_of(("AB", "ab"), "x:ab") == "ab"


def test_rooms_may_be_called_by_any_usual_separator() -> None:
    names = names_for(EXAMPLE.room, ["r1", "r2"])
    assert names[:9] == [
        "board:r1",
        "board-r1",
        "r1",
        "board_r1",
        "board/r1",
        "board.r1",
        "board#r1",
        "boardr1",
        "board:r2",
    ]
    assert len(names) == 16


WATCHERS = {
    "redis": Watcher(title="Redis", hint="see that observers.redis_url is right"),
    "admin": Watcher(title="the Admin UI", hint="see that observers.admin_namespace is right"),
}
WATCHED = {
    "nothing": ({}, "", "only behaviour was seen, which shows no names", "set observers.redis_url"),
    "nothing, though it was to": ({"blind": ("redis",)}, "", "only behaviour was seen, which shows no names", "the observer that is set"),
    "Redis": ({"watched_by": ("redis",)}, "", "Redis was watched and showed no room", "see that observers.redis_url"),
    "Redis, with other things": (
        {"watched_by": ("redis",)}, "redis saw x r1 y\n", "Redis was watched and showed other rooms only", "see that observers.redis_url",
    ),
    "the Admin UI": ({"watched_by": ("admin",)}, "", "the Admin UI was watched and showed no room", "see that observers.admin_namespace"),
    "the Admin UI, with other things": (
        {"watched_by": ("admin",)}, "admin saw socket=b1 y\n", "the Admin UI was watched and showed other rooms only", "see that observers.admin_namespace",
    ),
    "both": (
        {"watched_by": ("redis", "admin")}, "",
        "Redis was watched and showed no room; the Admin UI was watched and showed no room", "see that observers.redis_url",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WATCHED)
def test_why_no_name_was_seen_is_told_by_what_watched(what: str) -> None:
    changed, text, why, hint = WATCHED[what]
    found = unseen(reading_of(PAIR + text, watchers=WATCHERS, **changed))
    assert found.why == why
    assert found.hint.startswith(hint)
    assert ("observers.admin_namespace" in found.hint) is ("admin" in changed.get("watched_by", ()))


def test_a_transcript_that_only_names_its_observers_gets_a_hint_for_any() -> None:
    found = unseen(reading_of(PAIR, watched_by=("redis",)))
    assert (found.why, found.hint) == (
        "redis was watched and showed no room",
        "check the settings of this observer under [observers] of the target",
    )
