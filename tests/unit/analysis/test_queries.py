"""Questions that several rules ask of a contract or a reading."""

import dataclasses

import pytest

from conformance.analysis import queries
from conformance.model.transcript import Called
from tests.unit.scripts import EXAMPLE, PAIR, findings, messages, outcomes, reading_of, without_requests

RED = '{"room": "r1", "pen": "red"}'
LIST = '{"room": "r1", "sockets": [], "count": 0}'
NOTE = '{"id": "n1", "room": "r1", "text": "hello", "at": 1}'
HELLO = f'http add-note {{"room": "r1"}} {{"text": "hello"}} => 201 {{}}\nbob <- note:added {NOTE}\n'

ENDED_BY = {
    "leave": '@2 ann -> room:exit {"room": "r1"}\n',
    "close": '@2 ann -> room:end {"room": "r1"}\n',
    "call": '@2 http unseat {"room": "r1", "user": "ua"} => 204\n',
    "disconnect": "@2 ann closed us\n",
    "nothing": "",
    "a request of another": '@2 bob -> room:exit {"room": "r1"}\n@2 ann out r1\n',
    "another request": '@2 ann -> who {"room": "r1"}\n@2 ann out r1\n',
    "an unknown request": '@2 ann -> leave {"room": "r1"}\n@2 ann out r1\n',
    "the connection of another": "@2 bob closed us\n@2 ann out r1\n",
    "something heard": "@2 ann <- pen:taken {}\n@2 ann out r1\n",
}


@pytest.mark.parametrize("what", ENDED_BY)
def test_what_ended_a_membership_is_what_happened_then(what: str) -> None:
    reading = reading_of(PAIR + ENDED_BY[what])
    stay = next(stay for stay in reading.stays if stay.actor == "ann")
    assert queries.ended_by(reading, stay) == (what if what in ("leave", "close", "call", "disconnect") else None)


ANSWER_TO = {
    "an ack": (f'ann -> who {{"room": "r1"}} #1\nann <= who #1 {LIST}\n', 1, 1),
    "an ack and an event": (f'ann -> who {{"room": "r1"}} #1\nann <- who:list {LIST}\nann <= who #1 {LIST}\n', 2, 2),
    "an event": (f'ann -> who {{"room": "r1"}} #1\nann <- who:list {LIST}\n', 1, 1),
    "an event of another room": (f'ann -> who {{"room": "r1"}} #1\nann <- who:list {LIST.replace("r1", "r2")}\n', None, None),
    "an event before it": (f'ann <- who:list {LIST}\nann -> who {{"room": "r1"}} #1\n', None, None),
    "a late answer to an earlier one": (
        f'ann -> who {{"room": "r1"}} #2\nann -> who {{"room": "r1"}} #1\nann <- who:list {LIST}\n', 2, None,
    ),
    "two answers to two": (
        f'ann -> who {{"room": "r1"}} #2\nann <- who:list {LIST}\nann -> who {{"room": "r1"}} #1\nann <- who:list {LIST}\n', 3, 3,
    ),
    "the earlier one acknowledged before": (
        f'ann -> who {{"room": "r1"}} #2\nann <= who #2 {LIST}\nann -> who {{"room": "r1"}} #1\nann <- who:list {LIST}\n', 3, 3,
    ),
    "the earlier one acknowledged after": (
        f'ann -> who {{"room": "r1"}} #2\nann -> who {{"room": "r1"}} #1\nann <= who #2 {LIST}\nann <- who:list {LIST}\n', 3, None,
    ),
    "no object was asked for": (f'ann -> who "r1" #1\nann <- who:list {LIST}\n', None, None),
    "no object was asked for, and none told": ('ann -> who "r1" #1\nann <- who:list {}\n', 1, 1),
}  # fmt: skip


@pytest.mark.parametrize("what", ANSWER_TO)
def test_an_answer_is_an_ack_or_else_the_event_of_its_room(what: str) -> None:
    text, anyhow, surely = ANSWER_TO[what]
    reading = reading_of(text)
    request = EXAMPLE.request("who")
    assert request is not None
    index = next(i for i, one in enumerate(reading.entries) if one.actor == "ann" and getattr(one, "ack", None) == 1)
    assert queries.answer_to(reading, index, request) == anyhow
    assert queries.answer_to(reading, index, request, surely=True) == surely
    assert queries.answer_to(reading, index, dataclasses.replace(request, reply=None)) is None


