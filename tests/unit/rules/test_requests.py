"""Rules about good requests and their answers: what they accuse, and what keeps them silent."""

import pytest

from conformance.analysis.queries import LATER
from conformance.plan.requests import PROBE
from tests.unit.scripts import PAIR, RULES, messages, outcomes, reading_of, without_requests

EFFECT, ONCE, ALONE, GOOD = (
    "request-has-its-effect",
    "reply-comes-once",
    "replies-go-to-the-requester-alone",
    "good-request-gets-no-error",
)
RED, BLUE = '{"room": "r1", "pen": "red"}', '{"room": "r1", "pen": "blue"}'
TAKE = f"ann -> pen:take {RED}\n"
TAKEN = f"bob <- pen:taken {RED}\n"
ERROR = 'ann <- problem {"code": "X"}\n'
LIST = '{"room": "r1", "sockets": [], "count": 0}'
WHO, WHO_LIST = 'ann -> who {"room": "r1"} #1\n', f"ann <- who:list {LIST}\n"
ACK = f"ann <= who #1 {LIST}\n"
END = 'ann -> room:end {"room": "r1"}\n'
ADDED = 'http add-note {"room": "r1"} {"text": "hello"} => 201 {}\n'
NOTE = '{"id": "n1", "room": "r1", "text": "hello", "at": 1}'
HELLO = f"{ADDED}bob <- note:added {NOTE}\n"
ENTER = 'eve opened e1\n@1.0 eve -> room:enter {"room": "r1"}\n'


def listed(at_s: float, number: int, sockets: str = "", by: str = "eve", room: str = "r1", took_s: float = 0.01) -> str:
    return (
        f'@{at_s} {by} -> who {{"room": "{room}"}} #{number}\n'
        f'@{at_s + took_s} {by} <= who #{number} {{"room": "{room}", "sockets": [{sockets}], "count": 0}}\n'
    )


BOB_LISTED = '{"socket": "b1", "user": "ub"}'
EVE_LISTED = '{"socket": "e1", "user": "ue"}'

