"""What observers saw sent of each cause, and broadcasts under other names."""

import dataclasses

import pytest

from contracts.load import load
from tests.unit.scripts import EXAMPLE, PAIR, reading_of

RED, BLUE = '{"room": "r1", "pen": "red"}', '{"room": "r1", "pen": "blue"}'
TAKES = f"@1 ann -> pen:take {RED}\n@2 ann -> pen:take {BLUE}\n"

SEEN = {
    "its values": (f"@3 redis saw pen:taken r1 board:r1 {BLUE}\n", {5: [6]}),
    "nobody's values": ('@3 redis saw pen:taken r1 board:r1 {"room": "r1", "pen": "RED"}\n', {4: [6], 5: [6]}),
    "no values, as older journals have it": ("@3 redis saw pen:taken r1 board:r1\n", {4: [6], 5: [6]}),
    "before its cause": (f"@0.5 redis saw pen:taken r1 board:r1 {RED}\n", {}),
    "as it was caused": (f"@1 redis saw pen:taken r1 board:r1 {RED}\n", {4: [6]}),
    "before the second": ("@1.5 redis saw pen:taken r1 board:r1\n", {4: [6]}),
    "another event": (f"@3 redis saw cursor:moved r1 board:r1 {RED}\n", {}),
    "another room": (f"@3 redis saw pen:taken r2 board:r2 {RED}\n", {}),
    "under a name that nobody documents": (f"@3 redis saw pen-taken r1 board:r1 {RED}\n", {4: [6]}),
    "under such a name with nobody's values": ('@3 redis saw pen-taken r1 board:r1 {"room": "r1"}\n', {}),
    "a socket's rooms": ("@3 admin saw socket=a1 board:r1\n", {}),
    "twice": (f"@3 redis saw pen:taken r1 a {RED}\n@4 redis saw pen:taken r1 b {RED}\n", {4: [6, 7]}),
}


@pytest.mark.parametrize("what", SEEN)
def test_a_publication_is_of_the_causes_whose_values_it_carries(what: str) -> None:
    text, expected = SEEN[what]
    publications = reading_of(PAIR + TAKES + text).publications
    assert {cause[0]: [one.index for one in made] for cause, made in publications.items()} == expected


def test_a_cause_with_nothing_but_a_room_is_not_known_under_another_name() -> None:
    typing = 'ann -> message:typing:stop {"sosId": "r1"}\n'
    reading = reading_of(PAIR + typing + 'redis saw typing:stopped r1 sos:r1 {"sosId": "r1"}\n', load("sos"))
    assert reading.publications == {}


def test_a_publication_tells_where_it_went_and_who_saw_it() -> None:
    text = f"@3 redis saw pen:taken r1 a1 board:r1 {RED}\n@4 admin saw pen:taken r1 board:r1 {RED}\n"
    ((_, (first, second)),) = reading_of(PAIR + TAKES + text).publications.items()
    assert (first.rooms, first.to_sockets, first.via) == (("a1", "board:r1"), True, "redis")
    assert (second.rooms, second.to_sockets, second.via) == (("board:r1",), False, "admin")


NAMES = {
    "a name like it": (f"@2 bob <- pen-taken {RED}\n", 5),
    "a name unlike it that carries all": (f"@2 bob <- zzzz {RED}\n", 5),
    "a name unlike it, of another schema": ('@2 bob <- zzzz {"room": "r1", "pen": "red", "more": 1}\n', 5),
    "before it": (f"@0.5 bob <- pen-taken {RED}\n", None),
    "as it was caused": (f"@1 bob <- pen-taken {RED}\n", 5),
    "other values": (f"@2 bob <- pen-taken {BLUE}\n", None),
    "the most alike of several": (f"@2 bob <- zzzz {RED}\n@3 bob <- pen:take:n {RED}\n@4 bob <- pn {RED}\n", 6),
    "the first of several": (f"@2 bob <- pen-taken {RED}\n@3 bob <- pen-taken {RED}\n", 5),
}


@pytest.mark.parametrize("what", NAMES)
def test_a_renamed_broadcast_is_the_one_most_like_it(what: str) -> None:
    text, expected = NAMES[what]
    reading = reading_of(PAIR + f"@1 ann -> pen:take {RED}\n" + text)
    assert reading.renamed(reading.provocations[0]) == expected


TYPED = {
    "a name like it": ('bob <- message:typing:stopped {"sosId": "r1", "userId": "ua"}\n', 5),
    "a name unlike it": ('bob <- zzzz {"sosId": "r1", "userId": "ua"}\n', None),
    "a name like it, in another room": ('bob <- message:typing:stopped {"sosId": "r2", "userId": "ua"}\n', None),
    "the least alike first": (
        'bob <- message:xxxxxx:xxxx {"sosId": "r1"}\nbob <- message:typing:stopped {"sosId": "r1"}\n', 6,
    ),
    "the least alike last": (
        'bob <- message:typing:stopped {"sosId": "r1"}\nbob <- message:xxxxxx:xxxx {"sosId": "r1"}\n', 5,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", TYPED)
def test_what_carries_nothing_but_its_room_has_to_have_a_name_like_it(what: str) -> None:
    text, expected = TYPED[what]
    reading = reading_of(PAIR + 'ann -> message:typing:stop {"sosId": "r1"}\n' + text, load("sos"))
    assert reading.renamed(reading.provocations[0]) == expected


def test_a_broadcast_that_does_not_echo_its_room_has_to_name_it_under_another_name() -> None:
    taken = EXAMPLE.events["pen:taken"]
    assert taken.broadcast is not None
    short = dataclasses.replace(taken, broadcast=dataclasses.replace(taken.broadcast, echoes=("pen",)))
    bundle = dataclasses.replace(EXAMPLE, events={**EXAMPLE.events, "pen:taken": short})
    for room, name, expected in (("r1", "pen-taken", 5), ("r2", "pen-taken", None), ("r1", "zzzz", None)):
        text = PAIR + f'@1 ann -> pen:take {RED}\n@2 bob <- {name} {{"room": "{room}", "pen": "red"}}\n'
        reading = reading_of(text, bundle)
        assert reading.renamed(reading.provocations[0]) == expected


def test_a_payload_that_breaks_the_schema_has_to_have_a_name_like_it() -> None:
    """Every echoed value is there; the schema of a cursor asks for a user besides."""
    move = PAIR + '@1 ann -> cursor:move {"room": "r1", "x": 1}\n'
    lacking = '{"room": "r1", "x": 1}'
    for name, expected in (("cursor-moved", 5), ("zzzz", None)):
        reading = reading_of(move + f"bob <- {name} {lacking}\n")
        assert reading.renamed(reading.provocations[0]) == expected


FLAGS = {
    "its arguments": ('"one" "d1" {"mast": 1.5}', 3),
    "the arguments of another": ('"two" "d1" {"mast": 1.5}', None),
    "the arguments of another room": ('"one" "d2" {"mast": 1.5}', None),
    "an object": ('{"flag": "one", "mast": 1.5}', None),
}


@pytest.mark.parametrize("what", FLAGS)
def test_arguments_that_are_no_object_are_recognised_under_another_name(what: str) -> None:
    heard, expected = FLAGS[what]
    opened = "ann opened a1\nbob opened b1\n"
    sent = '@1 ann -> signal "one" {"deck": "d1", "mast": 1.5}\n'
    reading = reading_of(f"{opened}{sent}@2 bob <- signaled {heard}\n", load("tests/cases/ferry_arguments/contracts"))
    assert reading.renamed(reading.provocations[0]) == expected
