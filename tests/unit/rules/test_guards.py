"""Conditions under which a rule finds nothing, or nothing sure: each has a script that is judged otherwise without it."""

import dataclasses

import pytest

from conformance.model.transcript import OVER_LIMIT
from conformance.rules.bad_request_has_no_effect import _spared
from contracts.limits import Limit, json_bytes
from contracts.load import load
from contracts.model import Bundle
from contracts.recovery import Recovery
from contracts.schema import Schema
from tests.running import ROOT
from tests.unit.scripts import EXAMPLE, PAIR, RULES, messages, outcomes, reading_of


def case(name: str) -> Bundle:
    return load(str(ROOT / "tests" / "cases" / name / "contracts"))


MORE = load("example-more")
DEPOT, FERRY, TOLLGATE, DARKROOM = map(case, ("depot_receivers", "ferry_arguments", "tollgate_acks", "darkroom_binary"))
RATE, SIZE, OPEN = (
    "events-above-the-limit-end-as-documented",
    "payloads-up-to-the-limit-are-taken",
    "connection-stays-open",
)
THREE = "".join(f"{one} opened {one[0]}1 user=u{one[0]} token=own\n{one} in r1\n" for one in ("ann", "bob", "eve"))
WHO = '{"room": "r1", "sockets": [], "count": 0}'
NOTE = '{"id": "n1", "room": "r1", "text": "hello", "at": 1}'


def moves(actor: str, sent: int, heard: int, first: int = 0) -> str:
    values = [f'"room": "r1", "x": {number}' for number in range(first, first + sent)]
    told = [f'bob <- cursor:moved {{{value}, "user": "u{actor[0]}"}}' for value in values[:heard]]
    return "\n".join([*(f"{actor} -> cursor:move {{{value}}}" for value in values), *told]) + "\n"


def take(actor: str, count: int) -> str:
    return f'{actor} -> pen:take {{"room": "r1", "pen": "red", "padding": "{"x" * count}"}}\n'


def wipe(actor: str, count: int) -> str:
    return f'{actor} -> board:wipe {{"room": "r1", "by": "{"x" * count}"}}\n'


def wipes(actor: str, sent: int, told: int) -> str:
    """A burst of an actor, of which it is told the state alone."""
    return wipe(actor, 1) * sent + f'{actor} <- board:state {{"room": "r1"}}\n' * told


def with_broadcast(event: str, **changed: object) -> Bundle:
    """The contract with another promise of an event."""
    old = MORE.events[event]
    new = dataclasses.replace(old, broadcast=dataclasses.replace(old.broadcast, **changed))
    return dataclasses.replace(MORE, events={**MORE.events, event: new})


def tick(at_s: float, *actors: str) -> str:
    return "".join(f'@{at_s} {actor} <- board:tick {{"room": "r1", "tick": 1}}\n' for actor in actors)


READ_ALONE = dataclasses.replace(EXAMPLE, calls={"read-note": EXAMPLE.calls["read-note"]})
RESUMING = dataclasses.replace(EXAMPLE, recovery=Recovery(within_s=10, source="the guide"))
RED, BLUE = '{"room": "r1", "pen": "red"}', '{"room": "r1", "pen": "blue"}'
WIPES = dataclasses.replace(MORE, limits=(dataclasses.replace(MORE.limits[0], events=("board:wipe",), then="dropped"),))
TIMED = with_broadcast(
    "board:wiped", causes=dataclasses.replace(MORE.events["board:wiped"].broadcast.causes, every_s=2.0)
)
EMPTY = json_bytes([{"room": "r1", "pen": "red", "padding": ""}])
BURST = moves("eve", 8, 2)
LATER = "@3 eve missed nothing\n" + moves("eve", 1, 1, 90)
HANG_UP = Limit(per_s=3, then="hang-up", source="s")
SOONER = dataclasses.replace(MORE, limits=(dataclasses.replace(MORE.limits[0], then="dropped"), HANG_UP))

