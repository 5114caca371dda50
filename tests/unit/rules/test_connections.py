"""Rules about connections, tokens, nodes and clocks: what they accuse, and what keeps them silent."""

import dataclasses

import msgspec
import pytest

from conformance.model.transcript import Called, Opened
from tests.unit.scripts import EXAMPLE, PAIR, findings, messages, outcomes, reading_of, transcript_of

CONNECTS, OPEN, SURVIVED = "socket-connects", "connection-stays-open", "junk-is-survived"
REFUSED, UNAUTHORIZED = "bad-token-is-refused", "bad-token-is-401"
CLOCKS, NODES, EARLY = "clock-fields-tell-now", "broadcast-reaches-every-node", "what-is-emitted-on-connecting-is-heard"
OWN = "ann opened a1 token=own\n"
LIST = '{"room": "r1", "sockets": [], "count": 0}'
ASKED = f'ann -> who {{"room": "r1"}} #1\nann <= who #1 {LIST}\n'
ASK = 'ann -> who {"room": "r1"}\n'
RED = '{"room": "r1", "pen": "red"}'
BOARD = 'http list-notes {"room": "r1"} '
FOUR = ["inconclusive"] * 4

EXPIRED = 'TOKEN_EXPIRED data={"code": "EXPIRED", "renew": true}'