def test_only_a_request_that_was_sent_is_answered() -> None:
    request = EXAMPLE.request("who")
    assert request is not None
    reading = reading_of(f"ann <- who:list {LIST}\nann <- who:list {LIST}\n")
    assert queries.answer_to(reading, 0, request) is None


def test_an_answer_by_ack_alone_is_no_event() -> None:
    enter = EXAMPLE.request("room:enter")
    assert enter is not None
    reading = reading_of(
        'ann -> room:enter {"room": "r1"} #1\nann <- room:enter {"room": "r1"}\nann <- None {"room": "r1"}\n'
    )
    assert queries.answer_to(reading, 0, enter) is None


def test_requests_are_those_of_the_contract_by_whether_they_keep_it() -> None:
    text = f'ann -> who {{"room": "r1"}}\nann -> pen:take {RED}\nann -> who {{}}\nann -> other {{}}\n'
    reading = reading_of(text)
    assert [index for index, _, _ in queries.valid_requests(reading)] == [0, 1]
    assert [index for index, _, _ in queries.valid_requests(reading, replied=True)] == [0]
    assert [index for index, _, _ in queries.invalid_requests(reading)] == [2]


OFFENDERS = {
    "nobody": ('ann opened a1 token=own\nann -> who {"room": "r1"}\n', set()),
    "a bad request": ("ann opened a1\nann -> who {}\n", {"ann"}),
    "an unknown request": ("ann opened a1\nann -> other {}\n", {"ann"}),
    "a bad token": ("ann opened a1 token=own\nbob opened b1 token=forged\n", {"bob"}),
    "no token where bad ones were shown": ("ann opened a1 token=none\nbob opened b1 token=forged\n", {"ann", "bob"}),
    "no token": ("ann opened a1 token=none\nbob opened b1 token=own\n", set()),
}


@pytest.mark.parametrize("what", OFFENDERS)
def test_an_offender_did_what_a_service_may_end_a_connection_for(what: str) -> None:
    text, expected = OFFENDERS[what]
    assert queries.offenders_of(reading_of(text)) == expected


def test_the_end_of_a_connection_without_an_offence_shows_that_requests_are_not_the_cause() -> None:
    text = "ann opened a1\nbob opened b1\nann -> who {}\nann closed service\n"
    assert queries.innocent_end(reading_of(text)) is None
    assert queries.innocent_end(reading_of(text + "bob closed us\n")) is None
    assert queries.innocent_end(reading_of(text + "bob closed client\n")) == 4


DOCUMENTED = {
    "a field is missing": ('{"room": "r9"}', True),
    "no room": ('{"pen": "red"}', True),
    "another value": ('{"room": "r9", "pen": "RED"}', False),
    "more than an example": ('{"room": "r9", "more": 1}', False),
    "a number as a room": ('{"room": 3, "pen": "red"}', False),
    "no object": ("null", False),
}


@pytest.mark.parametrize("what", DOCUMENTED)
def test_an_error_is_documented_for_the_very_payload_of_an_example(what: str) -> None:
    payload, expected = DOCUMENTED[what]
    reading = reading_of(f"ann -> pen:take {payload}\n")
    (_, sent, request), = queries.invalid_requests(reading)  # fmt: skip
    assert queries.is_answered_by_error(reading, sent, request) is expected


def test_an_example_with_a_number_as_its_room_has_the_number_of_the_act() -> None:
    request = EXAMPLE.request("pen:take")
    assert request is not None
    invalid = tuple(dataclasses.replace(one, answer="error") for one in request.examples.invalid)
    answered = dataclasses.replace(request, examples=dataclasses.replace(request.examples, invalid=invalid))
    for payload, expected in (
        ('{"room": 4711, "pen": "red"}', True),
        ('{"room": true, "pen": "red"}', False),
        ("null", True),
    ):
        reading = reading_of(f"ann -> pen:take {payload}\n")
        (_, sent, _), = queries.invalid_requests(reading)  # fmt: skip
        assert queries.is_answered_by_error(reading, sent, answered) is expected


