"""What tells a forged form from everything else, and where it came out."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from conformance.analysis.forgery import (
    Form,
    attempts_in,
    forged_entries,
    is_server_only,
    is_unknown,
    object_in,
    pairs,
    said_by,
)
from contracts.cause import Causes
from contracts.load import load
from tests.unit.scripts import EXAMPLE, PAIR, findings, messages, outcomes, reading_of, transcript_of

RULE = "client-cannot-forge-broadcast"
MARK, OTHER = "forged0123456789", "forgedabcdefghij"
SOS = load("sos")
FENCE = 'ann -> pen:take {"room": "r1", "pen": "red"}\nbob <- pen:taken {"room": "r1", "pen": "red"}\n'


def forged(payload: str, event: str = "note:added", number: str = "") -> str:
    return f"ann -> {event} {payload}{number}\n"


NOTE = f'{{"room": "r1", "text": "{MARK}"}}'


def test_only_what_the_server_alone_sends_can_be_forged() -> None:
    names = ("note:added", "pen:take", "who", "nothing", "problem")
    assert [is_server_only(EXAMPLE, name) for name in names] == [True, False, False, False, True]
    assert not is_server_only(SOS, "message:typing:start")  # Both sides send it.
    assert [is_unknown(EXAMPLE, name) for name in ("note:added", "note:new", "note:send", "nothing")] == [
        False, False, False, True,
    ]  # fmt: skip


ATTEMPTS = {
    "a name of the server's": (forged(NOTE), ["note:added"]),
    "a name that clients used to emit": (forged(NOTE, "note:send"), ["note:send"]),
    "a name that the server used to send": (forged(NOTE, "note:new"), []),
    "an unknown name with a mark": (forged(NOTE, "anything"), ["anything"]),
    "an unknown name": (forged('{"room": "r1"}', "anything"), []),
    "a request with a mark": (forged(NOTE, "who"), []),
    "of two sockets": (forged(NOTE) + forged(NOTE).replace("ann", "bob"), ["note:added", "note:added"]),
}


@pytest.mark.parametrize("what", ATTEMPTS)
def test_an_attempt_is_all_that_a_socket_emitted_of_a_name(what: str) -> None:
    text, expected = ATTEMPTS[what]
    assert [one.event for one in attempts_in(reading_of(PAIR + text))] == expected


def form_of(payload: str, before: str = "", after: str = "", event: str = "note:added") -> Form:
    (attempt,) = attempts_in(reading_of(PAIR + before + forged(payload, event) + after))
    return attempt.forms[0]


FORMS = {
    "the room last": ('{"text": "abcdefghijkl", "room": "r1"}', {"abcdefghijkl"}, (), set()),
    "a mark in a longer text": (f'{{"room": "r1", "text": "{MARK} and more"}}', {MARK}, (), set()),
    "a large fraction": ('{"room": "r1", "x": 1234567890123.5}', {"=1234567890123.5"}, (1234567890123.5,), set()),
    "a mark": (NOTE, {MARK}, (), set()),
    "a long text": ('{"room": "r1", "text": "abcdefghijkl"}', {"abcdefghijkl"}, (), set()),
    "a long text in capitals": ('{"room": "r1", "text": "ABCDEFGHIJKL"}', {"abcdefghijkl"}, (), set()),
    "a short text": ('{"room": "r1", "text": "abcdefghijk"}', set(), (), {("text", "abcdefghijk")}),
    "a date": ('{"room": "r1", "text": "2026-01-01T00:00:00Z"}', set(), (), {("text", "2026-01-01t00:00:00z")}),
    "a long number": ('{"room": "r1", "x": 1234567}', {"=1234567"}, (), set()),
    "a short number": ('{"room": "r1", "x": 123456}', set(), (), {("x", "=123456")}),
    "a long fraction": ('{"room": "r1", "x": 12.34567}', {"=12.34567"}, (12.346,), set()),
    "a short fraction": ('{"room": "r1", "x": 12.3456}', set(), (), {("x", "=12.3456")}),
    "a time": ('{"room": "r1", "x": 1000000000000}', set(), (), {("x", "=1000000000000")}),
    "a number just before that": ('{"room": "r1", "x": 999999999999}', {"=999999999999"}, (), set()),
    "true": ('{"room": "r1", "x": true}', set(), (), {("x", "=True")}),
    "null": ('{"room": "r1", "x": null}', set(), (), set()),
    "a clock field": ('{"room": "r1", "at": 1234567}', set(), (), set()),
    "no object": ('"abcdefghijkl"', {"abcdefghijkl"}, (), set()),
    "a short text by itself": ('"abc"', set(), (), set()),
}  # fmt: skip


@pytest.mark.parametrize("what", FORMS)
def test_a_form_is_known_by_what_nothing_else_carries(what: str) -> None:
    payload, marks, numbers, choices = FORMS[what]
    form = form_of(payload)
    assert (form.marks, form.numbers, form.choices) == (marks, numbers, choices)


def test_what_was_said_besides_proves_no_forgery() -> None:
    payload, said = '{"room": "r1", "text": "abcdefghijkl"}', '{"room": "r1", "text": "abcdefghijkl"}'
    before = f"bob <- other {said}\n"
    assert form_of(payload, before=before).marks == set()
    assert form_of(payload, after=before).marks == {"abcdefghijkl"}
    assert form_of(payload, after=f"bob -> other {said}\n").marks == set()
    assert form_of(payload, after=f'http add-note {{"room": "r1"}} {said} => 201 {{}}\n').marks == set()
    assert form_of(payload, after="eve opened abcdefghijkl\n").marks == set()
    assert form_of(payload, after=forged('{"room": "r2", "text": "abcdefghijkl"}')).marks == set()
    assert form_of(payload, before="@1 bob opened b9\n", after=before).marks == {"abcdefghijkl"}


def test_the_room_of_a_form_is_what_its_first_argument_names() -> None:
    rooms = [
        form_of(payload).room
        for payload in (NOTE, f'"r1" {NOTE}', f'"{{\\"room\\": \\"r2\\", \\"x\\": \\"{MARK}\\"}}"', "7")
    ]
    assert rooms == ["r1", "r1", "r2", None]
    assert object_in('{"a": 1}') == {"a": 1}
    assert [object_in(text) for text in ("[1]", "{", "7", "", '{"a": 1} x')] == [None] * 5


def test_what_an_entry_says_is_told_by_its_kind() -> None:
    text = (
        "ann opened a1 user=ua\nann -> who 1\nann <- x 2\nann <= who #1 3\nredis saw x r1 y {}\n"
        'http list-notes {"room": "r1"} ?{"skip": 1} {"b": 2} => 200 {"c": 3}\nann missed x\n'
    )
    said = [said_by(entry) for entry in transcript_of(text).entries]
    assert said == [["a1", "ua"], (1,), (2,), (3,), ({},), [{"c": 3}], None]
    asked = said_by(transcript_of(text).entries[5], asked=True)
    assert asked == [{"c": 3}, {"room": "r1"}, {"skip": 1}, {"b": 2}]
    assert pairs({"a": "X", "b": [1, {"c": None}]}) == {("a", "x"), ("b", "=1"), ("c", "=None")}


OUT = {
    "at another": (forged(NOTE), f'bob <- x "{MARK}"\n', "fail"),
    "at the one who emitted it": (forged(NOTE), f'ann <- x "{MARK}"\n', "inconclusive"),
    "before it": ("", f'bob <- x "{MARK}"\n' + forged(NOTE), "pass"),
    "at the same time": ("@1 " + forged(NOTE), f'@1 bob <- x "{MARK}"\n', "fail"),
    "in an error to another": (forged(NOTE), f'bob <- problem "{MARK}"\n', "pass"),
    "in its own answer": (forged(NOTE, number=" #1"), f'ann <= note:added #1 "{MARK}"\n', "inconclusive"),
    "in the answer of another": (forged(NOTE), f'bob <= who #1 "{MARK}"\n', "fail"),
    "in a call": (forged(NOTE), f'http list-notes {{"room": "r1"}} => 200 ["{MARK}"]\n', "fail"),
    "to its own socket, as an observer saw": (forged(NOTE), f'redis saw x r1 a1 {{"a": "{MARK}"}}\n', "pass"),
    "to another socket, as an observer saw": (forged(NOTE), f'redis saw x r1 b1 {{"a": "{MARK}"}}\n', "fail"),
    "to a room, as an observer saw": (forged(NOTE), f'redis saw x r1 board:r1 {{"a": "{MARK}"}}\n', "fail"),
    "of what a deliverer explains": (forged('{"room": "r1", "pen": "red"}', "pen:taken"), "", "pass"),
    "two rounded numbers": (
        forged('{"room": "r1", "x": 12.345678, "y": 45.678912}', "cursor:moved"), "bob <- x [12.346, 45.679]\n", "fail",
    ),
    "one rounded number": (
        forged('{"room": "r1", "x": 12.345678, "y": 45.678912}', "cursor:moved"), "bob <- x [12.346, 45.6]\n", "pass",
    ),
    "one rounded number of two forms": (
        forged('{"room": "r1", "x": 12.345678}', "cursor:moved") + forged('{"room": "r1", "x": 45.678912}', "cursor:moved"),
        "bob <- x [12.346, 45.679]\n", "pass",
    ),
    "a whole number as the rounded one": (
        forged('{"room": "r1", "x": 12.000001, "y": 45.000001}', "cursor:moved"), "bob <- x [12, 45]\n", "pass",
    ),
    "its choice of values": (
        forged('{"room": "r1", "pen": "blue"}', "pen:taken"), 'bob <- pen:taken {"room": "r1", "pen": "blue"}\n', "inconclusive",
    ),
    "another choice": (
        forged('{"room": "r1", "pen": "blue"}', "pen:taken"), 'bob <- pen:taken {"room": "r1", "pen": "green"}\n', "pass",
    ),
    "its choice in another room": (
        forged('{"room": "r1", "pen": "blue"}', "pen:taken"), 'bob <- pen:taken {"room": "r2", "pen": "blue"}\n', "pass",
    ),
    "its choice under another documented name": (
        forged('{"room": "r1", "pen": "blue"}', "pen:taken"), 'bob <- cursor:moved {"room": "r1", "pen": "blue"}\n', "pass",
    ),
    "its choice under a name like it": (
        forged('{"room": "r1", "pen": "blue"}', "pen:taken"), 'bob <- pen:taken:2 {"room": "r1", "pen": "blue"}\n', "inconclusive",
    ),
    "its choice under a name unlike it": (
        forged('{"room": "r1", "pen": "blue"}', "pen:taken"), 'bob <- zzzz {"room": "r1", "pen": "blue"}\n', "pass",
    ),
    "its choice without a room": (
        forged('{"pen": "blue"}', "pen:taken"), 'bob <- pen:taken {"pen": "blue"}\n', "inconclusive",
    ),
    "nothing but its name": (forged('{"room": "r1"}', "pen:taken"), 'bob <- pen:taken {"room": "r1"}\n', "inconclusive"),
    "nothing but its name, under a name like it": (
        forged('{"room": "r1"}', "pen:taken"), 'bob <- pen:taken:2 {"room": "r1"}\n', "pass",
    ),
    "its name, without the mark": (forged(NOTE), 'bob <- note:added {"room": "r1"}\n', "pass"),
    "two choices": (
        forged('{"room": "r1", "pen": "blue"}', "pen:taken") + forged('{"room": "r1", "pen": "green"}', "pen:taken"),
        'bob <- pen:taken {"room": "r1", "pen": "blue"}\nbob <- pen:taken {"room": "r1", "pen": "green"}\n', "fail",
    ),
    "one choice twice": (
        forged('{"room": "r1", "pen": "blue"}', "pen:taken") + forged('{"room": "r1", "pen": "green"}', "pen:taken"),
        'bob <- pen:taken {"room": "r1", "pen": "blue"}\nbob <- pen:taken {"room": "r1", "pen": "blue"}\n', "inconclusive",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", OUT)
def test_a_forgery_is_known_wherever_it_comes_out(what: str) -> None:
    emitted, seen, expected = OUT[what]
    text = PAIR + emitted + seen + FENCE
    (outcome,) = set(outcomes(RULE, text))
    assert outcome == expected


def test_each_name_is_judged_by_its_own_rule() -> None:
    retired = PAIR + forged(NOTE, "note:send") + f'bob <- x "{MARK}"\n'
    assert outcomes(RULE, retired) == []
    assert outcomes("retired-request-does-nothing", retired) == ["fail"]
    assert outcomes(RULE, PAIR + forged(NOTE, "anything") + f'bob <- x "{MARK}"\n') == []


def test_what_a_client_forged_is_not_the_services() -> None:
    text = (
        PAIR + forged(NOTE) + f'bob <- x "{MARK}"\nann <- x "{MARK}"\nbob <- x "{OTHER}"\nbob <- y {{"room": "r1"}}\n'
    )
    assert forged_entries(reading_of(text)) == {5, 6, 7}
    assert forged_entries(reading_of(PAIR + f'bob <- x "{MARK}"\n')) == frozenset()
    unsure = (
        PAIR + forged('{"room": "r1", "pen": "blue"}', "pen:taken") + 'bob <- pen:taken {"room": "r1", "pen": "blue"}\n'
    )
    assert forged_entries(reading_of(unsure)) == frozenset()


LATER = 'bob <- cursor:moved {"room": "r1", "x": 1, "user": "ua"}\n'

UNSEEN = {
    "what another caused and heard": (FENCE.replace("ann", "bob"), "nobody received anything"),
    "what another asked": (
        'bob -> who {"room": "r1"} #1\nbob <= who #1 {"room": "r1", "sockets": [], "count": 0}\n',
        "nobody",
    ),
    "what it had asked before": (
        '@0.005 ann -> who {"room": "r1"} #1\n@1 ann <= who #1 {"room": "r1", "sockets": [], "count": 0}\n@2 bob probed 1.5\n',
        "nobody",
    ),
    "nothing later": ("", "nobody received anything that was sent later"),
    "only what was caused before": (
        '@0.005 ann -> cursor:move {"room": "r1", "x": 1}\n' + LATER,
        "nobody received anything",
    ),
    "what another caused": (
        'bob -> cursor:move {"room": "r1", "x": 1}\nann <- cursor:moved {"room": "r1", "x": 1, "user": "ub"}\n',
        "nobody",
    ),
    "closed by the service": (
        "ann closed service\n",
        "the service closed the connection of the client that emitted it",
    ),
    "closed by us": ("ann closed us\n", "nobody received anything"),
    "another closed by the service": ("bob closed service\n", "nobody received anything"),
    "a form that was missed": ("ann missed note:added as two arguments\n", "not every form could be emitted"),
    "a form that another missed": ("bob missed note:added as two arguments\n", "nobody received anything"),
    "another name that was missed": ("ann missed pen:taken as two arguments\n", "nobody received anything"),
    "an error": (
        'ann <- problem {"code": "X"}\n',
        "the service answered it with 'problem', so it has a handler for it",
    ),
    "an error at another": ('bob <- problem {"code": "X"}\n', "nobody received anything"),
}


@pytest.mark.parametrize("what", UNSEEN)
def test_a_forgery_of_which_nothing_is_seen_is_no_pass_without_a_fence(what: str) -> None:
    text, why = UNSEEN[what]
    (message,) = messages(RULE, PAIR + forged(NOTE) + text)
    assert message.startswith(why)
    assert outcomes(RULE, PAIR + forged(NOTE) + text) == ["inconclusive"]


def test_a_connection_that_ends_after_what_followed_was_read_hides_nothing() -> None:
    assert outcomes(RULE, PAIR + forged(NOTE) + FENCE + "ann closed service\n") == ["pass"]
    assert outcomes(RULE, PAIR + forged(NOTE) + "ann closed service\n" + FENCE) == ["inconclusive"]


def test_a_fence_is_at_a_member_who_emitted_nothing_of_the_kind() -> None:
    take = 'ann -> pen:take {"room": "r1", "pen": "red"}\n'
    eve = "eve opened e1\n"
    assert outcomes(RULE, PAIR + eve + forged(NOTE) + take + 'eve <- pen:taken {"room": "r1", "pen": "red"}\n') == [
        "inconclusive"
    ]
    other = PAIR + forged(NOTE) + forged(NOTE.replace(MARK, OTHER)).replace("ann", "bob") + FENCE
    assert outcomes(RULE, other) == ["inconclusive", "inconclusive"]
    asked = 'ann -> who {"room": "r1"} #1\nann <= who #1 {"room": "r1", "sockets": [], "count": 0}\n'
    assert outcomes(RULE, PAIR + forged(NOTE) + asked) == ["inconclusive"]
    assert outcomes(RULE, PAIR + forged(NOTE) + asked + asked.replace("ann", "bob")) == ["pass"]
    assert outcomes(RULE, PAIR + forged(NOTE) + asked + "@1 bob probed 0.01\n") == ["inconclusive"]
    assert outcomes(RULE, PAIR + forged(NOTE) + asked + "@1 bob probed 0.5\n") == ["pass"]


def test_an_answer_that_unknown_names_get_proves_no_handler() -> None:
    ack, error = 'ann <= note:added #1 {"ok": false}\n', 'ann <- problem {"code": "X", "what": "note:added"}\n'
    nil = f'nil opened x1\nnil in r1\nnil -> unknown {{"room": "r1", "text": "{OTHER}"}} #8\n'
    for answer, of_unknown, other in (
        (ack, 'nil <= unknown #8 {"ok": false}\n', 'nil <= unknown #8 {"ok": true}\n'),
        (
            error,
            'nil <- problem {"code": "X", "what": "unknown"}\n',
            'nil <- problem {"code": "Y", "what": "unknown"}\n',
        ),
    ):
        text = PAIR + forged(NOTE, number=" #1") + answer + nil
        assert outcomes(RULE, text + FENCE) == ["inconclusive"]
        assert outcomes(RULE, text + of_unknown + FENCE) == ["pass"]
        assert outcomes(RULE, text + other + FENCE) == ["inconclusive"]


def told(text: str) -> str:
    (message,) = messages(RULE, PAIR + text)
    return message


def test_what_was_emitted_and_where_it_came_out_is_told() -> None:
    second = NOTE.replace(MARK, OTHER)
    seen = {
        f'bob <- x "{MARK}"\n': "'x' at bob",
        f'bob <= who #1 "{MARK}"\n': "the answer to 'who' at bob",
        f'redis saw x r1 a b {{"t": "{MARK}"}}\n': "'x' to a, b (seen by redis)",
        f'http list-notes {{"room": "r1"}} => 200 ["{MARK}"]\n': "the answer to GET /notes/:room",
    }
    for text, where in seen.items():
        assert told(forged(NOTE) + text) == (
            f"expected nothing at others, got what a client emitted, relayed: {{room, text}} came out as {where}"
        )
    many = forged(NOTE) + "".join(f'bob <- x{number} "{MARK}"\n' for number in range(4))
    assert told(many).endswith("{room, text} came out as 'x2' at bob; and 1 more")
    three = forged(NOTE) + "".join(f'bob <- x{number} "{MARK}"\n' for number in range(3))
    assert told(three).endswith("{room, text} came out as 'x2' at bob")
    assert told(forged(NOTE) + f'bob <- x "{MARK}"\nbob <- x "{MARK}"\n').count("came out") == 1
    assert (
        told(forged(NOTE) + forged(second) + FENCE) == "nobody received any of its 2 forms, and a later event arrived"
    )
    assert told(forged(NOTE) + FENCE) == "nobody received it, and a later event arrived"


def test_a_handler_is_known_by_what_it_answers() -> None:
    def why(text: str) -> str:
        return told(forged(NOTE, number=" #1") + text + FENCE)

    assert why("ann <= note:added #1 {}\n").startswith(
        "the service answered it with an ack, so it has a handler for it: no form"
    )
    assert why(f'ann <- x "{MARK}"\n').startswith("the service answered it with 'x', so")
    assert why("ann <= note:added #2 {}\n").startswith("nobody received it")
    assert why('ann <- x "y"\n').startswith("nobody received it")
    assert why(f'bob <- problem "{MARK}"\n').startswith("nobody received it")
    assert told("ann <- problem {}\n" + forged(NOTE) + FENCE).startswith("nobody received it")


def test_an_answer_is_the_same_for_an_unknown_name_but_for_what_was_emitted() -> None:
    error = f'ann <- problem {{"code": "no note:added in r1 for {MARK} after 12 s", "w": "alpha"}}\n'
    text = PAIR + forged(f'{{"room": "r1", "w": "alpha", "t": "{MARK}"}}') + error
    nil = f'nil opened x1\nnil in r2\nnil -> unknown {{"room": "r2", "w": "beta", "t": "{OTHER}"}}\n'
    same = f'nil <- problem {{"code": "no unknown in r2 for {OTHER} after 345 s", "w": "beta"}}\n'
    assert outcomes(RULE, text + nil + same + FENCE) == ["pass"]
    for other in (
        same.replace("no unknown", "not unknown"),
        same.replace('"w"', '"k": "z", "w"'),
        same.replace("problem", "x"),
    ):
        assert outcomes(RULE, text + nil + other + FENCE) == ["inconclusive"]


def test_an_answer_is_shown_with_the_last_form_before_it() -> None:
    second = forged(NOTE.replace(MARK, OTHER))
    for text, evidence in (
        (forged(NOTE) + "ann <- problem {}\n" + second, (4, 5)),
        (forged(NOTE) + second + "ann <- problem {}\n", (5, 6)),
    ):
        (found,) = findings(RULE, PAIR + text)
        assert found.evidence == evidence
        assert found.hint == "look at what the handler does with it"


TICKS = 'mal -> board:tick {"room": "r1", "tick": 17}\nmal -> board:tick {"room": "r1", "tick": 18}\n'
CAME = 'bob <- board:tick {"room": "r1", "tick": 17}\nbob <- board:tick {"room": "r1", "tick": 18}\n'


def test_what_a_service_sends_unasked_is_no_relay_because_it_has_the_same_short_numbers() -> None:
    more = load("example-more")
    (attempt,) = attempts_in(reading_of(TICKS + CAME, more))
    assert (len(attempt.forms), attempt.relays) == (2, ())
    # By any other cause it would come because of a request, which is not there.
    caused = replace(more.events["board:tick"].broadcast, causes=Causes(events=("board:wipe",)))
    event = replace(more.events["board:tick"], broadcast=caused)
    caused_by_one = replace(more, events=MappingProxyType({**more.events, "board:tick": event}))
    (attempt,) = attempts_in(reading_of(TICKS + CAME, caused_by_one))
    assert [relay.sure for relay in attempt.relays] == [True, True]


def test_what_a_service_sends_unasked_is_a_relay_where_it_has_a_number_of_which_there_is_one() -> None:
    (attempt,) = attempts_in(reading_of((TICKS + CAME).replace("17", "317046291"), load("example-more")))
    assert [(relay.form.index, relay.sure) for relay in attempt.relays] == [(0, True)]