JUDGED = {
    "a bad token was taken, and the good one refused": (UNAUTHORIZED, BOARD + "=> 400\n" + BOARD + "token=garbage => 200\n", ["inconclusive"]),
    "a bad token taken, and no good one shown": (REFUSED, "bob opened b1 token=forged\n", ["skip"] * 4),
    # socket-connects
    "connected": (CONNECTS, OWN, ["pass"]),
    "refused": (CONNECTS, "ann refused own BAD\n", ["inconclusive"]),
    "refused on purpose": (CONNECTS, OWN + "bob refused forged BAD\n", ["pass"]),
    "refused without a token, where bad ones are shown": (CONNECTS, OWN + "bob refused forged BAD\neve refused none BAD\n", ["pass"]),
    "refused, where a bad one was taken": (CONNECTS, OWN + "bob opened b1 token=forged\neve refused none BAD\n", ["pass", "pass"]),
    "not made": (CONNECTS, OWN + "bob missed could not connect: 404\n", ["pass", "fail"]),
    "another step missed": (CONNECTS, OWN + "bob missed the answer\n", ["pass"]),
    "not made by a service that ends others, too": (
        CONNECTS, OWN + "ann closed service\nbob missed could not connect: 404\n", ["pass", "inconclusive"],
    ),
    # connection-stays-open
    "used": (OPEN, OWN + ASKED, ["pass"]),
    "not used": (OPEN, OWN, []),
    "ended by the service": (OPEN, OWN + ASKED + "ann closed service\n", ["fail"]),
    "ended by the client library": (OPEN, OWN + ASKED + "ann closed client a frame\n", ["fail"]),
    "ended by us": (OPEN, OWN + ASKED + "ann closed us\n", []),
    "ended for a bad request": (OPEN, OWN + "ann -> who {}\nann closed service\n", []),
    "ended for its rate": (OPEN, OWN + ASK * 11 + "ann closed service\n", ["inconclusive"]),
    "ended for less": (OPEN, OWN + ASK * 10 + "ann closed service\n", ["fail"]),
    "ended by the client library after many": (OPEN, OWN + ASK * 11 + "ann closed client\n", ["fail"]),
    "ended long after many": (OPEN, OWN + ASK * 11 + "@1.13 ann closed service\n", ["fail"]),
    "ended a second after many": (OPEN, OWN + ASK * 11 + "@1.02 ann closed service\n", ["inconclusive"]),
    "ended after many of another": (OPEN, OWN + "bob opened b1\n" + ASK.replace("ann", "bob") * 11 + "ann closed service\n", ["fail"]),
    "ended before many": (OPEN, OWN + "ann closed service\n" + ASK * 11, ["fail"]),
    # bad-token-is-refused
    "no bad token was shown": (REFUSED, OWN + "bob refused none NO_TOKEN\n", []),
    "a bad token refused": (REFUSED, OWN + "bob refused forged NO_TOKEN: x\n", ["pass"]),
    "a bad token refused in other words": (REFUSED, OWN + "bob refused forged BAD\n", ["fail"]),
    "a bad token taken": (REFUSED, OWN + "bob opened b1 token=forged\n", ["fail"]),
    "no token taken": (REFUSED, OWN + "bob refused forged NO_TOKEN\neve opened e1\n", ["pass", "fail"]),
    "an expired token refused as forged": (REFUSED, OWN + "bob refused expired NO_TOKEN: x\n", ["fail"]),
    "a forged token refused as expired": (REFUSED, OWN + f"bob refused forged {EXPIRED}\n", ["fail"]),
    "an expired token refused as such": (REFUSED, OWN + f"bob refused expired {EXPIRED}\n", ["pass"]),
    "an expired token refused with more words": (REFUSED, OWN + f"bob refused expired {EXPIRED.replace(' ', ': now ', 1)}\n", ["fail"]),
    "an expired token refused without data": (REFUSED, OWN + "bob refused expired TOKEN_EXPIRED\n", ["fail"]),
    "an expired token refused with other data": (
        REFUSED, OWN + f"bob refused expired {EXPIRED.replace('true', '1')}\n", ["fail"],
    ),
    "a forged token refused with data": (REFUSED, OWN + 'bob refused forged NO_TOKEN data={"code": 1}\n', ["pass"]),
    "every token refused": (REFUSED, "ann refused own BAD\nbob refused forged NO_TOKEN\n", FOUR),
    "a good token taken once": (REFUSED, OWN + "eve refused own BAD\nbob refused forged NO_TOKEN\n", ["pass"]),
    "no good token was shown": (REFUSED, "bob refused forged NO_TOKEN\n", ["skip"] * 4),
    # bad-token-is-401
    "no bad token in a call": (UNAUTHORIZED, BOARD + "=> 200\n" + BOARD + "token=none => 200\n", []),
    "401": (UNAUTHORIZED, BOARD + "=> 200\n" + BOARD + "token=garbage => 401\n", ["pass"]),
    "200": (UNAUTHORIZED, BOARD + "=> 200\n" + BOARD + "token=garbage => 200\n", ["fail"]),
    "401 without a token": (UNAUTHORIZED, BOARD + "=> 200\n" + BOARD + "token=garbage => 401\n" + BOARD + "token=none => 401\n", ["pass", "pass"]),
    "its rate": (UNAUTHORIZED, BOARD + "=> 200\n" + BOARD + "token=garbage => 429\n", ["inconclusive"]),
    "no call succeeded": (UNAUTHORIZED, BOARD + "=> 400\n" + BOARD + "token=garbage => 401\n", ["inconclusive"]),
    "no call was answered": (UNAUTHORIZED, BOARD + "=> null\n" + BOARD + "token=garbage => 401\n", ["inconclusive"]),
    "a call was redirected": (UNAUTHORIZED, BOARD + "=> 399\n" + BOARD + "token=garbage => 401\n", ["pass"]),
    "no call had a token": (UNAUTHORIZED, BOARD + "token=garbage => 401\n", ["skip"]),
    # what-is-emitted-on-connecting-is-heard
    "heard at once": (EARLY, PAIR + f'eve opened e1\neve ->! who {{"room": "r1"}} #1\neve <= who #1 {LIST}\n', ["pass"]),
}  # fmt: skip


@pytest.mark.parametrize("what", JUDGED)
def test_a_connection_is_judged_as_documented(what: str) -> None:
    rule, text, expected = JUDGED[what]
    assert outcomes(rule, text) == expected


def test_a_token_is_judged_only_where_its_refusal_is_documented() -> None:
    bundle = dataclasses.replace(EXAMPLE, refusal=None)
    assert outcomes(REFUSED, OWN + "bob opened b1 token=forged\n", bundle) == []
    assert outcomes(UNAUTHORIZED, BOARD + "=> 200\n" + BOARD + "token=garbage => 200\n", bundle) == []


def test_a_stall_that_missed_pings_ends_a_connection_without_a_fault_of_the_service() -> None:
    text = "@0.1 ann opened a1\n@5 ann closed service\n"
    assert outcomes(OPEN, text, stalls=((1.0, 1.0),)) == ["inconclusive"]
    assert outcomes(OPEN, text, stalls=((1.0, 0.9),)) == ["fail"]
    assert outcomes(OPEN, text) == ["fail"]