REPLIES = {
    "an ack": (f'ann -> who {{"room": "r1"}} #1\nann <= who #1 {LIST}\n', ["who (reply)"]),
    "an event": (f"ann <- who:list {LIST}\n", ["who (reply)"]),
    "another event": (f"ann <- pen:taken {RED}\n", []),
    "an ack of a bad request": ("ann -> who {} #1\nann <= who #1 {}\n", []),
    "an ack without arguments": ('ann -> who {"room": "r1"} #1\nann <= who #1\n', []),
    "an ack of nothing": (f"ann <= who #1 {LIST}\n", []),
    "an ack that is not documented": ('ann -> room:exit {"room": "r1"} #1\nann <= room:exit #1 {}\n', []),
    "an ack of an unknown request": ("ann -> other {} #1\nann <= other #1 {}\n", []),
    "no ack was asked for": (f'ann -> who {{"room": "r1"}}\nann <= who {LIST}\n', []),
}


@pytest.mark.parametrize("what", REPLIES)
def test_a_reply_is_what_answers_a_valid_request(what: str) -> None:
    text, expected = REPLIES[what]
    assert [subject for _, _, subject, _ in queries.replies(reading_of(text))] == expected


def test_an_ack_is_no_reply_where_an_event_alone_is_documented() -> None:
    who = EXAMPLE.events["who"]
    assert who.request is not None
    assert who.request.reply is not None
    request = dataclasses.replace(who.request, reply=dataclasses.replace(who.request.reply, ack=False))
    bundle = dataclasses.replace(EXAMPLE, events={**EXAMPLE.events, "who": dataclasses.replace(who, request=request)})
    text = f'ann -> who {{"room": "r1"}} #1\nann <= who #1 {LIST}\nann <- who:list {LIST}\n'
    assert [index for index, *_ in queries.replies(reading_of(text, bundle))] == [2]


def test_what_no_cause_explains_is_unexplained() -> None:
    text = f"{PAIR}@1 bob <- note:added {NOTE}\n@2 bob <- note:added {NOTE}\n@3 ann <- note:added {NOTE}\n"
    reading = reading_of(text)
    assert queries.unexplained(reading, "bob", 1.0, "note:added") == [4, 5]
    assert queries.unexplained(reading, "bob", 1.1, "note:added") == [5]
    assert queries.unexplained(reading, "bob", 0.0, "pen:taken") == []
    called = reading_of(
        PAIR + '@0.5 http add-note {"room": "r1"} {"text": "hello"} => 201 {}\n' + text.removeprefix(PAIR)
    )
    assert queries.unexplained(called, "ann", 0.0, "note:added") == []
    lost = reading_of(PAIR + '@0.5 http add-note {"room": "r1"} {"text": "hello"} => null\n' + text.removeprefix(PAIR))
    assert queries.unexplained(lost, "bob", 0.0, "note:added") == []


NOT_TAKEN = {
    "its token": ("401", "inconclusive"),
    "its rate": ("429", "inconclusive"),
    "taken": ("200", None),
    "refused for another reason": ("400", None),
    "the connection broke": ('null "connection reset"', None),
    "it may be late": ('null "no whole answer within 5 s"', "inconclusive"),
}


@pytest.mark.parametrize("what", NOT_TAKEN)
def test_a_call_that_was_turned_away_shows_nothing(what: str) -> None:
    answer, expected = NOT_TAKEN[what]
    reading = reading_of(f'http list-notes {{"room": "r1"}} => {answer}\n')
    entry = reading.entries[0]
    assert isinstance(entry, Called)
    found = queries.not_taken(reading, 0, entry, EXAMPLE.calls["list-notes"])
    assert (found and found.outcome.value) == expected


def test_a_token_is_refused_only_where_the_contract_says_how() -> None:
    reading = reading_of('http list-notes {"room": "r1"} => 401\n', dataclasses.replace(EXAMPLE, refusal=None))
    entry = reading.entries[0]
    assert isinstance(entry, Called)
    assert queries.not_taken(reading, 0, entry, EXAMPLE.calls["list-notes"]) is None


def test_calls_are_those_of_the_contract() -> None:
    reading = reading_of('http list-notes {"room": "r1"} => 200\nhttp read-note {"id": "n"} => 200\n')
    assert [index for index, _, _ in queries.calls(reading, lambda one: one.role == "read")] == [1]
    gone = dataclasses.replace(reading, bundle=dataclasses.replace(EXAMPLE, calls={}))
    assert list(queries.calls(gone, lambda one: True)) == []


