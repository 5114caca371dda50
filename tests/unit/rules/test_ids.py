"""Rules about several rooms, ids that are alike and names of rooms: what they accuse, and what keeps them silent."""

import dataclasses

import pytest

from conformance.analysis.queries import LATER
from tests.unit.scripts import EXAMPLE, PAIR, messages, outcomes

SEVERAL, SIMILAR, ROOM_NAMES, RETIRED = (
    "several-rooms-on-one-socket",
    "similar-ids-do-not-mix",
    "room-is-named-as-documented",
    "retired-request-does-nothing",
)
RED = '{"room": "r1", "pen": "red"}'


def added(text: str, room: str) -> str:
    return f'http add-note {{"room": "{room}"}} {{"text": "{text}"}} => 201 {{}}\n'


def heard(actor: str, text: str, room: str) -> str:
    return f'{actor} <- note:added {{"id": "n-{text}", "room": "{room}", "text": "{text}", "at": 1}}\n'


TWO = "ann opened a1\nann in r1\nann in r2\n"
BOTH = TWO + added("a", "r1") + heard("ann", "a", "r1") + added("b", "r2") + heard("ann", "b", "r2")
ONE = TWO + added("a", "r1") + added("b", "r2") + heard("ann", "b", "r2")
ERROR = 'ann <- problem {"code": "X"}\n'

ROOMS = {
    "a third room, which it left": (TWO + "ann in r3\n" + added("a", "r3") + "ann out r3\n" + LATER, []),
    "both are heard": (BOTH, ["pass", "pass"]),
    "one is heard": (ONE + LATER, ["fail", "pass"]),
    "one is heard, and nothing later": (ONE, ["inconclusive", "pass"]),
    "none is heard": (TWO + added("a", "r1") + added("b", "r2") + LATER, ["inconclusive", "inconclusive"]),
    "another event of the other is heard": (
        TWO + added("a", "r1") + 'ann -> pen:take {"room": "r2", "pen": "red"}\nann <- pen:taken {"room": "r2", "pen": "red"}\n' + LATER,
        ["inconclusive", "pass"],
    ),
    "others hear it": (PAIR + "ann in r2\n" + added("a", "r1") + heard("bob", "a", "r1") + LATER, ["fail"]),
    "in one room": ("ann opened a1\nann in r1\n" + added("a", "r1") + LATER, []),
    "in one room at a time": ("ann opened a1\nann in r2\nann out r2\nann in r1\n" + added("a", "r1") + LATER, []),
    "two sockets in a room each": ("ann opened a1\nbob opened b1\nann in r1\nbob in r2\n" + added("a", "r1") + LATER, []),
    "a room that is only assumed": ("ann opened a1\nann in r1\nann in r2 assumed\n" + added("a", "r1") + LATER, []),
    "a third room": (TWO + added("a", "r3") + LATER, []),
    "before it was in both": ("ann opened a1\n" + added("a", "r1") + "ann in r1\nann in r2\n" + LATER, []),
    "a broadcast that its sender is not to hear": (
        TWO + 'ann -> cursor:move {"room": "r1", "x": 1}\n' + LATER, [],
    ),
    "a request that was refused": (
        TWO + f"ann -> pen:take {RED}\n" + ERROR + 'ann -> pen:take {"room": "r2", "pen": "red"}\nann <- pen:taken {"room": "r2", "pen": "red"}\n' + LATER,
        ["inconclusive", "pass"],
    ),
    "a request that was refused, and heard": (TWO + f"ann -> pen:take {RED}\n" + ERROR + f"ann <- pen:taken {RED}\n", ["pass"]),
}  # fmt: skip


@pytest.mark.parametrize("what", ROOMS)
def test_a_socket_can_be_in_several_rooms(what: str) -> None:
    text, expected = ROOMS[what]
    assert outcomes(SEVERAL, text) == expected