def test_how_a_connection_ended_is_told() -> None:
    assert messages(OPEN, OWN + ASKED + "ann closed client a frame\n") == [
        "expected a connection that stays open, got the client library ended the connection of ann in the middle of "
        "valid requests (a frame)"
    ]
    assert messages(OPEN, OWN + "ann closed service\n") == [
        "expected a connection that stays open, got the service ended the connection of ann in the middle of valid requests"
    ]


def test_a_service_that_announces_its_limit_has_to_survive_what_is_within_it() -> None:
    transcript = transcript_of("ann opened a1\nann -> pen:take null\nann closed service close frame 1009\n")
    told = tuple(
        msgspec.structs.replace(one, most_bytes=100) if isinstance(one, Opened) else one for one in transcript.entries
    )
    assert outcomes(SURVIVED, "", entries=transcript.entries) == ["inconclusive"]
    assert outcomes(SURVIVED, "", entries=told) == ["fail"]


def test_what_was_lost_on_connecting_is_named() -> None:
    text = (
        PAIR
        + f'@1 eve opened e1\n@1.0005 eve ->! who {{"room": "r1"}} #1\n@2 eve -> who {{"room": "r1"}} #2\neve <= who #2 {LIST}\n'
    )
    assert messages(EARLY, text) == [
        "expected who to have their effects from the moment of connecting, got none of what was emitted as soon as it was "
        "connected; the same requests had their effects 1000 ms after connecting"
    ]
    assert (
        "in the first 1 ms after connecting"
        in messages(EARLY, text.replace("@1 eve", "@0 eve").replace("1.0005", "0.001"))[0]
    )
    payloads = {
        "pen:take": RED,
        "cursor:move": '{"room": "r1", "x": 1}',
        "who": '{"room": "r1"}',
        "room:enter": '{"room": "r1"}',
    }
    heard = {
        "pen:take": f"bob <- pen:taken {RED.replace('red', 'blue')}\n",
        "cursor:move": 'bob <- cursor:moved {"room": "r1", "x": 2, "user": "ue"}\n',
        "who": f"eve <= who #9 {LIST}\n",
        "room:enter": 'eve <= room:enter #9 {"room": "r1", "entered": true}\n',
    }
    for names, told in (
        (("pen:take", "cursor:move", "who"), "pen:take, cursor:move, who to have"),
        (("pen:take", "cursor:move", "who", "room:enter"), "pen:take, cursor:move, who and 1 more to have"),
    ):
        early = "".join(f"eve ->! {name} {payloads[name]}\n" for name in names)
        later = "".join(
            f"eve -> {name} {payloads[name].replace('red', 'blue').replace('1}', '2}')} #9\n{heard[name]}"
            for name in names
        )
        assert told in messages(EARLY, PAIR + "eve opened e1 user=ue\n" + early + later)[0]


def test_what_was_lost_on_connecting_has_its_deadline_first() -> None:
    text = (
        PAIR
        + f'@1 eve opened e1\n@1 eve ->! who {{"room": "r1"}} #1\n@2 eve -> who {{"room": "r1"}} #2\neve <= who #2 {LIST}\n'
    )
    assert [outcomes(EARLY, text, ended_s=ended_s) for ended_s in (2.9, 3.0)] == [["inconclusive"], ["fail"]]


NOW_MS = 1_766_840_400_000


def clocked(at: object) -> str:
    return f'@1.0 bob <- note:added {{"id": "n", "room": "r1", "text": "x", "at": {at}}}\n'


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (NOW_MS + 1000, ["pass"]), (NOW_MS + 301_000, ["pass"]), (NOW_MS + 301_001, ["fail"]), (NOW_MS - 299_000, ["pass"]),
        (NOW_MS - 299_001, ["fail"]), (NOW_MS / 1000, ["fail"]), ('"now"', ["fail"]), ("true", ["fail"]), ("null", ["fail"]),
    ],
)  # fmt: skip
def test_a_clock_field_tells_now(at: object, expected: list[str]) -> None:
    assert outcomes(CLOCKS, clocked(at), epoch_s=NOW_MS / 1000) == expected