def test_rosters_are_the_answers_to_the_request_for_one() -> None:
    text = (
        f'ann -> who {{"room": "r1"}} #1\nann <= who #1 {LIST}\nann -> room:enter {{"room": "r1"}} #2\n'
        'ann <= room:enter #2 {"room": "r1", "entered": true}\nann -> who {"room": "r1"} #3\n'
    )
    reading = reading_of(text)
    assert [(index, answer) for index, answer, _, _ in queries.roster_replies(reading)] == [(0, 1)]
    without = dataclasses.replace(reading, bundle=without_requests("who"))
    assert list(queries.roster_replies(without)) == []
    member = {"sockets": [{"socket": "s", "user": "u"}]}
    assert queries.listed_sockets(reading, member) == [("s", "u")]
    assert queries.listed_sockets(without, member) == []


def test_what_is_owed_is_judged_by_what_others_had() -> None:
    rule = "everyone-in-the-room-receives"
    take = f"@1 ann -> pen:take {RED}\n"
    heard = take + f"@1.1 ann <- pen:taken {RED}\n"
    fence = f'@5 bob -> who {{"room": "r1"}} #1\nbob <= who #1 {LIST}\n'
    assert outcomes(rule, PAIR + take + f"bob <- pen:taken {RED}\n") == ["pass"]
    assert messages(rule, PAIR + take + fence) == ["nobody received pen:taken, so that it was sent at all is not known"]
    assert outcomes(rule, PAIR + heard) == ["inconclusive"]
    assert messages(rule, PAIR + heard + fence) == [
        "expected pen:taken of 'r1' at bob, a member of the room, got nothing, while others received it"
    ]
    assert findings(rule, PAIR + heard + fence)[0].evidence == (4, 5, 7)
    wrong = take + "admin saw socket=b1 board-r1\n" + fence
    assert messages(rule, PAIR + wrong)[0].endswith("see room-is-named-as-documented")


def test_a_silence_that_is_not_proved_says_of_what() -> None:
    rule = "nothing-after-leave"
    left = PAIR + '@1 ann -> room:exit {"room": "r1"}\n@1.1 ann out r1\n'
    assert messages(rule, left + "@2 " + HELLO) == [
        "note:added: ann received nothing that was sent later, so a missing event proves nothing"
    ]
    nobody = left + "@2 " + HELLO.split("\n")[0]
    assert messages(rule, nobody) == ["nobody received note:added, so that it was sent at all is not known"]
    amiss = nobody + "\nadmin saw socket=b1 board-r1\n"
    assert messages(rule, amiss)[0].endswith("see room-is-named-as-documented")


def test_what_is_caused_while_a_membership_ends_is_not_judged() -> None:
    rule = "nothing-after-leave"
    text = PAIR + f'@1 ann -> room:exit {{"room": "r1"}}\n@2 {HELLO}ann <- note:added {NOTE}\n@3 ann out r1\n'
    assert outcomes(rule, text) == []
    at_once = PAIR + f'@1 ann -> room:exit {{"room": "r1"}}\n@2 ann out r1\n@2 {HELLO}ann <- note:added {NOTE}\n'
    assert outcomes(rule, at_once) == ["fail"]


def test_a_connection_that_heard_something_later_survived() -> None:
    rule, bad = "connection-survives-a-bad-request", '@2 ann -> pen:take {"room": "r1"}\n'
    end = "@2 ann closed service\n"
    assert outcomes(rule, PAIR + bad + end) == ["fail"]
    assert outcomes(rule, PAIR + bad + "@3 ann probed 2.5\n" + end.replace("@2", "@4")) == ["fail"]
    assert outcomes(rule, PAIR + bad + "@3 ann probed 1.5\n") == ["inconclusive"]


def test_an_event_that_is_a_broadcast_as_well_is_no_reply() -> None:
    who = EXAMPLE.events["who"]
    assert who.request is not None
    assert who.request.reply is not None
    reply = dataclasses.replace(who.request.reply, event="pen:taken")
    request = dataclasses.replace(who.request, reply=reply)
    bundle = dataclasses.replace(EXAMPLE, events={**EXAMPLE.events, "who": dataclasses.replace(who, request=request)})
    assert list(queries.replies(reading_of(f"ann <- pen:taken {LIST}\n", bundle))) == []


def test_a_call_that_was_answered_in_a_stall_was_answered() -> None:
    reading = reading_of('@3 http list-notes {"room": "r1"} => 400\n', stalls=((0.0, 2.0),))
    entry = reading.entries[0]
    assert isinstance(entry, Called)
    assert queries.not_taken(reading, 0, entry, EXAMPLE.calls["list-notes"]) is None