def test_what_is_heard_of_one_room_alone_is_told() -> None:
    assert messages(SEVERAL, ONE + LATER)[0] == (
        "expected note:added of every room that ann joined, got that of 'r2' alone"
    )


def test_rooms_that_nobody_hears_for_their_ids_are_a_matter_of_their_own() -> None:
    digits = "123456789012345001"
    text = (
        f"ann opened a1\nann in r1\nann in {digits}\n" + added("b", "r1") + heard("ann", "b", "r1") + added("a", digits)
    )
    assert outcomes(SEVERAL, text + LATER) == []


A, B = "r-1", "r-12"
APART = f"ann opened a1\nann in {A}\noda opened o1\noda in {B}\n"
FIRST = added("a", A) + heard("ann", "a", A)
SECOND = added("b", B) + heard("oda", "b", B)
SERVED = (
    '@20 oda -> who {"room": "r-9"} #8\noda <= who #8 {"room": "r-9", "sockets": [], "count": 0}\n'
    '@21 oda -> who {"room": "r-9"} #9\noda <= who #9 {"room": "r-9", "sockets": [], "count": 0}\n'
)

IDS = {
    "nobody could connect": ("ann refused own unauthorized\n" + added("a", A) + added("b", B), []),
    "one of two was sent elsewhere": (
        APART + FIRST + added("b", B) + added("c", B) + f'redis saw note:added {B} board-{B} {{"room": "{B}", "text": "c"}}\n' + SERVED,
        ["pass", "inconclusive"],
    ),
    "another event at one who asked for it": (
        APART + f'oda -> room:enter {{"room": "{B}"}}\noda <- hello {{}}\n' + FIRST + added("b", B) + SERVED, ["pass", "fail"],
    ),
    "apart": (APART + FIRST + SECOND + added("c", A) + heard("ann", "c", A), ["pass", "pass"]),
    "mixed": (APART + FIRST + heard("oda", "a", A) + SECOND + added("c", A) + heard("ann", "c", A), ["fail", "pass"]),
    "not fenced": (APART + FIRST + SECOND, ["pass", "inconclusive"]),
    "not alike": ((APART + FIRST + heard("oda", "a", A) + SECOND).replace(B, "r-2"), []),
    "in both": (f"ann opened a1\nann in {A}\nann in {B}\n" + FIRST + added("b", B) + heard("ann", "b", B), ["inconclusive"] * 2),
    "at one who is in neither": (APART + FIRST + SECOND + "eve opened e1\n" + heard("eve", "a", A), ["pass", "inconclusive"]),
    "one room is not heard": (APART + FIRST + added("b", B) + SERVED, ["pass", "fail"]),
    "one room is heard by one who is in neither": (
        APART + "eve opened e1\neve in r3\n" + FIRST + added("b", B) + heard("eve", "b", B) + SERVED, ["pass", "fail"],
    ),
    "one room is not heard, which may be late": (APART + FIRST + added("b", B), ["inconclusive"] * 2),
    "one room is not heard, and the other is not either": (APART + added("a", A) + added("b", B) + SERVED, ["inconclusive"] * 2),
    "one room is not heard, and another event is": (
        APART + f'ann -> pen:take {{"room": "{A}", "pen": "red"}}\nann <- pen:taken {{"room": "{A}", "pen": "red"}}\n' + added("b", B) + SERVED,
        ["pass", "inconclusive"],
    ),
    "one room is not heard, and only a call of the other is": (
        APART + FIRST + f'oda -> pen:take {{"room": "{B}", "pen": "red"}}\n' + SERVED, ["pass", "inconclusive"],
    ),
    "one room is not heard by who came later": (
        f"ann opened a1\nann in {A}\noda opened o1\n" + FIRST + added("b", B) + f"oda in {B}\n" + SERVED, ["inconclusive"] * 2,
    ),
    "one room is not heard by who had left": (
        APART + FIRST + f'oda -> room:exit {{"room": "{B}"}}\n' + added("b", B) + SERVED, ["pass", "inconclusive"],
    ),
    "an error at one who asked for it": (
        APART + f'oda -> room:enter {{"room": "{B}"}}\noda <- problem {{}}\n' + FIRST + added("b", B) + SERVED, ["pass", "inconclusive"],
    ),
    "an error at another": (
        APART + f'oda -> room:enter {{"room": "{B}"}}\nann <- problem {{}}\n' + FIRST + added("b", B) + SERVED, ["pass", "fail"],
    ),
    "an error at one who asked for another": (
        APART + f'oda -> room:enter {{"room": "{A}x"}}\noda <- problem {{}}\n' + FIRST + added("b", B) + SERVED, ["pass", "fail"],
    ),
    "an error at one who emitted something unknown": (
        APART + f'oda -> other {{"room": "{B}"}}\noda <- problem {{}}\n' + FIRST + added("b", B) + SERVED, ["pass", "fail"],
    ),
    "an ack that refuses it": (
        APART + f'oda -> room:enter {{"room": "{B}"}} #1\noda <= room:enter #1 {{"entered": false}}\n' + FIRST + added("b", B) + SERVED,
        ["pass", "inconclusive"],
    ),
    "an ack that takes it": (
        APART + f'oda -> room:enter {{"room": "{B}"}} #1\noda <= room:enter #1 {{"room": "{B}", "entered": true}}\n' + FIRST + added("b", B) + SERVED,
        ["pass", "fail"],
    ),
    "an ack without a payload": (
        APART + f'oda -> room:enter {{"room": "{B}"}} #1\noda <= room:enter #1\n' + FIRST + added("b", B) + SERVED, ["pass", "fail"],
    ),
    "an ack of a request without one": (
        APART + f'oda -> pen:take {{"room": "{B}", "pen": "red"}} #1\noda <= pen:take #1 {{"taken": false}}\n' + FIRST + added("b", B) + SERVED,
        ["pass", "fail"],
    ),
    "an ack of an unknown request": (
        APART + f'oda -> room:enter {{"room": "{B}"}} #1\noda <= other #1 {{"left": false}}\n' + FIRST + added("b", B) + SERVED,
        ["pass", "fail"],
    ),
    "an ack at another": (
        APART + f'oda -> room:enter {{"room": "{B}"}} #1\nann <= room:enter #1 {{"left": false}}\n' + FIRST + added("b", B) + SERVED,
        ["pass", "fail"],
    ),
    "sent elsewhere": (
        APART + FIRST + added("b", B) + f"admin saw socket=o1 board-{B}\n" + SERVED, ["pass", "inconclusive"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", IDS)
def test_ids_that_are_alike_are_rooms_apart(what: str) -> None:
    text, expected = IDS[what]
    assert outcomes(SIMILAR, text) == expected


def test_rooms_that_nobody_hears_for_the_form_of_their_ids_are_one_fault() -> None:
    one, two = "123456789012345001", "123456789012345002"
    text = f"ann opened a1\nann in {one}\noda opened o1\noda in {two}\neve opened e1\neve in r1\n"
    text += added("c", "r1") + heard("eve", "c", "r1") + added("a", one) + added("b", two)
    for number, actor in enumerate(("ann", "oda", "ann", "oda")):
        text += f'@{20 + number} {actor} -> who {{"room": "r1"}} #{number}\n{actor} <= who #{number} {{"room": "r1", "sockets": [], "count": 0}}\n'
    assert outcomes(SIMILAR, text) == ["fail", "inconclusive"]
    assert messages(SIMILAR, text)[1].endswith("as in other rooms of such ids")


def test_a_room_of_digits_that_is_heard_excuses_no_other() -> None:
    one, two = "123456789012345001", "123456789012345002"
    text = (
        f"ann opened a1\nann in {one}\noda opened o1\noda in {two}\n"
        + added("a", one)
        + heard("ann", "a", one)
        + added("b", two)
    )
    for number in (8, 9):
        text += f'@{20 + number} oda -> who {{"room": "r9"}} #{number}\noda <= who #{number} {{"room": "r9", "sockets": [], "count": 0}}\n'
    assert outcomes(SIMILAR, text) == ["pass", "fail"]


def test_rooms_of_texts_that_nobody_hears_are_faults_of_their_own() -> None:
    one, two = "123456789012345001", "123456789012345002"
    members = f"ann opened a1\nann in {A}\noda opened o1\noda in {B}\neve opened e1\neve in {one}\nabe opened x1\nabe in {two}\n"
    served = ""
    for number, actor in enumerate(("oda", "eve", "oda", "eve", "abe", "abe")):
        served += f'@{20 + number} {actor} -> who {{"room": "r9"}} #{number}\n{actor} <= who #{number} {{"room": "r9", "sockets": [], "count": 0}}\n'
    lost = added("b", B) + added("c", one) + added("d", two)
    text = members + FIRST + lost + served
    assert outcomes(SIMILAR, text) == ["pass", "fail", "fail", "inconclusive"]


NOTED = PAIR + added("hello", "r1") + heard("bob", "hello", "r1")
SILENT = PAIR + added("hello", "r1")

SEEN = {
    "by Redis among others": (NOTED + "redis saw note:added r1 desk board:r1\n", ["pass"]),
    "by the Admin UI under another name, and nobody heard it": (SILENT + "admin saw socket=b1 board-r1\n", ["fail"]),
    "nothing": (NOTED, ["inconclusive"]),
    "nothing, and nobody heard it": (SILENT, []),
    "by Redis": (NOTED + "redis saw note:added r1 board:r1\n", ["pass"]),
    "by Redis, and nobody heard it": (SILENT + "redis saw note:added r1 board:r1\n", ["pass"]),
    "by Redis under another name": (NOTED + "redis saw note:added r1 board-r1\n", ["fail"]),
    "by Redis under another name, and nobody heard it": (SILENT + "redis saw note:added r1 board-r1\n", ["fail"]),
    "by Redis under both": (NOTED + "redis saw note:added r1 board-r1\nredis saw note:added r1 board:r1\n", ["pass"]),
    "by Redis to a single socket": (NOTED + "redis saw note:added r1 a1\n", ["inconclusive"]),
    "by the Admin UI": (NOTED + "admin saw socket=b1 board:r1\n", ["pass"]),
    "by the Admin UI under another name": (NOTED + "admin saw socket=b1 board-r1\n", ["fail"]),
    "by the Admin UI, a socket that did not hear it": (NOTED + "admin saw socket=a1 board-r1\n", ["inconclusive"]),
    "by the Admin UI under both": (NOTED + "admin saw socket=b1 board:r1 board-r1\n", ["inconclusive"]),
    "by the Admin UI twice": (NOTED + "admin saw socket=b1 board:r1 board-r1\nadmin saw socket=b1 board:r1\n", ["pass"]),
    "by the Admin UI, two rooms of other names": (NOTED + "admin saw socket=b1 board-r1 board_r1\n", ["fail"]),
    "by the Admin UI, after it left": (NOTED + "bob out r1\nadmin saw socket=b1 board-r1\n", ["inconclusive"]),
    "by the Admin UI, a room that is no subject's": (NOTED + "admin saw socket=b1 lobby\n", ["inconclusive"]),
    "by the Admin UI, a room that a member of another is in": (
        NOTED + "oda opened o1\noda in r2\nadmin saw socket=o1 lobby\nadmin saw socket=b1 lobby\n", ["fail"],
    ),
    "by the Admin UI, a room that a member of another is in, besides its own": (
        NOTED + "oda opened o1\noda in r2\nadmin saw socket=o1 lobby\nadmin saw socket=b1 lobby board:r1\n", ["pass"],
    ),
    "by the Admin UI, a room that a member of both is in": (
        NOTED + "oda opened o1\noda in r2\noda in r1\nadmin saw socket=o1 lobby\nadmin saw socket=b1 lobby\n", ["inconclusive"],
    ),
    "by the Admin UI, a room that nobody's socket is in": (
        NOTED + "admin saw socket=x9 lobby\nadmin saw socket=b1 lobby\n", ["inconclusive"],
    ),
    "by the Admin UI, a room that one who is in none is in": (
        NOTED + "oda opened o1\nadmin saw socket=o1 lobby\nadmin saw socket=b1 lobby\n", ["inconclusive"],
    ),
    "by the Admin UI, another room that a member of another is in": (
        NOTED + "oda opened o1\noda in r2\nadmin saw socket=o1 other\nadmin saw socket=b1 lobby\n", ["inconclusive"],
    ),
    "by Redis to another room, by the Admin UI a lobby": (
        NOTED + "oda opened o1\noda in r2\nredis saw note:added r1 lobby\nadmin saw socket=b1 lobby\n", ["fail"],
    ),
    "by a payload": (NOTED + 'bob <- hello {"data": {"roomName": "board:r1"}}\n', ["pass"]),
    "by a payload, another name": (NOTED + 'bob <- hello {"roomName": "board-r1"}\n', ["fail"]),
    "by an ack": (NOTED + 'bob <= who #1 {"roomName": "board-r1"}\n', ["fail"]),
    "by an answer": (NOTED + 'http list-notes {"room": "r1"} => 200 {"roomName": "board-r1"}\n', ["fail"]),
    "by an answer that is a list": (NOTED + 'http list-notes {"room": "r1"} => 200 [7, {"roomName": "board-r1"}]\n', ["fail"]),
    "by a payload, the id itself": (NOTED + 'bob <- hello {"roomName": "r1"}\n', ["inconclusive"]),
    "by a payload, another subject": (NOTED + 'bob <- hello {"roomName": "lobby"}\n', ["inconclusive"]),
    "by a payload, a number": (NOTED + 'bob <- hello {"roomName": 1}\n', ["inconclusive"]),
    "by a payload, the key of the subject": (NOTED + 'bob <- hello {"room": "board-r1"}\n', ["inconclusive"]),
    "by a payload, no such field": (NOTED + 'bob <- hello {"where": "board-r1"}\n', ["inconclusive"]),
    "by what a client emitted": (NOTED + 'bob -> hello {"roomName": "board-r1"}\n', ["inconclusive"]),
    "by a payload of another room": (NOTED + 'oda in r2\nbob <- hello {"roomName": "board-r2"}\n', ["inconclusive"]),
    "by a payload, and nobody heard it": (SILENT + 'bob <- hello {"roomName": "board-r1"}\n', []),
}  # fmt: skip


@pytest.mark.parametrize("what", SEEN)
def test_the_name_of_a_room_is_seen(what: str) -> None:
    text, expected = SEEN[what]
    assert outcomes(ROOM_NAMES, text) == expected


MARK = "forged0123456789"


def test_a_retired_request_is_judged_by_its_own_direction() -> None:
    text = (
        PAIR
        + f'ann -> note:send {{"room": "r1", "text": "{MARK}"}}\nbob <- note:added {{"room": "r1", "text": "{MARK}"}}\n'
    )
    assert outcomes(RETIRED, text) == ["fail"]
    assert messages(RETIRED, text)[0].startswith("expected nothing; the way is POST /notes/:room, got")
    both = PAIR + f'ann -> note:added {{"room": "r1", "text": "{MARK}"}}\nbob <- x {{"text": "{MARK}"}}\n'
    assert outcomes(RETIRED, both) == []
    # A name that both sides used to send: each direction is a matter of its own.
    first, second = EXAMPLE.retired
    twice = dataclasses.replace(first, event=second.event)
    bundle = dataclasses.replace(EXAMPLE, retired=(twice, second))
    assert outcomes(RETIRED, text, bundle) == ["fail"]
