"""Rules about bad requests and junk: what they accuse, and what keeps them silent."""

import pytest

from conformance.analysis.queries import LATER
from contracts.load import load
from tests.unit.scripts import PAIR, findings, messages, outcomes

GETS, NONE, ALONE = "bad-request-gets-an-error", "bad-request-has-no-effect", "error-goes-to-the-requester-alone"
SURVIVED, REACHES = "junk-is-survived", "junk-reaches-nobody"
CONNECTED = "connection-survives-a-bad-request"
NO_PEN, PURPLE, RED = '{"room": "r1"}', '{"room": "r1", "pen": "purple"}', '{"room": "r1", "pen": "red"}'
BAD = f"ann -> pen:take {NO_PEN}\n"
ERROR = '{"code": "NO_PEN"}'
TOLD = f"ann <- problem {ERROR}\n"
NOTE = '{"id": "n1", "room": "r1", "text": "hello", "at": 1}'
ADDED = 'http add-note {"room": "r1"} {"text": "hello"} => 201 {}\n'
EVE = "eve opened e1 user=ue\n"
OTHER = '{"id": "n2", "room": "r2", "text": "other", "at": 1}'
FENCE = f'http add-note {{"room": "r2"}} {{"text": "other"}} => 201 {{}}\nNAME <- note:added {OTHER}\n'