@pytest.mark.parametrize("at", [NOW_MS + 1000, NOW_MS + 3_600_000, NOW_MS - 7_200_000])
def test_a_clock_field_may_tell_what_our_clock_told_before_or_after_it_was_set(at: int) -> None:
    now_s = NOW_MS / 1000
    assert outcomes(CLOCKS, clocked(at), epoch_s=now_s, reset_epochs_s=(now_s + 3600, now_s - 7200)) == ["pass"]
    assert outcomes(CLOCKS, clocked(at + 1_800_000), epoch_s=now_s, reset_epochs_s=(now_s + 3600, now_s - 7200)) == [
        "fail"
    ]


CLOCKED = {
    "no field": ('bob <- note:added {"id": "n"}\n', []),
    "no object": ("bob <- note:added 7\n", []),
    "no clock": (f"bob <- pen:taken {RED}\n", []),
    "an undocumented event": ('bob <- note {"at": 7}\n', []),
    "a forgery": (
        'ann -> note:added {"text": "forged0123456789", "at": 7}\nbob <- note:added {"text": "forged0123456789", "at": 7}\n',
        [],
    ),
    "an answer without clocks": (f"ann <- who:list {LIST}\n", []),
    "an unknown ack": ('ann <= other #1 {"at": 7}\n', []),
    "an ack without a reply": ('ann <= room:exit #1 {"at": 7}\n', []),
}


def test_true_is_no_time() -> None:
    assert outcomes(CLOCKS, clocked("true"), epoch_s=0.0) == ["fail"]
    assert outcomes(CLOCKS, clocked(1000), epoch_s=0.0) == ["pass"]
    assert messages(CLOCKS, clocked(7), epoch_s=NOW_MS / 1000) == [
        f"expected `at` within 5 minutes of {NOW_MS + 1000} (unix-ms), got 7"
    ]


@pytest.mark.parametrize("what", CLOCKED)
def test_what_has_no_clock_tells_no_time(what: str) -> None:
    text, expected = CLOCKED[what]
    assert outcomes(CLOCKS, text, epoch_s=NOW_MS / 1000) == expected


def test_the_clocks_of_answers_tell_now() -> None:
    who = EXAMPLE.events["who"]
    assert who.request is not None
    assert who.request.reply is not None
    reply = dataclasses.replace(who.request.reply, clocks={"at": "date-time"})
    request = dataclasses.replace(who.request, reply=reply)
    bundle = dataclasses.replace(EXAMPLE, events={**EXAMPLE.events, "who": dataclasses.replace(who, request=request)})
    now, late = '{"at": "2025-12-27T13:00:01Z"}', '{"at": "2025-12-27T13:00:01+05:30"}'
    for text in ("@1.0 ann <- who:list {}\n", "@1.0 ann <= who #1 {}\n"):
        for payload, expected in (
            (now, "pass"), (now.replace("Z", ""), "pass"), (late, "fail"), ('{"at": "noon"}', "fail"), ('{"at": 7}', "fail"),
        ):  # fmt: skip
            assert outcomes(CLOCKS, text.replace("{}", payload), bundle, epoch_s=NOW_MS / 1000) == [expected]
    assert messages(CLOCKS, f"@1.0 ann <= who #1 {late}\n", bundle, epoch_s=NOW_MS / 1000) == [
        'expected `at` within 5 minutes of 2025-12-27T13:00:01.000+00:00 (date-time), got "2025-12-27T13:00:01+05:30"'
    ]


FOUR_ON_TWO = """
ann opened a1 user=ua node=a
abe opened a2 user=ua node=a
bob opened b1 user=ub node=b
ben opened b2 user=ub node=b
ann in r1
abe in r1
bob in r1
ben in r1
"""
CUE = f"@1 ann -> pen:take {RED}\n"
AT_ANN, AT_ABE, AT_BOB = (f"@1.1 {actor} <- pen:taken {RED}\n" for actor in ("ann", "abe", "bob"))
FENCED = f'@9 bob -> who {{"room": "r1"}} #9\nbob <= who #9 {LIST}\n'