JUDGED = {
    # request-has-its-effect: broadcasts
    "sent elsewhere": (EFFECT, PAIR + TAKE + "admin saw socket=b1 board-r1\n" + LATER, ["inconclusive", "pass", "pass"]),
    "nobody in the room, and an error": (EFFECT, "ann opened a1\n" + TAKE + ERROR, ["inconclusive"]),
    "heard": (EFFECT, PAIR + TAKE + TAKEN, ["pass"]),
    "heard under another name": (EFFECT, PAIR + TAKE + TAKEN.replace("pen:taken", "pen-taken"), ["pass"]),
    "ignored": (EFFECT, PAIR + TAKE + LATER, ["fail", "pass", "pass"]),
    "ignored without a fence": (EFFECT, PAIR + TAKE, ["inconclusive"]),
    "nobody in the room": (EFFECT, "ann opened a1\n" + TAKE + LATER, ["inconclusive", "pass", "pass"]),
    "refused": (EFFECT, PAIR + TAKE + ERROR, ["fail"]),
    "refused with this payload": (
        EFFECT,
        PAIR + TAKE + ERROR + TAKE.replace("red", "blue") + TAKEN.replace("red", "blue"),
        ["inconclusive", "pass"],
    ),
    "refused, and another request is heard": (
        EFFECT,
        PAIR + TAKE + ERROR + 'ann -> cursor:move {"room": "r1", "x": 1}\nbob <- cursor:moved {"room": "r1", "x": 1, "user": "ua"}\n',
        ["fail", "pass"],
    ),
    "refused in a closed subject": (EFFECT, PAIR + END + TAKE + ERROR, ["inconclusive"]),
    "ignored in a closed subject": (EFFECT, PAIR + END + TAKE + LATER, ["inconclusive", "pass", "pass"]),
    "a call": (EFFECT, PAIR + ADDED, []),
    # request-has-its-effect: answers
    "not answered, and answered later": (EFFECT, PAIR + WHO + LATER, ["fail", "pass", "pass"]),
    "not answered in a closed subject": (
        EFFECT,
        PAIR + END + WHO + LATER.replace("who", "room:enter").replace('"sockets": [], "count": 0', '"entered": true'),
        ["inconclusive", "pass", "pass"],
    ),
    "an error that may be for another request": (EFFECT, PAIR + WHO + TAKE + ERROR, ["fail", "inconclusive"]),
    "an error for the one before it": (EFFECT, PAIR + WHO + ERROR + WHO.replace("#1", "#2"), ["fail", "inconclusive"]),
    "answered": (EFFECT, PAIR + WHO + ACK, ["pass"]),
    "answered by its event": (EFFECT, PAIR + WHO + WHO_LIST, ["pass"]),
    "not answered": (EFFECT, PAIR + WHO + LATER.replace("who", "room:enter").replace('"sockets": [], "count": 0', '"entered": true'), ["fail", "pass", "pass"]),
    "not answered, and no ack was asked for": (EFFECT, PAIR + WHO.replace(" #1", ""), []),
    "not answered right after connecting": (EFFECT, PAIR + WHO.replace("->", "->!"), []),
    "not answered, without a fence": (EFFECT, PAIR + WHO, ["inconclusive"]),
    "refused in a closed subject by an error": (EFFECT, PAIR + END + WHO + ERROR, ["inconclusive"]),
    "an error at another": (
        EFFECT,
        PAIR + WHO + ERROR.replace("ann", "bob") + LATER.replace("who", "room:enter").replace('"sockets": [], "count": 0', '"entered": true'),
        ["fail", "pass", "pass"],
    ),
    "an error for an unusual id": (
        EFFECT,
        PAIR + WHO.replace("r1", "r 1") + ERROR + LATER.replace("who", "room:enter").replace('"sockets": [], "count": 0', '"entered": true'),
        ["inconclusive", "pass", "pass"],
    ),
    "an error for one of several": (EFFECT, PAIR + WHO + ERROR + LATER, ["inconclusive", "pass", "pass"]),
    "an error for the only one": (EFFECT, PAIR + WHO + ERROR, ["fail"]),
    # request-has-its-effect: memberships
    "a roster with another": (
        EFFECT,
        PAIR + ENTER + "eve in r1 assumed\n" + listed(2.0, 1, BOB_LISTED) + listed(4.01, 2, BOB_LISTED),
        ["pass", "pass", "fail"],
    ),
    "a member": (EFFECT, PAIR + ENTER + "eve in r1\n", ["pass"]),
    "nothing is known of the join": (EFFECT, PAIR + ENTER, []),
    "assumed": (EFFECT, PAIR + ENTER + "eve in r1 assumed\n", ["inconclusive"]),
    "assumed and heard": (EFFECT, PAIR + ENTER + f"eve in r1 assumed\n{ADDED}eve <- note:added {NOTE}\n", ["pass"]),
    "a roster without it, too soon": (
        EFFECT,
        PAIR + ENTER + "eve in r1 assumed\n" + listed(2.0, 1) + listed(4.0, 2),
        ["pass", "pass", "inconclusive"],
    ),
    "a roster without it": (
        EFFECT,
        PAIR + ENTER + "eve in r1 assumed\n" + listed(2.0, 1) + listed(4.01, 2),
        ["pass", "pass", "fail"],
    ),
    "a roster with it": (
        EFFECT,
        PAIR + ENTER + "eve in r1 assumed\n" + listed(2.0, 1, EVE_LISTED) + listed(4.5, 2, EVE_LISTED),
        ["pass", "pass", "inconclusive"],
    ),
    "a roster of another room": (
        EFFECT,
        PAIR + ENTER + "eve in r1 assumed\n" + listed(2.0, 1, room="r2") + listed(4.5, 2, room="r2"),
        ["pass", "pass", "inconclusive"],
    ),
    "a roster for another": (
        EFFECT,
        PAIR + ENTER + "eve in r1 assumed\n" + listed(2.0, 1, by="ann") + listed(4.5, 2, by="ann"),
        ["pass", "pass", "inconclusive"],
    ),
    "a roster before the join": (
        EFFECT,
        PAIR + "eve opened e1\n" + listed(0.5, 1) + listed(0.9, 2) + ENTER.replace("eve opened e1\n", "") + "eve in r1 assumed\n" + listed(3.5, 3),
        ["pass", "pass", "pass", "inconclusive"],
    ),
    "a roster that comes slowly": (
        EFFECT,
        PAIR + ENTER + "eve in r1 assumed\n" + listed(2.0, 1) + listed(5.0, 2, took_s=1.0),
        ["pass", "pass", "inconclusive"],
    ),
    "a second socket of its actor is listed": (
        EFFECT,
        PAIR + ENTER + "eve opened e2\neve in r1 assumed\n" + listed(2.0, 1) + listed(4.5, 2, EVE_LISTED.replace("e1", "e2")),
        ["pass", "pass", "inconclusive"],
    ),
    # request-has-its-effect: leaving
    "it heard the room before": (
        EFFECT, PAIR + f'{HELLO}ann <- note:added {NOTE}\nann -> room:exit {{"room": "r1"}}\nann out r1\n', [],
    ),
    "it hears the room still": (
        EFFECT,
        PAIR + f'ann -> room:exit {{"room": "r1"}}\nann out r1\n{HELLO}ann <- note:added {NOTE}\n',
        ["fail"],
    ),
    "it hears the room still, and may not have left": (
        EFFECT,
        PAIR + f'ann -> room:exit {{"room": "r1"}}\nann out r1 assumed\n{HELLO}ann <- note:added {NOTE}\n',
        [],
    ),
    "it hears the room no more": (EFFECT, PAIR + 'ann -> room:exit {"room": "r1"}\nann out r1\n' + HELLO, ["pass"]),
    "nobody hears the room": (EFFECT, PAIR + 'ann -> room:exit {"room": "r1"}\nann out r1\n' + ADDED, []),
    "it comes back": (
        EFFECT,
        PAIR + f'ann -> room:exit {{"room": "r1"}}\nann out r1\nann in r1\n{HELLO}ann <- note:added {NOTE}\n',
        [],
    ),
    "it comes to another room": (
        EFFECT,
        PAIR + f'ann -> room:exit {{"room": "r1"}}\nann out r1\nann in r2\n{HELLO}ann <- note:added {NOTE}\n',
        ["fail"],
    ),
    "another comes to the room": (
        EFFECT,
        PAIR + f'ann -> room:exit {{"room": "r1"}}\nann out r1\neve opened e1\neve in r1\n{HELLO}ann <- note:added {NOTE}\n',
        ["fail"],
    ),
    "it hears another room": (
        EFFECT,
        PAIR + 'ann in r2\nann -> room:exit {"room": "r1"}\nann out r1\nhttp add-note {"room": "r2"} {"text": "x"} => 201 {}\n'
        'ann <- note:added {"id": "n2", "room": "r2", "text": "x", "at": 1}\n',
        [],
    ),
    "another leaves at that time": (
        EFFECT,
        PAIR + f'@1.0 ann closed us\n@1.0 bob -> who {{"room": "r1"}}\nann out r1\n{ADDED}ann <- note:added {NOTE}\n',
        [],
    ),
    # reply-comes-once
    "one ack": (ONCE, PAIR + WHO + ACK, ["pass"]),
    "two acks": (ONCE, PAIR + WHO + ACK + ACK, ["fail"]),
    "one event": (ONCE, PAIR + WHO + WHO_LIST, ["pass"]),
    "two events": (ONCE, PAIR + WHO + WHO_LIST + WHO_LIST, ["fail"]),
    "an ack and an event": (ONCE, PAIR + WHO + ACK + WHO_LIST, ["pass", "pass"]),
    "two requests and two events": (ONCE, PAIR + WHO + WHO + WHO_LIST + WHO_LIST, ["pass"]),
    "requests of two sockets": (ONCE, PAIR + WHO + WHO.replace("ann", "bob") + WHO_LIST + WHO_LIST, ["fail"]),
    "no ack was asked for": (ONCE, PAIR + WHO.replace(" #1", "") + ACK.replace("#1", "#2") * 2, []),
    "another request beside it": (ONCE, PAIR + WHO + TAKE + ACK + f"ann <- who:list {LIST}\n" * 2, ["pass", "fail"]),
    "another request before it": (ONCE, PAIR + 'ann -> room:enter {"room": "r1"} #1\n' + WHO.replace("#1", "#2") + WHO_LIST * 2, ["fail"]),
    # replies-go-to-the-requester-alone
    "at another": (ALONE, PAIR + WHO + WHO_LIST + WHO_LIST.replace("ann", "bob"), ["fail"]),
    "at nobody else": (ALONE, PAIR + WHO + WHO_LIST + HELLO, ["pass"]),
    "without a fence": (ALONE, PAIR + WHO + WHO_LIST, ["inconclusive"]),
    "both asked": (ALONE, PAIR + WHO + WHO.replace("ann", "bob") + WHO_LIST + WHO_LIST.replace("ann", "bob"), ["inconclusive", "pass"]),
    "both asked, and one got both": (ALONE, PAIR + WHO + WHO.replace("ann", "bob") + WHO_LIST * 2 + HELLO, ["fail", "pass"]),
    "another request": (ALONE, PAIR + TAKE + WHO_LIST, ["fail"]),
    "nobody asked": (ALONE, PAIR + TAKE, []),
    # good-request-gets-no-error
    "an error for what may be refused by its rate": (
        GOOD,
        PAIR + TAKE + f"ann <- pen:taken {RED}\n" + f"bob -> pen:take {BLUE}\n" + ERROR.replace("ann", "bob")
        + "eve opened e1\neve -> pen:take " + RED + '\neve <- problem {"code": "X"}\n',
        ["pass", "inconclusive", "inconclusive"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", JUDGED)
def test_a_good_request_is_judged_as_documented(what: str) -> None:
    rule, text, expected = JUDGED[what]
    assert outcomes(rule, text) == expected


def test_an_unanswered_request_tells_how_it_may_be_answered() -> None:
    assert messages(EFFECT, PAIR + WHO + ERROR) == ["expected an ack or who:list, got an error"]
    enter = 'ann -> room:enter {"room": "r1"} #1\n'
    assert messages(EFFECT, PAIR + enter + ERROR)[0] == "expected an ack, got an error"


def test_a_roster_cannot_show_a_join_where_there_is_none() -> None:
    text = PAIR + ENTER + "eve in r1 assumed\n" + listed(2.0, 1) + listed(4.5, 2)
    assert outcomes(EFFECT, text, without_requests("who")) == ["inconclusive"]


def test_a_stall_does_not_count_as_time_for_a_join() -> None:
    text = PAIR + ENTER + "eve in r1 assumed\n" + listed(2.0, 1) + listed(4.01, 2)
    assert outcomes(EFFECT, text, stalls=((3.0, 0.5),)) == ["pass", "pass", "inconclusive"]


def test_a_join_to_a_room_that_nobody_hears_for_its_id_is_no_failure() -> None:
    digits = "123456789012345001"
    text = PAIR + ENTER.replace("r1", digits) + f"eve in {digits} assumed\n"
    text += listed(2.0, 1, room=digits) + listed(4.5, 2, room=digits)
    nobody = f'http add-note {{"room": "{digits}"}} {{"text": "x"}} => 201 {{}}\n'
    assert outcomes(EFFECT, text) == ["pass", "pass", "fail"]
    assert outcomes(EFFECT, text + nobody + HELLO) == ["pass", "pass", "inconclusive"]


PROBED = {
    "an answer": ("who", 'ann -> whoo {"room": "r1"} #1\nann <= whoo #1 {"room": "r1"}\n', ["fail"]),
    "the documented name": ("who", WHO + ACK, ["pass"]),
    "no object": ("who", 'ann -> whoo "r1" #1\nann <= whoo #1 {"room": "r1"}\n', []),
    "an empty ack": ("who", 'ann -> whoo {"room": "r1"} #1\nann <= whoo #1\n', []),
    "an ack that carries null": ("who", 'ann -> whoo {"room": "r1"} #1\nann <= whoo #1 null\n', []),
    "the ack of another": ("who", 'ann -> whoo {"room": "r1"} #1\nann <= whoo #2 {"room": "r1"}\n', []),
    "an ack at another": ("who", 'ann -> whoo {"room": "r1"} #1\nbob <= whoo #1 {"room": "r1"}\n', []),
    "an ack before it": ("who", 'ann <= whoo #1 {"room": "r1"}\nann -> whoo {"room": "r1"} #1\n', []),
    "an event for a request that is answered": ("who", f'ann -> whoo {{"room": "r1"}} #1\nbob <- whoo {RED}\n', []),
    "an event": ("pen:take", f"ann -> pen-take {RED}\nbob <- pen-taken {RED}\n", ["fail"]),
    "an event of another room": ("pen:take", f"ann -> pen-take {RED}\nbob <- pen-taken {RED.replace('r1', 'r2')}\n", []),
    "an event before it": ("pen:take", f"bob <- pen-taken {RED}\nann -> pen-take {RED}\n", []),
    "an ack for a request that has none": ("pen:take", f"ann -> pen-take {RED} #1\nann <= pen-take #1 {RED}\n", []),
    "an unknown request": ("pen:make", f"ann -> pen-make {RED}\nbob <- pen-made {RED}\n", []),
}  # fmt: skip


@pytest.mark.parametrize("what", PROBED)
def test_another_name_that_works_is_told(what: str) -> None:
    event, text, expected = PROBED[what]
    probing = reading_of(PAIR + text, act=f"{PROBE}{event}")
    assert [one.outcome for one in RULES[EFFECT].judge(probing)] == expected
    found = [one.outcome for one in RULES[EFFECT].judge(reading_of(PAIR + text, act="chorus"))]
    assert found == (["pass"] if what == "the documented name" else [])
    named = [one.outcome for one in RULES[EFFECT].judge(reading_of(PAIR + text, act=event))]
    assert named == found