JUDGED = {
    "a request without an effect, and one that was passed on": (
        NONE, f'ann -> who {{"room": 1}}\nann -> pen:take {PURPLE}\nbob <- pen:taken {PURPLE}\n', ["fail"],
    ),
    "a join by the text of another room": (NONE, f'{EVE}eve -> room:enter "r2"\n{ADDED}eve <- note:added {NOTE}\n', []),
    "a good one at its very moment": (
        NONE, f"@1 ann -> pen:take {PURPLE}\n@1 ann -> pen:take {RED}\n@2 bob <- pen:taken {RED}\n", ["pass"],
    ),
    "a leave of nothing as it became a member": (
        NONE, f"{EVE}@1 eve in r1\n@1 eve -> room:exit {{}}\n{ADDED}eve <- note:added {NOTE}\n", [],
    ),
    "a join of nothing as something was caused": (
        NONE, f"{EVE}@1 {ADDED}@1 eve -> room:enter {{}}\n@2 eve <- note:added {NOTE}\n", ["fail"],
    ),
    "a join of nothing, and a valid one as it heard something": (
        NONE, f'{EVE}@1 eve -> room:enter {{}}\n{ADDED}@2 eve -> room:enter {{"room": "r1"}}\n@2 eve <- note:added {NOTE}\n', ["fail"],
    ),
    "no object, and a good one after it": (NONE, f'ann -> pen:take ["x"]\nann -> pen:take {RED}\nbob <- pen:taken {RED}\n', []),
    "a join by a bare text": (NONE, f'{EVE}eve -> room:enter "r1"\n{ADDED}eve <- note:added {NOTE}\n', ["fail"]),
    "a join by a list": (NONE, f'{EVE}eve -> room:enter ["r1"]\n{ADDED}eve <- note:added {NOTE}\n', ["fail"]),
    "a join by an empty id": (NONE, f'{EVE}eve -> room:enter {{"room": ""}}\n{ADDED}eve <- note:added {NOTE}\n', ["fail"]),
    "a join by null": (NONE, f"{EVE}eve -> room:enter null\n{ADDED}eve <- note:added {NOTE}\n", ["fail"]),
    "a join of nothing that a valid one follows too late": (
        NONE, f'{EVE}eve -> room:enter {{}}\n{ADDED}eve <- note:added {NOTE}\neve -> room:enter {{"room": "r1"}}\n', ["fail"],
    ),
    "a join of nothing that another membership follows": (
        NONE, f"{EVE}eve -> room:enter {{}}\neve in r1 assumed\n{ADDED}eve <- note:added {NOTE}\n", [],
    ),
    "an error before its own bad request": (ALONE, TOLD + BAD, []),
    "an error after what was answered, before its own bad request": (
        ALONE, 'ann -> who {"room": "r1"} #1\nann <= who #1 {"room": "r1", "sockets": [], "count": 0}\n' + TOLD + BAD, [],
    ),
    "both sent something bad, and heard something later": (
        ALONE, BAD + BAD.replace("ann", "bob") + TOLD + TOLD.replace("ann", "bob") + f"{ADDED}bob <- note:added {NOTE}\n", [],
    ),
    # bad-request-gets-an-error
    "an error": (GETS, BAD + TOLD, ["pass"]),
    "a bad request whose answer is not documented": (GETS, f"ann -> pen:take {PURPLE}\n" + LATER, []),
    "an error before it": (GETS, TOLD + BAD + LATER, ["fail"]),
    "an error at another": (GETS, BAD + TOLD.replace("ann", "bob") + LATER, ["fail"]),
    "one error for two": (GETS, BAD + BAD + TOLD + LATER, ["pass", "fail"]),
    "two errors for two": (GETS, BAD + BAD + TOLD + TOLD, ["pass", "pass"]),
    "no fence": (GETS, BAD, ["inconclusive"]),
    # bad-request-has-no-effect: broadcasts
    "heard in its room": (NONE, f"ann -> pen:take {PURPLE}\nbob <- pen:taken {PURPLE}\n", ["fail"]),
    "heard in no room of the act": (
        NONE,
        'ann -> pen:take {"pen": "red"}\nbob <- pen:taken {"room": "undefined", "pen": "red"}\n',
        ["inconclusive"],
    ),
    "a good one after it": (
        NONE,
        f"ann -> pen:take {PURPLE}\nann -> pen:take {RED}\nbob <- pen:taken {RED}\n",
        ["pass"],
    ),
    "a good one before it": (
        NONE,
        f"ann -> pen:take {RED}\nbob <- pen:taken {RED}\nann -> pen:take {PURPLE}\n",
        ["inconclusive"],
    ),
    "a good one after it that its sender alone heard": (
        NONE,
        f"ann -> pen:take {PURPLE}\nann -> pen:take {RED}\nann <- pen:taken {RED}\n",
        ["inconclusive"],
    ),
    "a good one under another name": (
        NONE,
        f"ann -> pen:take {PURPLE}\nann -> pen:take {RED}\nbob <- pen-taken {RED}\n",
        ["pass"],
    ),
    "a good one that nobody heard": (NONE, f"ann -> pen:take {PURPLE}\nann -> pen:take {RED}\n", ["inconclusive"]),
    "a good one of another name": (
        NONE,
        f'ann -> pen:take {PURPLE}\nann -> cursor:move {{"room": "r1", "x": 1}}\n'
        'bob <- cursor:moved {"room": "r1", "x": 1, "user": "ua"}\n',
        [],
    ),
    "a call after it": (NONE, f"ann -> pen:take {PURPLE}\n{ADDED}bob <- note:added {NOTE}\n", []),
    "no good one": (NONE, f"ann -> pen:take {PURPLE}\n", []),
    "no object": (NONE, 'ann -> pen:take ["x"]\nbob <- pen:taken ["x"]\n', []),
    "a request without an effect": (NONE, 'ann -> who {"room": 1}\n', []),
    # bad-request-has-no-effect: memberships
    "a join of a number that is taken": (
        NONE,
        f"{EVE}eve -> room:enter {{\"room\": 7}}\nhttp add-note {{\"room\": \"7\"}} {{\"text\": \"x\"}} => 201 {{}}\n"
        'eve <- note:added {"id": "n1", "room": "7", "text": "x", "at": 1}\n',
        ["fail"],
    ),
    "a join of a number, and another room heard": (
        NONE,
        f'{EVE}eve -> room:enter {{"room": 7}}\n{ADDED}eve <- note:added {NOTE}\n',
        [],
    ),
    "a join of nothing that is taken": (NONE, f"{EVE}eve -> room:enter {{}}\n{ADDED}eve <- note:added {NOTE}\n", ["fail"]),
    "a join of nothing without effect": (
        NONE,
        f"{EVE}eve in r2\neve -> room:enter {{}}\n{ADDED}bob <- note:added {NOTE}\n" + FENCE.replace("NAME", "eve"),
        ["pass"],
    ),
    "a join of nothing, without a fence": (NONE, f"{EVE}eve -> room:enter {{}}\n{ADDED}bob <- note:added {NOTE}\n", []),
    "a join of nothing, without a control": (NONE, f"{EVE}eve in r2\neve -> room:enter {{}}\n{ADDED}" + FENCE.replace("NAME", "eve"), []),
    "a join of nothing by a member": (NONE, f"ann -> room:enter {{}}\n{ADDED}ann <- note:added {NOTE}\n", []),
    "a join of nothing after what was heard": (NONE, f"{EVE}{ADDED}eve <- note:added {NOTE}\neve -> room:enter {{}}\n", []),
    "a leave of nothing without effect": (NONE, f"ann -> room:exit {{}}\n{ADDED}ann <- note:added {NOTE}\n", ["pass"]),
    "a leave of nothing that is taken": (
        NONE,
        f"ann in r2\nann -> room:exit {{}}\n{ADDED}bob <- note:added {NOTE}\n" + FENCE.replace("NAME", "ann"),
        ["pass", "fail"],
    ),
    "a leave of nothing, without a fence": (NONE, f"ann -> room:exit {{}}\n{ADDED}bob <- note:added {NOTE}\n", []),
    "a leave of nothing, without a control": (
        NONE,
        f"ann in r2\nann -> room:exit {{}}\n{ADDED}" + FENCE.replace("NAME", "ann"),
        ["pass"],
    ),
    "a leave of nothing by one who was in no room": (
        NONE,
        f"{EVE}eve -> room:exit {{}}\n{ADDED}bob <- note:added {NOTE}\neve <- note:added {OTHER}\n",
        [],
    ),
    "a leave of nothing after what was heard": (NONE, f"{ADDED}ann <- note:added {NOTE}\nann -> room:exit {{}}\n", []),
    # error-goes-to-the-requester-alone
    "nobody sent anything bad": (ALONE, f"bob <- problem {ERROR}\n", []),
    "its own": (ALONE, BAD + TOLD, []),
    "its own, and a later event at another": (ALONE, BAD + TOLD + f"{ADDED}bob <- note:added {NOTE}\n", ["pass"]),
    "its own twice": (ALONE, BAD + TOLD + TOLD, []),
    "one at another who sent nothing": (ALONE, BAD + TOLD + f"bob <- problem {ERROR}\n", ["fail"]),
    "another one at another who sent nothing": (ALONE, BAD + TOLD + 'bob <- problem {"code": "X"}\n', ["fail"]),
    "one before anybody else had sent anything": (
        ALONE,
        f'bob <- problem {{"code": "X"}}\n{BAD}bob -> who {{"room": "r1"}}\n',
        ["fail"],
    ),
    "another one at another who had asked": (
        ALONE,
        'bob -> who {"room": "r1"} #1\nbob <= who #1 {"room": "r1", "sockets": [], "count": 0}\n'
        + BAD + TOLD + 'bob <- problem {"code": "X"}\n',
        ["inconclusive"],
    ),
    "another event with its payload": (
        ALONE,
        'bob -> who {"room": "r1"} #1\nbob <= who #1 {"room": "r1", "sockets": [], "count": 0}\n'
        + BAD + f"ann <- oops {ERROR}\n" + f"bob <- problem {ERROR}\n",
        ["inconclusive"],
    ),
    "the same at another who had asked": (
        ALONE,
        'bob -> who {"room": "r1"} #1\nbob <= who #1 {"room": "r1", "sockets": [], "count": 0}\n'
        + BAD + TOLD + f"bob <- problem {ERROR}\n",
        ["fail"],
    ),
    "both sent something bad": (ALONE, BAD + BAD.replace("ann", "bob") + TOLD + TOLD.replace("ann", "bob"), []),
    # junk-is-survived
    "heard later": (SURVIVED, f"ann -> pen:take null\n{ADDED}ann <- note:added {NOTE}\n", ["pass"]),
    "two arguments": (SURVIVED, "ann -> pen:take null null\nann closed service\n", []),
    "no junk": (SURVIVED, "ann -> pen:take 43\nann closed service\n", []),
    "too big for the service, which announces no limit": (
        SURVIVED, "ann -> pen:take null\nann closed service close frame 1009\n", ["inconclusive"],
    ),
    "too big a message of another": (
        SURVIVED, "ann -> pen:take null\nbob closed service close frame 1009\nann closed service\n", ["inconclusive"],
    ),
    "the limit is kept": (SURVIVED, "big missed maxPayload is 100 bytes\n", ["skip"]),
    "another step was missed": (SURVIVED, "big missed could not connect\n", []),
    "another actor": (SURVIVED, "ann missed maxPayload is 100 bytes\n", []),
    # connection-survives-a-bad-request
    "the connection ended": (CONNECTED, BAD + "ann closed service\n", ["fail"]),
    "a bad request whose answer is not documented, and the end": (CONNECTED, f"ann -> pen:take {PURPLE}\nann closed service\n", []),
    "the connection had ended": (CONNECTED, "ann closed service\n" + BAD, ["inconclusive"]),
    "ended by ourselves": (CONNECTED, BAD + "ann closed us\n", ["inconclusive"]),
    "others ended, too": (CONNECTED, BAD + "ann closed service\nbob closed service\n", ["inconclusive"]),
    "the connection of another ended": (CONNECTED, BAD + "bob closed service\n" + LATER, ["pass"]),
    "it heard something later": (CONNECTED, BAD + LATER, ["pass"]),
    # junk-reaches-nobody
    "a later event after junk that has no broadcast": (REACHES, f"ann -> who 42\n{ADDED}bob <- note:added {NOTE}\n", []),
    "itself at its sender": (REACHES, 'ann -> who ["junk"]\nann <- other ["junk"]\n', []),
    "itself at its very moment": (REACHES, '@1 ann -> who ["junk"]\n@1 bob <- other ["junk"]\n', ["fail"]),
    "a bad request with fields": (REACHES, f"ann -> pen:take {PURPLE}\nbob <- pen:taken {PURPLE}\n", []),
    "no later event": (REACHES, "ann -> pen:take null\n", ["inconclusive"]),
    "a later event": (REACHES, f"ann -> pen:take null\n{ADDED}bob <- note:added {NOTE}\n", ["pass"]),
    "at its sender": (REACHES, "ann -> pen:take null\nann <- pen:taken null\n", ["inconclusive"]),
    "its broadcast": (REACHES, "ann -> pen:take null\nbob <- pen:taken null\n", ["fail"]),
    "its broadcast before it": (REACHES, "bob <- pen:taken null\nann -> pen:take null\n", ["inconclusive"]),
    "itself in a field": (REACHES, 'ann -> who ["junk"]\nbob <- other {"it": ["junk"]}\n', ["fail"]),
    "itself": (REACHES, 'ann -> who ["junk"]\nbob <- other ["junk"]\n', ["fail"]),
    "itself as a text": (REACHES, 'ann -> who "junk"\nbob <- other "junk"\n', ["fail"]),
    "itself before": (REACHES, 'bob <- other ["junk"]\nann -> who ["junk"]\n', []),
    "something else": (REACHES, 'ann -> who ["junk"]\nbob <- other ["jung"]\n', []),
    "a number": (REACHES, "ann -> who 42\nbob <- other 42\n", []),
    "nothing at all": (REACHES, "ann -> who []\nbob <- other []\n", []),
    "the id of a room": (REACHES, 'ann -> who "r1"\nbob <- other {"room": "r1"}\n', []),
    "at one who sent junk, too": (REACHES, "ann -> pen:take null\nbob -> who null\nbob <- pen:taken null\n", []),
    "at one who asked for a room of that name": (
        REACHES,
        f"ann -> pen:take null\n{EVE}eve in undefined\neve <- pen:taken null\n{ADDED}bob <- note:added {NOTE}\n",
        ["pass"],
    ),
    "at one who asked for a room of a junk text, where another run is, too": (
        REACHES,
        f'ann -> pen:take null\n{EVE}eve -> room:enter {{"room": "xxxx"}}\neve <- pen:taken null\n{ADDED}bob <- note:added {NOTE}\n',
        ["pass"],
    ),
    "the effect of another bad request": (
        REACHES,
        f"ann -> pen:take null\n{EVE}eve -> pen:take {PURPLE}\nbob <- pen:taken {PURPLE}\n{ADDED}bob <- note:added {NOTE}\n",
        ["pass"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", JUDGED)
def test_a_bad_request_is_judged_as_documented(what: str) -> None:
    rule, text, expected = JUDGED[what]
    assert outcomes(rule, PAIR + text) == expected


def test_what_came_instead_of_an_error_is_told() -> None:
    acked = PAIR + BAD.replace("\n", " #1\n") + "ann <= pen:take #1 {}\n" + LATER
    assert messages(GETS, acked) == ["expected the event 'problem', got only an ack"]
    assert messages(GETS, PAIR + BAD + LATER) == ["expected the event 'problem', got nothing"]


def test_an_end_while_the_event_loop_was_stalled_is_nobodys_fault() -> None:
    text = PAIR + "@5.0 " + BAD + "@6.0 ann closed service\n"
    assert outcomes(CONNECTED, text, stalls=((4.0, 1.5),)) == ["inconclusive"]
    assert outcomes(CONNECTED, text, stalls=((4.0, 0.5),)) == ["fail"]


def test_all_bad_requests_of_a_name_are_told_at_once() -> None:
    text = (
        PAIR + f"ann -> pen:take {PURPLE}\nbob <- pen:taken {PURPLE}\n" + BAD + 'bob <- pen:taken {"room": "r1"}\n'
        'redis saw pen:taken r1 board:r1 {"room": "r1", "pen": "purple"}\n'
    )
    assert messages(NONE, text) == [
        'expected no effect of a request with `pen` "purple" (enum), no `pen`, got pen:taken '
        '{"room": "r1", "pen": "purple"}; pen:taken {"room": "r1"}'
    ]


def test_an_effect_tells_where_it_was_seen() -> None:
    seen = PAIR + f"ann -> pen:take {PURPLE}\nredis saw pen:taken r1 board:r1 {PURPLE}\n"
    assert messages(NONE, seen)[0].endswith('{"room": "r1", "pen": "purple"}, sent to board:r1')
    lost = (
        PAIR + 'eve opened e1\neve in undefined\neve in r2\nann -> pen:take {"pen": "a text that was drawn"}\n'
        'eve <- pen:taken {"room": "undefined", "pen": "a text that was drawn"}\n'
    )
    assert messages(NONE, lost)[0].endswith('heard in the room of "undefined"')


def test_a_room_that_another_asked_for_is_not_where_it_was_heard() -> None:
    text = PAIR + f"eve opened e1\neve in undefined\nann -> pen:take {PURPLE}\nbob <- pen:taken {PURPLE}\n"
    assert messages(NONE, text)[0].endswith('pen:taken {"room": "r1", "pen": "purple"}')


SOS = load("sos")
PLACE = '"sosId": "r1", "latitude": 27.12345, "longitude": 85.4321, "accuracy": 4.5'
SHOWN = f'{{{PLACE}, "userId": "ua", "timestamp": 1}}'

OPTIONAL = {
    "of a join, and a valid one at its very moment": (
        '@1 eve opened e1\n@2 eve -> sos:room:join {"sosId": "r1", "userType": "boss"}\n@2 eve -> sos:room:join {"sosId": "r1"}\n'
        f"@3 ann -> location:update {{{PLACE}}}\n@4 eve <- location:broadcast {SHOWN}",
        "",
    ),
    "of a join, and a valid one as it heard something": (
        '@1 eve opened e1\n@2 eve -> sos:room:join {"sosId": "r1", "userType": "boss"}\n@3 ann -> location:update '
        f'{{{PLACE}}}\n@4 eve -> sos:room:join {{"sosId": "r1"}}\n@4 eve <- location:broadcast {SHOWN}',
        "inconclusive",
    ),
    "of a join that a leave follows": (
        'eve opened e1\neve -> sos:room:join {"sosId": "r1", "userType": "boss"}\neve -> sos:room:leave {"sosId": "r1"}\n'
        f"ann -> location:update {{{PLACE}}}\neve <- location:broadcast {SHOWN}",
        "inconclusive",
    ),
    "of a join that is not taken": (
        'eve opened e1\neve -> sos:room:join {"sosId": "r1", "userType": "boss"}\n'
        f"ann -> location:update {{{PLACE}}}\nbob <- location:broadcast {SHOWN}",
        "",
    ),
    "left out": (f'ann -> location:update {{{PLACE}, "deviceId": 7}}\nbob <- location:broadcast {SHOWN}', "inconclusive"),
    "passed on": (
        f'ann -> location:update {{{PLACE}, "deviceId": 7}}\nbob <- location:broadcast {SHOWN[:-1]}, "deviceId": 7}}',
        "fail",
    ),
    "corrected": (
        f'ann -> location:update {{{PLACE}, "deviceId": 7}}\nbob <- location:broadcast {SHOWN[:-1]}, "deviceId": "7"}}',
        "inconclusive",
    ),
    "a required one is bad, too": (
        f'ann -> location:update {{{PLACE.replace("4.5", "-1")}, "deviceId": 7}}\nbob <- location:broadcast {SHOWN}',
        "fail",
    ),
    "a required one alone is bad": (
        f'ann -> location:update {{{PLACE.replace("4.5", "-1")}, "deviceId": "7"}}\nbob <- location:broadcast {SHOWN}',
        "fail",
    ),
    "an unknown field beside it": (
        f'ann -> location:update {{{PLACE}, "deviceId": 7, "more": 1}}\nbob <- location:broadcast {SHOWN}',
        "inconclusive",
    ),
    "of a join that a valid one follows": (
        'eve opened e1\neve -> sos:room:join {"sosId": "r1", "userType": "boss"}\neve -> sos:room:join {"sosId": "r1"}\n'
        f"ann -> location:update {{{PLACE}}}\neve <- location:broadcast {SHOWN}",
        "",
    ),
    "of a join that a valid one of another room follows": (
        'eve opened e1\neve -> sos:room:join {"sosId": "r1", "userType": "boss"}\neve -> sos:room:join {"sosId": "r2"}\n'
        f"ann -> location:update {{{PLACE}}}\neve <- location:broadcast {SHOWN}",
        "inconclusive",
    ),
    "of a join": (
        'eve opened e1\neve -> sos:room:join {"sosId": "r1", "userType": "boss"}\n'
        f"ann -> location:update {{{PLACE}}}\neve <- location:broadcast {SHOWN}",
        "inconclusive",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", OPTIONAL)
def test_a_service_may_take_the_rest_where_an_optional_field_alone_is_bad(what: str) -> None:
    text, expected = OPTIONAL[what]
    assert [one.outcome for one in findings(NONE, PAIR + text, SOS)] == [expected] * bool(expected)


LEFT = f"ann in r2\n@1 ann -> room:exit {{}}\n@1.1 {ADDED}@1.2 bob <- note:added {NOTE}\n@1.3 " + FENCE.replace(
    "NAME", "@1.4 ann"
)


@pytest.mark.parametrize(("ended_s", "expected"), [(1.5, ["pass"]), (9.0, ["pass", "fail"])])
def test_a_broadcast_may_be_on_its_way_from_another_node_until_its_deadline(ended_s, expected) -> None:
    """Behind a load balancer nothing tells which node serves a socket: the fence alone proves nothing in a short act."""
    assert outcomes(NONE, PAIR + LEFT, ended_s=ended_s) == expected