JUDGED = {
    "a connection that had ended before the burst": (
        RATE, MORE, THREE.replace("eve opened", "eve opened e0\neve closed service\neve opened") + moves("ann", 2, 2) + BURST + LATER,
        ["pass", "pass"],
    ),
    "an error that had come before the burst": (
        RATE,
        MORE,
        THREE + moves("ann", 2, 2) + 'eve <- problem {"code": "X"}\n' + BURST + LATER,
        ["pass", "pass"],
    ),
    "events of which the first broadcast was not heard, and the second was": (
        RATE,
        WIPES,
        THREE + wipes("ann", 2, 2) + wipes("eve", 8, 2) + "@3 eve missed nothing\n" + wipes("eve", 1, 1),
        ["pass", "pass"],
    ),
    "the refusal of another's": (
        SIZE,
        dataclasses.replace(TOLLGATE, max_payload_bytes=160),
        f'ann opened a1\nbob opened b1\nann -> gate:watch {{"gate": "g1", "z": "{"x" * 170}"}} #1\n'
        + 'bob -> gate:watch {"gate": "g2"} #1\nbob <= gate:watch #1 {"ok": false}\n',
        ["inconclusive"],
    ),
    "a repetition of what may also come by a schedule": (
        "delivered-exactly-once",
        TIMED,
        PAIR + 'ann -> board:wipe {"room": "r1", "by": "x"}\n' + 'bob <- board:wiped {"room": "r1", "by": "x"}\n' * 2,
        ["inconclusive"],
    ),
    "what follows a broadcast waited for that alone": (
        "delivered-within-deadline",
        MORE,
        PAIR
        + '@1 ann -> board:wipe {"room": "r1", "by": "x"}\n@2.9 bob <- board:wiped {"room": "r1", "by": "x"}\n'
        + '@3.5 bob <- board:logged {"room": "r1", "by": "x"}\n',
        ["pass", "pass"],
    ),
    "the first event after the burst was lost and the next was heard": (
        RATE, MORE, THREE + moves("ann", 2, 2) + BURST + "@3 eve missed nothing\n" + moves("eve", 1, 0, 80) + moves("eve", 1, 1, 90),
        ["pass", "pass"],
    ),
    "the connection of who sent more was ended, and of no other": (
        RATE, SOONER, THREE + moves("ann", 8, 2) + "ann closed service\n" + moves("eve", 2, 2), ["fail", "pass"],
    ),
    "we ended a connection for its size": (
        OPEN, EXAMPLE, f'ann opened a1\nann -> who {{"room": "r1"}}\nann closed client {OVER_LIMIT} a packet\n', ["inconclusive"],
    ),
    "the connection of another ended": (SIZE, MORE, PAIR + take("ann", 170) + "bob closed service\n", ["inconclusive"]),
    "the connection of another ended, below": (SIZE, MORE, PAIR + take("ann", 70) + "bob closed service\n", ["inconclusive"]),
    "the first of two broadcasts was lost": (
        SIZE, MORE, PAIR + wipe("ann", 180) + 'ann <- board:state {"room": "r1"}\n', ["fail"],
    ),
    "events that need no answer": ("event-asks-for-its-answer", MORE, PAIR + f"bob <- note:added {NOTE}\n", []),
    "events that need an answer, after others": (
        "event-asks-for-its-answer", MORE, PAIR + f'bob <- note:added {NOTE}\nbob <- pen:taken {{"room": "r1", "pen": "red"}}\n', ["fail"],
    ),
    "the connection of another was lost before": (
        "missed-events-are-replayed", RESUMING,
        PAIR + f"eve opened e1\n@0.9 eve closed service\n@1 bob closed us\n@1.1 ann <- pen:taken {RED}\n@1.5 back opened b1 resumes=bob offset=o\n"
        f"@1.6 back <- pen:taken {RED}\n@1.7 ann <- pen:taken {BLUE}\n@1.8 back <- pen:taken {BLUE}\n",
        ["pass"],
    ),
    "as many arguments as documented": (
        "payload-is-one-argument", FERRY, 'ann opened a1\nann in r1\nann <- called-out "x" true\n', ["pass"],
    ),
    "fewer arguments than documented": (
        "payload-is-one-argument", FERRY, 'ann opened a1\nann in r1\nann <- called-out "x"\n', ["fail"],
    ),
    "how many arguments there are is told once": (
        "payload-keeps-its-schema", FERRY, 'ann opened a1\nann in r1\nann <- called-out "x"\n', [],
    ),
    "an argument that breaks its schema": (
        "payload-keeps-its-schema", FERRY, 'ann opened a1\nann in r1\nann <- called-out "x" 7\n', ["fail"],
    ),
    "a refusal of which nothing more is documented": (
        "payload-keeps-its-schema", TOLLGATE, 'ann opened a1\nann -> gate:watch {"gate": "g1"} #1\nann <= gate:watch #1 {"ok": false}\n', [],
    ),
    "a broadcast to one socket has no room to be named": (
        "room-is-named-as-documented", DEPOT, 'ann opened a1\nbob opened b1\nann -> page {"to": "b1", "text": "x"}\nbob <- paged {"text": "x"}\n', [],
    ),
    "ticks that came to another alone": (
        "scheduled-broadcast-comes-in-its-period", MORE,
        PAIR + tick(1, "bob") + tick(3, "bob") + f'@9 ann -> who {{"room": "r1"}} #9\n@9.1 ann <= who #9 {WHO}\n',
        ["fail", "inconclusive"],
    ),
    "another event in place of ticks": (
        "scheduled-broadcast-comes-in-its-period", MORE,
        "ann opened a1 user=ua token=own\nann in r1\n" + "".join(f"@{at} ann <- note:added {NOTE}\n" for at in (1, 3, 5, 7, 9, 11))
        + f'@18 ann -> who {{"room": "r1"}} #9\n@18.1 ann <= who #9 {WHO}\n',
        ["fail"],
    ),
    "what was no binary data when it came out": (
        "values-come-out-as-they-went-in", DARKROOM,
        'ann opened a1\nbob opened b1\nann in f1\nbob in f1\nann -> frame:expose {"film": "f1", "label": "sea", "light": {"$binary": "AQL/"}}\n'
        'bob <- frame:developed {"film": "f1", "label": "sea", "light": "AQL/"}\n',
        ["inconclusive"],
    ),
    "a member is missing, and the connection of another ended": (
        "roster-is-true",
        EXAMPLE,
        PAIR
        + 'eve opened e1\nann -> who {"room": "r1"} #1\n'
        + 'ann <= who #1 {"room": "r1", "sockets": [{"socket": "a1", "user": "ua"}], "count": 1}\neve closed service\n',
        ["fail"],
    ),
    "one who is in no room is listed, and its connection ended later": (
        "roster-is-true",
        EXAMPLE,
        PAIR
        + 'eve opened e1\nann -> who {"room": "r1"} #1\n'
        + 'ann <= who #1 {"room": "r1", "sockets": [{"socket": "a1"}, {"socket": "b1"}, {"socket": "e1"}], "count": 3}\neve closed service\n',
        ["fail"],
    ),
    "one who is in no room is not listed, and its connection ended later": (
        "roster-is-true",
        EXAMPLE,
        PAIR
        + 'eve opened e1\nann -> who {"room": "r1"} #1\n'
        + 'ann <= who #1 {"room": "r1", "sockets": [{"socket": "a1"}, {"socket": "b1"}], "count": 2}\neve closed service\n',
        ["pass"],
    ),
    "a member is missing whose connection ended": (
        "roster-is-true",
        EXAMPLE,
        PAIR
        + 'eve opened e1\nann -> who {"room": "r1"} #1\n'
        + 'ann <= who #1 {"room": "r1", "sockets": [{"socket": "a1", "user": "ua"}], "count": 1}\nbob closed service\n',
        ["inconclusive"],
    ),
    "what was heard before it joined is nothing that it heard after it left": (
        "nothing-after-leave",
        EXAMPLE,
        PAIR
        + f'eve opened e1\nhttp add-note {{"room": "r1"}} {{"text": "hello"}} => 201 {{}}\neve <- note:added {NOTE}\n'
        + 'eve -> room:enter {"room": "r1"}\neve in r1\neve -> room:exit {"room": "r1"}\neve out r1\n',
        [],
    ),
    "as large as allowed": (SIZE, MORE, PAIR + take("ann", 160 - EMPTY) + f"bob <- pen:taken {RED}\n", ["pass"]),
    "one byte larger": (SIZE, MORE, PAIR + take("ann", 161 - EMPTY) + f"bob <- pen:taken {RED}\n", ["fail"]),
    "the sender of what it is not to hear hears nothing": (
        "bad-request-has-no-effect", EXAMPLE,
        PAIR + 'ann in r2\n@1 ann -> room:exit {}\n@1.1 ann -> cursor:move {"room": "r1", "x": 1}\n'
        '@1.2 bob <- cursor:moved {"room": "r1", "x": 1, "user": "ua"}\n'
        '@1.3 http add-note {"room": "r2"} {"text": "other"} => 201 {}\n@1.4 ann <- note:added {"id": "n2", "room": "r2", "text": "other", "at": 1}\n',
        ["pass"],
    ),
    "what nobody heard is not missing at one member": (
        "bad-request-has-no-effect", EXAMPLE,
        PAIR + 'ann in r2\n@1 ann -> room:exit {}\n@1.1 http add-note {"room": "r1"} {"text": "hello"} => 201 {}\n'
        '@1.3 http add-note {"room": "r2"} {"text": "other"} => 201 {}\n@1.4 ann <- note:added {"id": "n2", "room": "r2", "text": "other", "at": 1}\n',
        ["pass"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", JUDGED)
def test_it_is_judged_by_what_it_was_alone(what: str) -> None:
    rule, bundle, text, expected = JUDGED[what]
    assert outcomes(rule, text, bundle) == expected


def test_an_end_while_our_event_loop_was_stalled_is_not_the_limits() -> None:
    allowed = (
        THREE
        + moves("ann", 2, 1)
        + "@5 ann closed service\n"
        + "@6 eve missed nothing\n"
        + BURST
        + "@9 eve missed it\n"
        + moves("eve", 1, 1, 90)
    )
    above = THREE + moves("ann", 2, 2) + BURST + "@5 eve closed service\n"
    stalled = ((1.0, 1.0),)
    assert outcomes(RATE, allowed, MORE)[1] == "fail"
    assert outcomes(RATE, allowed, MORE, stalls=stalled)[1] == "inconclusive"
    assert outcomes(RATE, above, MORE)[0] == "fail"
    assert outcomes(RATE, above, MORE, stalls=stalled)[0] == "inconclusive"


def test_sockets_that_went_are_told_apart_by_any_field_where_none_is_documented_to_name_them() -> None:
    went = "ann closed us\nann out r1\neve closed us\neve out r1\n"
    told = "".join(f'bob <- guest:left {{"room": "r1", "user": "{user}"}}\n' for user in ("ue", "ua"))
    reading = reading_of(THREE + went + told, with_broadcast("guest:left", sender=None))
    left = {one.sender: reading.delivered(one, "bob") for one in reading.provocations if one.event == "guest:left"}
    assert left == {"ann": (11,), "eve": (10,)}


def test_ticks_at_one_socket_are_none_at_another() -> None:
    ticks = "".join(tick(at_s, "bob") for at_s in (1, 3, 5, 7, 9))
    fence = f'@9.1 ann -> who {{"room": "r1"}} #9\n@9.2 ann <= who #9 {WHO}\n'
    assert outcomes("scheduled-broadcast-comes-in-its-period", PAIR + ticks + fence, MORE, ended_s=9.5) == [
        "fail",
        "pass",
    ]
    other = PAIR + ticks.replace("board:tick", "board:tock") + fence.replace("ann", "bob")
    assert outcomes("scheduled-broadcast-comes-in-its-period", other, MORE, ended_s=9.5) == ["inconclusive", "fail"]


def test_ticks_for_everyone_are_due_outside_of_rooms_as_well() -> None:
    everyone = with_broadcast("board:tick", receivers="everyone")
    text = "ann opened a1\n" + "".join(tick(at_s, "ann") for at_s in (1, 3, 5))
    assert outcomes("scheduled-broadcast-comes-in-its-period", text, everyone, ended_s=6.0) == ["pass"]
    assert outcomes("scheduled-broadcast-comes-in-its-period", text, MORE, ended_s=6.0) == []


def test_who_disconnects_causes_only_what_a_disconnect_is_documented_to_cause() -> None:
    reading = reading_of(THREE + "ann closed us\nann out r1\n", MORE)
    gone = [(one.event, one.sender) for one in reading.provocations if one.at_s > 0.065]
    assert gone == [("guest:left", "ann")]


def test_a_broadcast_that_nobody_heard_does_not_show_that_a_member_was_put_out() -> None:
    other = '{"id": "n2", "room": "r2", "text": "other", "at": 1}'
    text = (
        PAIR
        + f'ann in r2\n@1 ann -> room:exit {{}}\n@1.1 bob -> pen:take {RED}\n@1.2 bob -> who {{"room": "r1"}} #1\nbob <= who #1 {WHO}\n'
    )
    text += f'@1.3 http add-note {{"room": "r2"}} {{"text": "other"}} => 201 {{}}\nann <- note:added {other}\n'
    text += "".join(f'@{at} ann -> who {{"room": "r1"}} #{at}\nann <= who #{at} {WHO}\n' for at in (8, 9))
    lost = text.replace("@1.2", f"@1.15 bob <- pen:taken {RED}\n@1.2")
    assert outcomes("bad-request-has-no-effect", text) == ["pass"]
    assert outcomes("bad-request-has-no-effect", lost) == ["pass", "fail"]


def test_any_member_that_received_something_later_shows_that_a_forgery_went_nowhere() -> None:
    forged = PAIR + 'eve opened e1\neve in r1\nann -> note:added {"room": "r1", "text": "forged0123456789"}\n'
    asked = "".join(f'{one} -> who {{"room": "r1"}} #1\n{one} <= who #1 {WHO}\n' for one in ("ann", "eve"))
    assert outcomes("client-cannot-forge-broadcast", forged + asked) == ["pass"]
    assert outcomes("client-cannot-forge-broadcast", forged + asked.replace("eve", "ann")) == ["inconclusive"]


def test_a_valid_optional_field_may_be_passed_on_beside_a_bad_one_that_is_not() -> None:
    request = EXAMPLE.request("pen:take")
    assert request is not None
    texts = {name: {"type": "string"} for name in ("room", "ink", "note")}
    optional = dataclasses.replace(
        request, payload=Schema({"type": "object", "required": ["room"], "properties": texts})
    )
    sent = {"room": "r1", "ink": 7, "note": "x"}
    assert _spared(optional, sent, {"room": "r1", "note": "x"})
    assert not _spared(optional, sent, sent)
    assert not _spared(optional, {"room": 7, "note": "x"}, None)
    assert not _spared(optional, {"room": "r1", "note": "x"}, None)


def test_without_an_error_event_nobody_else_gets_one() -> None:
    bundle = dataclasses.replace(EXAMPLE, errors=None)
    text = PAIR + 'ann -> pen:take {"room": "r1", "pen": "purple"}\nbob <- problem {"code": "X"}\n'
    fenced = text + 'ann -> pen:take {"room": "r1", "pen": "red"}\nbob <- pen:taken {"room": "r1", "pen": "red"}\n'
    for script in (text, fenced):
        assert outcomes("error-goes-to-the-requester-alone", script) == ["fail"]
        assert outcomes("error-goes-to-the-requester-alone", script, bundle) == []


def test_a_roster_of_a_room_that_nobody_hears_for_its_id_is_not_judged() -> None:
    digits = "123456789012345001"
    text = (
        PAIR
        + f'ann in {digits}\nann -> who {{"room": "{digits}"}} #1\nann <= who #1 {{"room": "{digits}", "sockets": [], "count": 0}}\n'
    )
    nobody = f'http add-note {{"room": "{digits}"}} {{"text": "x"}} => 201 {{}}\n'
    heard = f'http add-note {{"room": "r1"}} {{"text": "hello"}} => 201 {{}}\nbob <- note:added {NOTE}\n'
    assert outcomes("roster-is-true", text) == ["fail"]
    assert outcomes("roster-is-true", text + nobody + heard) == ["inconclusive"]


SUBJECTS = {
    "bad-token-is-401": (
        READ_ALONE,
        ["token: expired", "token: missing", "token: not a token", "token: signed with another key"],
    ),
    "event-asks-for-its-answer": (EXAMPLE, []),
    "rooms-are-isolated": (DEPOT, ["paged", "rerouted"]),
    "sender-hears-as-documented": (DEPOT, ["announced", "rerouted", "rung"]),
}


@pytest.mark.parametrize("rule", SUBJECTS)
def test_a_rule_is_judged_on_what_its_contract_promises(rule: str) -> None:
    bundle, expected = SUBJECTS[rule]
    assert sorted(RULES[rule].subjects(bundle)) == expected


def test_a_connection_that_another_socket_made_is_judged_after_one_that_is_not() -> None:
    text = "@0.1 ann opened a1\n@3.0 bob missed could not connect: timed out\n@3.1 eve missed could not connect: timed out\n"
    assert outcomes("socket-connects", text) == ["pass", "fail", "fail"]


A, B = "r-1", "r-12"
APART = f"ann opened a1\nann in {A}\noda opened o1\noda in {B}\n"


def added(text: str, room: str) -> str:
    return f'http add-note {{"room": "{room}"}} {{"text": "{text}"}} => 201 {{}}\n'


def heard(actor: str, text: str, room: str) -> str:
    return f'{actor} <- note:added {{"id": "n-{text}", "room": "{room}", "text": "{text}", "at": 1}}\n'


def test_the_end_of_a_connection_of_the_room_alone_tells_why_nothing_was_heard_in_it() -> None:
    text = APART + added("a", A) + heard("ann", "a", A) + added("b", B)
    other = text.replace("oda in", "eve opened e1\noda in") + "eve closed service\n"
    told = messages("similar-ids-do-not-mix", text + "oda closed service\n")
    assert [one for one in told if "was ended by the service" in one]
    assert not [one for one in messages("similar-ids-do-not-mix", other) if "was ended" in one]
    assert not [one for one in messages("similar-ids-do-not-mix", text + "oda closed us\n") if "was ended" in one]
    assert not [one for one in messages("similar-ids-do-not-mix", text + "ann closed service\n") if "was ended" in one]


def test_what_a_stranger_heard_of_a_room_was_not_heard_in_it() -> None:
    served = "".join(
        f'@{at_s} oda -> who {{"room": "r-9"}} #{at_s}\noda <= who #{at_s} {WHO.replace("r1", "r-9")}\n'
        for at_s in (20, 21)
    )
    text = APART + "eve opened e1\n" + added("a", A) + heard("ann", "a", A) + added("b", B)
    assert outcomes("similar-ids-do-not-mix", text + served) == ["pass", "fail"]
    assert outcomes("similar-ids-do-not-mix", text + heard("eve", "b", B) + served) == ["pass", "fail"]
    assert outcomes("similar-ids-do-not-mix", text + heard("oda", "b", B) + served) == ["pass", "inconclusive"]
