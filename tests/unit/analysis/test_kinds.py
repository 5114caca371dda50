"""Rooms that are entered by connecting, rooms of numbers, and sockets in other namespaces, as transcripts are read."""

from dataclasses import replace
from pathlib import Path

import pytest

from conformance.model.payload import room_of
from conformance.model.transcript import Acked, Got, Sent
from contracts.load import load
from contracts.parts import part_of
from tests.unit.scripts import EXAMPLE, outcomes, reading_of

HERE = Path(__file__).parents[2] / "cases"
ISOLATED = "rooms-are-isolated"
NEIGHBOUR = """
ann opened a1 user=ua
bob opened b1 user=ub
oda opened o1 user=uo namespace=/other
ann in r1
bob in r1
"""
ADDED = 'http add-note {"room": "r1"} {"text": "hello"} => 201 {}\n'
NOTE = 'note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}\n'
ANSWERED = 'oda -> state {"x": 1} #1\noda <= state #1 {"y": 2}\n'
APART = replace(EXAMPLE, has_neighbours=True)


@pytest.mark.parametrize(
    ("script", "found"),
    [
        (ADDED + "bob <- " + NOTE + ANSWERED, ["pass"]),
        (ADDED + "bob <- " + NOTE + "oda <- " + NOTE, ["fail"]),
        (ADDED + "bob <- " + NOTE, ["inconclusive"]),
        (ADDED + ANSWERED, ["inconclusive"]),
        (ADDED + "bob <- " + NOTE + 'oda <- greeted {"x": 1}\n' + ANSWERED, ["pass"]),
    ],
)
def test_a_socket_in_another_namespace_hears_nothing(script: str, found: list[str]) -> None:
    assert [str(one) for one in outcomes(ISOLATED, NEIGHBOUR + script, APART)] == found


def test_what_another_namespace_sends_is_no_matter_of_these_contracts() -> None:
    reading = reading_of(NEIGHBOUR + 'oda <- greeted {"x": 1}\n' + ANSWERED + "oda <- " + NOTE, APART)
    assert [got.event for _, got in reading.each(Got)] == ["note:added"]
    assert [sent.event for _, sent in reading.each(Sent)] == ["/other state"]
    assert [ack.event for _, ack in reading.each(Acked)] == ["/other state"]


def test_a_join_in_another_namespace_makes_no_member_here() -> None:
    reading = reading_of(NEIGHBOUR + 'oda -> room:enter {"room": "r1"}\n', APART)
    assert reading.inside("oda", "r1", 99) == "no"
    assert reading.inside("ann", "r1", 99) == "yes"


def test_names_of_other_parts_of_the_namespace_are_documented() -> None:
    heard = 'ann opened a1\nann in r1\nann <- lot:bidden {"lot": 7}\n'
    rule = "no-undocumented-event"
    assert [str(one) for one in outcomes(rule, heard, EXAMPLE)] == ["fail"]
    assert [str(one) for one in outcomes(rule, heard, replace(EXAMPLE, elsewhere=frozenset({"lot:bidden"})))] == [
        "pass"
    ]


SEATED = """
@1 ann opened a1 room=7
@1 bob opened b1 room=7
@1 oda opened o1 room=8
@2 ann in 7 ack
@2 bob in 7 ack
@2 oda in 8 ack
@3 ann -> move {"x": 1.2345678}
"""


def test_who_connects_into_a_room_is_a_member_once_that_is_sure_and_as_long_as_it_is_connected() -> None:
    table = part_of(load(str(HERE / "arcade_handshake" / "contracts")), "table")
    reading = reading_of(SEATED + "@4 bob closed us\n", table)
    assert [reading.inside("bob", "7", at_s) for at_s in (0.5, 1.5, 2.5, 5)] == ["no", "unsure", "yes", "unsure"]
    assert reading.inside("oda", "7", 2.5) == "no"


def test_a_number_that_only_a_check_draws_tells_whose_room_it_was_sent_to() -> None:
    table = part_of(load(str(HERE / "arcade_handshake" / "contracts")), "table")
    moved = 'moved {"x": 1.2345678, "by": "p-abcdefghijk1"}\n'
    later = '@5 oda -> move {"x": 7.6543217}\n@6 oda <- moved {"x": 7.6543217, "by": "p-abcdefghijk1"}\n'
    assert {str(one) for one in outcomes(ISOLATED, SEATED + f"@4 bob <- {moved}" + later, table)} <= {
        "pass",
        "inconclusive",
    }
    leaked = SEATED + f"@4 bob <- {moved}@4.1 oda <- {moved}" + later
    assert "fail" in {str(one) for one in outcomes(ISOLATED, leaked, table)}


def test_the_digits_of_an_integer_are_the_room() -> None:
    lot = part_of(load(str(HERE / "auction_rooms" / "contracts")), "lot")
    reading = reading_of('ann opened a1\nann in 1548239776\nann -> lot:bid {"lot": 1548239776, "amount": 3}\n', lot)
    assert [one.room for one in reading.provocations] == ["1548239776"]
    assert reading.provocations[0].echoes == {"lot": "1548239776", "amount": 3}


def test_a_call_enters_the_sockets_that_the_user_has_then() -> None:
    studio = load(str(HERE / "studio_entered_by_call" / "contracts"))
    put = '@2 http put-on-air {"studio": "s1", "user": "ua"} => 200 {"studio": "s1"}\n'
    opened = "@1 ann opened a1 user=ua\n@1 bob opened b1 user=ub\n"
    reading = reading_of(opened + put + "@3 ann in s1 ack\n@4 back opened a2 user=ua\n", studio)
    assert [reading.inside(actor, "s1", 5) for actor in ("ann", "bob", "back")] == ["yes", "no", "no"]
    assert reading.inside("ann", "s1", 2.5) == "unsure"


def test_a_number_names_a_room_where_rooms_are_numbers() -> None:
    lot = part_of(load(str(HERE / "auction_rooms" / "contracts")), "lot")
    assert [room_of(bundle, {bundle.room.key: 7}) for bundle in (lot, EXAMPLE)] == ["7", None]
    assert [room_of(lot, {"lot": value}) for value in (True, 1.5, "7", None)] == [None, None, "7", None]