ACROSS = {
    "a socket of its own node lost it, and the other node may be late": (
        FOUR_ON_TWO + CUE + AT_ANN + FENCED.replace("bob", "abe").replace("abe <=", "@18 abe <="), [],
    ),
    "it crossed": (FOUR_ON_TWO + CUE + AT_ANN + AT_BOB, ["pass"]),
    "it was lost": (FOUR_ON_TWO + CUE + AT_ANN + FENCED, ["fail"]),
    "it was lost, without a fence": (FOUR_ON_TWO + CUE + AT_ANN, []),
    "nobody had it": (FOUR_ON_TWO + CUE + FENCED, []),
    "one socket of the other node had it": (FOUR_ON_TWO + CUE + AT_ANN + AT_BOB.replace("bob", "ben") + FENCED, ["pass"]),
    "a socket of its own node lost it": (FOUR_ON_TWO + CUE + AT_BOB, ["pass"]),
    "one node": (FOUR_ON_TWO.replace("node=b", "node=a") + CUE + AT_ANN + FENCED, []),
    "no nodes": (FOUR_ON_TWO.replace("node=a", "").replace("node=b", "") + CUE + AT_ANN + FENCED, []),
    "one member of a node": (FOUR_ON_TWO.replace("ben in r1", "ben in r2") + CUE + AT_ANN + FENCED, []),
    "a member that is only assumed": (FOUR_ON_TWO.replace("ben in r1", "ben in r1 assumed") + CUE + AT_ANN + FENCED, []),
    "a sender without a node": (FOUR_ON_TWO + "eve opened e1\neve in r1\n" + CUE.replace("ann", "eve") + AT_ANN + FENCED, []),
    "a member without a node": (FOUR_ON_TWO + "eve opened e1\neve in r1\n" + CUE + AT_ANN + AT_BOB, ["pass"]),
}  # fmt: skip


@pytest.mark.parametrize("what", ACROSS)
def test_a_broadcast_crosses_from_node_to_node(what: str) -> None:
    text, expected = ACROSS[what]
    assert outcomes(NODES, text) == expected


def test_a_call_is_caused_at_the_node_that_it_was_made_at() -> None:
    text = FOUR_ON_TWO + '@1 http add-note {"room": "r1"} {"text": "x"} => 201 {}\n'
    heard = '@1.1 ann <- note:added {"id": "n", "room": "r1", "text": "x", "at": 1}\n'
    entries = transcript_of(text + heard + FENCED).entries
    made = tuple(msgspec.structs.replace(one, node="a") if isinstance(one, Called) else one for one in entries)
    assert outcomes(NODES, "", entries=made, rooms=("r1",)) == ["fail"]
    assert outcomes(NODES, "", entries=entries, rooms=("r1",)) == []
    assert messages(NODES, "", entries=made, rooms=("r1",)) == [
        "expected what is caused at a at the sockets of b, got nothing of note:added, while others received it"
    ]
    assert [one.event for one in reading_of("", entries=made, rooms=("r1",)).provocations] == ["note:added"]


def test_what_is_called_at_one_node_crosses_to_sockets_that_are_all_at_another() -> None:
    text = FOUR_ON_TWO.replace("node=b", "node=a") + '@1 http add-note {"room": "r1"} {"text": "x"} => 201 {}\n'
    entries = transcript_of(text + '@1.1 ann <- note:added {"id": "n", "room": "r1", "text": "x", "at": 1}\n').entries
    made = tuple(msgspec.structs.replace(one, node="b") if isinstance(one, Called) else one for one in entries)
    assert [one.subject for one in findings(NODES, "", entries=made, rooms=("r1",))] == ["b -> a"]
    assert outcomes(NODES, "", entries=made, rooms=("r1",)) == ["pass"]


def test_the_words_of_a_refusal_are_told() -> None:
    assert messages(REFUSED, OWN + "bob refused forged BAD\n") == [
        "expected a message that begins with 'NO_TOKEN', got 'BAD'"
    ]


def test_what_to_do_about_a_refused_token_is_told() -> None:
    (found,) = findings(CONNECTS, "ann refused own BAD\n")
    usual = "give tokens that it takes: --token, --jwt-key, or [auth] of the settings"
    assert found.hint == usual
    assert {one.hint for one in findings(REFUSED, "ann refused own BAD\nbob refused forged BAD\n")} == {usual}
