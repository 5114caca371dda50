"""Who was in which room, and by which users actors are known."""

import dataclasses

import pytest

from conformance.analysis.membership import Membership, users_of
from conformance.model.payload import id_of, payload_of, room_of, roster_of, rosters
from contracts.replies import Roster
from tests.unit.scripts import EXAMPLE, reading_of, transcript_of, without_requests

NEVER = float("inf")
NOTE = '{"id": "n1", "room": "r1", "text": "hello", "at": 1}'
ROSTER = Roster(members="/sockets", socket="/socket", user="/user")


def stays(text: str) -> list[tuple[str, str, float, float, bool, float, float]]:
    """(actor, room, asked in, in, sure, asked out, out) of each membership."""
    return [(s.actor, s.room, s.asked_in_s, s.in_s, s.sure, s.asked_out_s, s.out_s) for s in reading_of(text).stays]


JOINED = '@1 ann -> room:enter {"room": "r1"}\n@2 ann in r1\n'
ASSUMED = '@1 ann -> room:enter {"room": "r1"}\n@2 ann in r1 assumed\n'

STAYS = {
    "a join that a roster shows": (JOINED, ("ann", "r1", 1, 2, True, NEVER, NEVER)),
    "a mark without a request": ("@2 ann in r1 ack\n", ("ann", "r1", 2, 2, True, NEVER, NEVER)),
    "a join that nothing confirms": (JOINED[:36], ("ann", "r1", 1, NEVER, False, NEVER, NEVER)),
    "a join that is assumed": (ASSUMED, ("ann", "r1", 1, 2, False, NEVER, NEVER)),
    "assumed, then heard": (ASSUMED + f"@3 ann <- note:added {NOTE}", ("ann", "r1", 1, 3, True, NEVER, NEVER)),
    "assumed, and heard at that moment": (
        ASSUMED + f"@2 ann <- note:added {NOTE}", ("ann", "r1", 1, 2, True, NEVER, NEVER),
    ),
    "assumed, and heard as it left": (
        ASSUMED + f'@3 ann -> room:exit {{"room": "r1"}}\n@3 ann <- note:added {NOTE}', ("ann", "r1", 1, 2, False, 3, NEVER),
    ),
    "assumed, then heard twice": (
        ASSUMED + f"@3 ann <- note:added {NOTE}\n@4 ann <- note:added {NOTE}",
        ("ann", "r1", 1, 3, True, NEVER, NEVER),
    ),
    "heard before it is assumed": (
        ASSUMED.replace("@2", f"@1.5 ann <- note:added {NOTE}\n@2"),
        ("ann", "r1", 1, 2, False, NEVER, NEVER),
    ),
    "assumed, and another room heard": (
        ASSUMED + f"@3 ann <- note:added {NOTE.replace('r1', 'r2')}",
        ("ann", "r1", 1, 2, False, NEVER, NEVER),
    ),
    "assumed, and an undocumented event heard": (
        ASSUMED + f"@3 ann <- note {NOTE}",
        ("ann", "r1", 1, 2, False, NEVER, NEVER),
    ),
    "assumed, and heard by another": (
        ASSUMED + f"@3 bob <- note:added {NOTE}",
        ("ann", "r1", 1, 2, False, NEVER, NEVER),
    ),
    "assumed, then shown by a roster": (ASSUMED + "@3 ann in r1", ("ann", "r1", 1, 2, True, NEVER, NEVER)),
    "shown, then assumed": (JOINED + "@3 ann in r1 assumed", ("ann", "r1", 1, 2, True, NEVER, NEVER)),
    "shown, and heard later": (JOINED + f"@3 ann <- note:added {NOTE}", ("ann", "r1", 1, 2, True, NEVER, NEVER)),
    "asked again": (JOINED + '@3 ann -> room:enter {"room": "r1"}', ("ann", "r1", 1, 2, True, NEVER, NEVER)),
    "left": (JOINED + '@3 ann -> room:exit {"room": "r1"}\n@4 ann out r1', ("ann", "r1", 1, 2, True, 3, 4)),
    "closed": (JOINED + '@3 ann -> room:end {"room": "r1"}\n@4 ann out r1', ("ann", "r1", 1, 2, True, 3, 4)),
    "left twice": (
        JOINED + '@3 ann -> room:exit {"room": "r1"}\n@4 ann -> room:exit {"room": "r1"}\n@5 ann out r1',
        ("ann", "r1", 1, 2, True, 3, 5),
    ),
    "out without a request": (JOINED + "@4 ann out r1", ("ann", "r1", 1, 2, True, 4, 4)),
    "left and not yet out": (JOINED + '@3 ann -> room:exit {"room": "r1"}', ("ann", "r1", 1, 2, True, 3, NEVER)),
    "left another room": (JOINED + '@3 ann -> room:exit {"room": "r2"}', ("ann", "r1", 1, 2, True, NEVER, NEVER)),
    "another left": (JOINED + '@3 bob -> room:exit {"room": "r1"}', ("ann", "r1", 1, 2, True, NEVER, NEVER)),
    "a request without membership": (JOINED + '@3 ann -> who {"room": "r1"}', ("ann", "r1", 1, 2, True, NEVER, NEVER)),
    "disconnected": (JOINED + "@3 ann closed us", ("ann", "r1", 1, 2, True, 3, NEVER)),
    "another disconnected": (JOINED + "@3 bob closed us", ("ann", "r1", 1, 2, True, NEVER, NEVER)),
    "removed": (
        "@0.5 ann opened a1 user=ua\n" + JOINED + '@3 http unseat {"room": "r1", "user": "ua"} => 204',
        ("ann", "r1", 1, 2, True, 3, NEVER),
    ),
    "not removed": (
        "@0.5 ann opened a1 user=ua\n" + JOINED + '@3 http unseat {"room": "r1", "user": "ua"} => 500',
        ("ann", "r1", 1, 2, True, NEVER, NEVER),
    ),
    "another user removed": (
        "@0.5 ann opened a1 user=ua\n" + JOINED + '@3 http unseat {"room": "r1", "user": "ub"} => 204',
        ("ann", "r1", 1, 2, True, NEVER, NEVER),
    ),
    "removed from another room": (
        "@0.5 ann opened a1 user=ua\n" + JOINED + '@3 http unseat {"room": "r2", "user": "ua"} => 204',
        ("ann", "r1", 1, 2, True, NEVER, NEVER),
    ),
    "another call with its room and user": (
        "@0.5 ann opened a1 user=ua\n" + JOINED + '@3 http list-notes {"room": "r1", "user": "ua"} => 200',
        ("ann", "r1", 1, 2, True, NEVER, NEVER),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", STAYS)
def test_a_membership_is_read_from_requests_and_marks(what: str) -> None:
    text, expected = STAYS[what]
    assert stays(text) == [expected]


def test_who_comes_back_has_two_memberships() -> None:
    text = (
        JOINED + '@3 ann -> room:exit {"room": "r1"}\n@4 ann out r1\n' + JOINED.replace("@1", "@5").replace("@2", "@6")
    )
    assert stays(text) == [
        ("ann", "r1", 1, 2, True, 3, 4),
        ("ann", "r1", 5, 6, True, NEVER, NEVER),
    ]
    reading = reading_of(text)
    times = (0.9, 1.0, 2.0, 2.9, 3.0, 4.0, 5.0, 6.0)
    assert [reading.inside("ann", "r1", at_s) for at_s in times] == [
        "no", "unsure", "yes", "yes", "unsure", "no", "unsure", "yes",
    ]  # fmt: skip
    assert reading.inside("bob", "r1", 2.0) == "no"
    assert reading.inside("ann", "r2", 2.0) == "no"


@pytest.mark.parametrize("text", ["@3 ann out r1\n", '@3 ann -> room:exit {"room": "r1"}\n', "@3 ann closed us\n",
                                  '@3 ann -> room:enter {"room": 7}\n', '@3 ann -> enter {"room": "r1"}\n'])  # fmt: skip
def test_who_never_joined_has_no_membership(text: str) -> None:
    assert stays(text) == []


@pytest.mark.parametrize(
    ("sure", "at_s", "inside"),
    [
        (True, 0.9, "no"), (True, 1.0, "unsure"), (True, 2.0, "yes"), (False, 2.0, "unsure"), (True, 3.0, "unsure"),
        (False, 0.9, "no"), (True, 4.0, "no"), (False, 4.0, "no"), (True, 3.9, "unsure"),
    ],
)  # fmt: skip
def test_a_membership_is_certain_between_the_two_moments_that_were_made_sure_of(
    sure: bool, at_s: float, inside: str
) -> None:
    stay = Membership(actor="ann", room="r1", asked_in_s=1.0, in_s=2.0, sure=sure, asked_out_s=3.0, out_s=4.0)
    assert stay.at(at_s) == inside


def test_a_room_is_named_by_a_text_alone() -> None:
    assert room_of(EXAMPLE, {"room": "r1"}) == "r1"
    assert [room_of(EXAMPLE, payload) for payload in ({"room": 7}, {"Room": "r1"}, "r1", None, ["r1"])] == [None] * 5
    assert payload_of(("one", "two")) == "one"
    assert payload_of(()) is None


def test_an_id_is_a_text_whatever_it_was_sent_as() -> None:
    assert [id_of(value) for value in ("7", 7, None, True, {"a": 1})] == ["7", "7", None, "true", '{"a": 1}']


@pytest.mark.parametrize(
    ("reply", "members"),
    [
        ({"sockets": [{"socket": "s", "user": "u"}]}, [("s", "u")]),
        ({"sockets": [{"socket": 1, "user": 2}]}, [("1", "2")]),
        ({"sockets": [{"socket": "s"}, "s", None]}, [("s", None), (None, None), (None, None)]),
        ({"sockets": {"socket": "s"}}, []),
        ({"sockets": None}, []),
        ({}, []),
        ([], []),
        (None, []),
    ],
)
def test_a_roster_lists_what_it_tells(reply: object, members: list[tuple[str | None, str | None]]) -> None:
    assert roster_of(ROSTER, reply) == members
    without = dataclasses.replace(ROSTER, user=None)
    assert roster_of(without, reply) == [(socket, None) for socket, _ in members]


TOLD = """
ann opened a1 user=ua
bob opened b1
ann <= who #1 {"room": "r1", "sockets": [{"socket": "b1", "user": "ub"}, {"socket": "x1", "user": "ux"}]}
ann <- who:list {"room": "r1", "sockets": [{"socket": "a1", "user": "other"}, {"socket": "b1"}]}
ann <= room:enter #2 {"sockets": [{"socket": "a1", "user": "no roster"}]}
ann <- note:added {"sockets": [{"socket": "a1", "user": "no roster"}]}
ann -> who {"sockets": [{"socket": "a1", "user": "no roster"}]}
"""


def test_a_user_is_known_by_its_token_or_by_a_roster() -> None:
    entries = transcript_of(TOLD).entries
    assert users_of(EXAMPLE, entries) == {"ann": {"ua", "other"}, "bob": {"ub"}}
    assert users_of(without_requests("who"), entries) == {"ann": {"ua"}}
    assert [index for index, _ in rosters(EXAMPLE, entries)] == [2, 3]
    assert list(rosters(without_requests("who"), entries)) == []
