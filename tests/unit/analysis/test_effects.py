"""Which invalid request brought an effect about."""

import dataclasses

import pytest

from conformance.analysis.effects import effects_of
from tests.unit.scripts import EXAMPLE, PAIR, reading_of

PURPLE, RED = '{"room": "r1", "pen": "purple"}', '{"room": "r1", "pen": "red"}'
BAD = f"@1 ann -> pen:take {PURPLE}\n"
LONG = "twelve chars"

EFFECTS = {
    "signed, and what a valid request of that moment explains": (
        '@1 ann -> cursor:move {"room": "r1", "x": 101}\n@2 ann -> cursor:move {"room": "r1", "x": 5}\n'
        '@2 redis saw cursor:moved r1 board:r1 {"room": "r1", "x": 5, "user": "ua"}\n',
        [],
    ),
    "signed, and what a valid request explains": (
        '@1 ann -> cursor:move {"room": "r1", "x": 101}\n@1.5 ann -> cursor:move {"room": "r1", "x": 5}\n'
        '@2 redis saw cursor:moved r1 board:r1 {"room": "r1", "x": 5, "user": "ua"}\n',
        [],
    ),
    "signed, and a changed delivery": (
        '@1 ann -> cursor:move {"room": "r1", "x": 101}\n@1.5 ann -> cursor:move {"room": "r1", "x": 5}\n'
        '@2 bob <- cursor:moved {"room": "r1", "x": 6, "user": "ua"}\n',
        [],
    ),
    "null": ('@1 ann -> cursor:move {"x": null}\n@2 bob <- cursor:moved {"x": null}\n', [(4, 5, False)]),
    "its values in its room": (BAD + f"@2 bob <- pen:taken {PURPLE}\n", [(4, 5, True)]),
    "before it": (f"@0.5 bob <- pen:taken {PURPLE}\n" + BAD, []),
    "at its very moment": (BAD + f"@1 bob <- pen:taken {PURPLE}\n", [(4, 5, True)]),
    "seen by an observer": (BAD + f"@2 redis saw pen:taken r1 board:r1 {PURPLE}\n", [(4, 5, True)]),
    "another event": (BAD + f"@2 bob <- cursor:moved {PURPLE}\n", []),
    "no payload": (BAD + "@2 bob <- pen:taken\n", []),
    "no object": (BAD + '@2 bob <- pen:taken "purple"\n', []),
    "another room of the act": (BAD + f"@1.5 bob in r2\n@2 bob <- pen:taken {PURPLE.replace('r1', 'r2')}\n", []),
    "a room that a missing id turns into": (
        BAD + f"@1.5 bob in undefined\n@2 bob <- pen:taken {PURPLE.replace('r1', 'undefined')}\n", [(4, 6, False)],
    ),
    "no room": (BAD + '@2 bob <- pen:taken {"pen": "purple"}\n', [(4, 5, False)]),
    "values that were drawn, in another room": (
        f'@1 ann -> pen:take {{"room": "r1", "pen": "{LONG}"}}\n@1.5 bob in r2\n@2 bob <- pen:taken {{"room": "r2", "pen": "{LONG}"}}\n',
        [(4, 6, True)],
    ),
    "values too short to have been drawn, in another room": (
        f'@1 ann -> pen:take {{"room": "r1", "pen": "{LONG[:-1]}"}}\n@1.5 bob in r2\n@2 bob <- pen:taken {{"room": "r2", "pen": "{LONG[:-1]}"}}\n',
        [],
    ),
    "a number that was drawn": (
        '@1 ann -> cursor:move {"x": 101.12345}\n@2 bob <- cursor:moved {"x": 101.12345}\n', [(4, 5, True)],
    ),
    "a plain number": ('@1 ann -> cursor:move {"x": 101.123}\n@2 bob <- cursor:moved {"x": 101.123}\n', [(4, 5, False)]),
    "a whole number": ('@1 ann -> cursor:move {"x": 1234567}\n@2 bob <- cursor:moved {"x": 1234567}\n', [(4, 5, False)]),
    "its user alone": (
        '@1 ann -> cursor:move {"x": 7}\n@2 bob <- cursor:moved {"x": 8, "user": "ua"}\n', [(4, 5, True)],
    ),
    "another user alone": ('@1 ann -> cursor:move {"x": 7}\n@2 bob <- cursor:moved {"x": 8, "user": "ub"}\n', []),
    "nothing in common": (BAD + '@2 bob <- pen:taken {"room": "r1", "pen": "black"}\n', []),
    "nothing given, and nothing there": (
        '@1 ann -> pen:take {"room": "r1"}\n@2 bob <- pen:taken {"room": "r1"}\n', [(4, 5, True)],
    ),
    "nothing given, and all there": (f'@1 ann -> pen:take {{"room": "r1"}}\n@2 bob <- pen:taken {RED}\n', []),
    "nothing given, in no room": ('@1 ann -> pen:take {"room": ""}\n@2 bob <- pen:taken {"room": ""}\n', []),
    "a number as its room": (
        '@0.5 bob in 7\n@1 ann -> pen:take {"room": 7, "pen": "red"}\n@2 bob <- pen:taken {"room": "7", "pen": "red"}\n',
        [(5, 6, True)],
    ),
    "true as its room": (
        '@0.5 bob in True\n@1 ann -> pen:take {"room": true, "pen": "red"}\n@2 bob <- pen:taken {"room": "True", "pen": "red"}\n',
        [],
    ),
    "what a valid request explains": (
        f'@1 ann -> pen:take {{"pen": "red"}}\n@1.5 ann -> pen:take {RED}\n@2 bob <- pen:taken {RED}\n', [],
    ),
    "what a valid request explains, once more": (
        f'@1 ann -> pen:take {{"pen": "red"}}\n@1.5 ann -> pen:take {RED}\n@2 eve <- pen:taken {RED}\n@3 redis saw pen:taken r1 x {RED}\n', [],
    ),
    "what a later valid request does not explain": (
        f'@1 ann -> pen:take {{"room": 1, "pen": "red"}}\n@2 bob <- pen:taken {{"room": "1", "pen": "red"}}\n'
        f'@3 ann -> pen:take {RED.replace("r1", "1")}\n',
        [(4, 5, False)],
    ),
    "what a valid request of another name does not explain": (
        BAD + f'@1.5 ann -> cursor:move {{"room": "r1", "x": 1}}\n@2 bob <- pen:taken {PURPLE[:-1]}, "x": 1}}\n',
        [(4, 6, True)],
    ),
    "a valid request": (f"@1 ann -> pen:take {RED}\n@2 bob <- pen:taken {RED[:-1]}, \"more\": 1}}\n", []),
    "a request without a broadcast": (f'@1 ann -> who {{"pen": "purple"}}\n@2 bob <- pen:taken {PURPLE}\n', []),
    "a request that is no object": (f"@1 ann -> pen:take null\n@2 bob <- pen:taken {PURPLE}\n", []),
    "the name that valid ones have": (
        f"@0.5 bob -> pen:take {RED}\n@0.6 ann <- pen-taken {RED}\n" + BAD + f"@2 bob <- pen-taken {PURPLE}\n",
        [(6, 7, True)],
    ),
    "the name that valid ones have not": (
        f"@0.5 bob -> pen:take {RED}\n@0.6 ann <- pen:taken {RED}\n" + BAD + f"@2 bob <- pen-taken {PURPLE}\n", [],
    ),
    "a name that calls have": (
        '@0.5 http add-note {"room": "r1"} {"text": "x"} => 201 {}\n@0.6 ann <- note-added {"id": "n", "room": "r1", "text": "x", "at": 1}\n'
        + BAD + f"@2 bob <- note-added {PURPLE}\n", [],
    ),
    "of two the one with more in common": (
        '@1 ann -> cursor:move {"room": "r1", "x": 101, "y": 1}\n@1.5 bob -> cursor:move {"room": "r1", "x": 101, "y": 2}\n'
        '@2 bob <- cursor:moved {"room": "r1", "x": 101, "y": 2}\n',
        [(5, 6, True)],
    ),
    "of two the one in the room": (
        f'@1 ann -> pen:take {PURPLE}\n@1.5 bob -> pen:take {{"pen": "purple", "more": 1}}\n'
        '@2 bob <- pen:taken {"room": "r1", "pen": "purple", "more": 1}\n',
        [(4, 6, True)],
    ),
    "of two the one that signed": (
        '@1 ann -> cursor:move {"x": 7}\n@1.5 bob -> cursor:move {"x": 7}\n@2 oda <- cursor:moved {"x": 7, "user": "ub"}\n',
        [(5, 6, True)],
    ),
    "of two the one of which less came out otherwise": (
        '@1 ann -> cursor:move {"room": "r1", "x": 101, "y": 1, "z": 1}\n@1.5 bob -> cursor:move {"room": "r1", "x": 101, "y": 1}\n'
        '@2 bob <- cursor:moved {"room": "r1", "x": 101, "y": 1, "z": 2}\n',
        [(5, 6, True)],
    ),
    "in an envelope": (BAD + f'@2 bob <- pen:taken {{"data": {PURPLE}}}\n', [(4, 5, True)]),
    "true is not one": ('@1 ann -> cursor:move {"x": true}\n@2 bob <- cursor:moved {"x": 1}\n', []),
}  # fmt: skip


@pytest.mark.parametrize("what", EFFECTS)
def test_an_effect_belongs_to_the_request_whose_values_it_carries(what: str) -> None:
    text, expected = EFFECTS[what]
    found = effects_of(reading_of(PAIR + text))
    assert [(index, one.index, one.certain) for index, effects in found.items() for one in effects] == expected


def test_the_certain_effects_of_a_request_come_first() -> None:
    text = PAIR + BAD + f'@2 bob <- pen:taken {{"pen": "purple"}}\n@3 bob <- pen:taken {PURPLE}\n'
    assert [(one.index, one.certain) for one in effects_of(reading_of(text))[4]] == [(6, True), (5, False)]


def test_nothing_lacks_where_no_broadcast_is_documented() -> None:
    gone = {name: event for name, event in EXAMPLE.events.items() if name != "pen:taken"}
    text = PAIR + '@1 ann -> pen:take {"room": "r1"}\n@2 bob <- pen:taken {"room": "r1"}\n'
    assert effects_of(reading_of(text, dataclasses.replace(EXAMPLE, events=gone))) == {}
